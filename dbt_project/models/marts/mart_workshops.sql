-- Whom do the common-prosperity workshops employ, and what do they gain? By group of workers. Groups overlap (a woman
-- may live in a low-income household): their rows must not be added up.
with figures as (
    select
        ref_area,
        time_period,
        worker_group,
        max(case when indicator = 'workshops' then obs_value end) as workshops,
        max(case when indicator = 'workshop_jobs' then obs_value end) as jobs,
        max(case when indicator = 'workshop_monthly_gain' then obs_value end) as monthly_gain,
        max(case when indicator = 'workshop_yearly_gain_total' then obs_value end) as printed_yearly_gain
    from {{ ref('fct_workshops') }}
    where is_current and time_basis <> 'target'
    group by ref_area, time_period, worker_group
)

select
    figures.ref_area,
    areas.name_zh as area_name_zh,
    areas.name_en as area_name_en,
    figures.time_period,
    figures.worker_group,
    coalesce(codes.name_zh, '全部') as worker_group_zh,
    coalesce(codes.name_en, 'All') as worker_group_en,
    figures.workshops,
    figures.jobs,
    figures.monthly_gain,
    cast(figures.jobs * figures.monthly_gain * 12 as decimal(38, 0)) as implied_yearly_gain,
    figures.printed_yearly_gain
from figures
inner join {{ ref('latest_areas') }} as areas
    on figures.ref_area = areas.ref_area
left join {{ ref('breakdown_codes') }} as codes
    on codes.dimension = 'worker_group' and figures.worker_group = codes.code
where coalesce(figures.workshops, figures.jobs, figures.monthly_gain) is not null
