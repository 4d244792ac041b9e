-- Whom do the common-prosperity workshops employ, and what do they gain? By group of workers. Groups overlap (a woman
-- may live in a low-income household): their rows must not be added up.
{% set keys = ['ref_area', 'time_period', 'worker_group'] %}
{% set picks = {
    'workshops': "indicator = 'workshops'",
    'jobs': "indicator = 'workshop_jobs'",
    'monthly_gain': "indicator = 'workshop_monthly_gain'",
    'printed_yearly_gain': "indicator = 'workshop_yearly_gain_total'"
} %}
with picked as (
    select
        ref_area,
        time_period,
        worker_group,
        {{ one_figure_each(picks) }}
    from {{ ref('fct_workshops') }}
    where is_current and time_basis <> 'target'
    group by ref_area, time_period, worker_group
),

jobs_with_gain as (
    {{ known_with('monthly_gain', ref('fct_workshops'), picks['jobs'], keys) }}
),

figures as (
    select
        picked.*,
        jobs_with_gain.figure as jobs_with_gain
    from picked
    left join jobs_with_gain
        on
            picked.ref_area = jobs_with_gain.ref_area
            and picked.time_period = jobs_with_gain.time_period
            and picked.worker_group = jobs_with_gain.worker_group
    where coalesce(picked.workshops, picked.jobs, picked.monthly_gain) is not null
)

select
    figures.ref_area,
    areas.name_zh as area_name_zh,
    areas.name_en as area_name_en,
    figures.time_period,
    figures.worker_group,
    coalesce(codes.name_zh, '全部') as worker_group_zh,
    coalesce(codes.name_en, 'All') as worker_group_en,
    {{ printed_columns(picks) }},
    {{ derived_columns(
        'implied_yearly_gain', ['jobs_with_gain', 'monthly_gain'],
        'jobs_with_gain.value * monthly_gain.value * 12',
        'cast(jobs_with_gain.low as double) * monthly_gain.low * 12',
        'cast(jobs_with_gain.high as double) * monthly_gain.high * 12',
        'decimal(38, 0)'
    ) }},
    {{ standing_on(picks, also=['jobs_with_gain'], units={'implied_yearly_gain': 'yuan'}) }}
from figures
inner join {{ ref('latest_areas') }} as areas
    on figures.ref_area = areas.ref_area
left join {{ ref('breakdown_codes') }} as codes
    on codes.dimension = 'worker_group' and figures.worker_group = codes.code
