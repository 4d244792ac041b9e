-- How many skilled workers are there, how many of them highly skilled, what share of all employed, and how many were
-- trained? Computed within the prints: the share of the highly skilled, and the employed whom the stock over its
-- printed share implies. Figures are combined as they were known together.
{% set picks = {
    'skilled_workers': "indicator = 'skilled_workers' and skill_level = 'all'",
    'high_skilled_workers': "indicator = 'skilled_workers' and skill_level = 'high'",
    'printed_high_skilled_share': "indicator = 'high_skilled_share_of_skilled'",
    'printed_share_of_employed': "indicator = 'skilled_workers_share_of_employed'",
    'new_skilled_workers': "indicator = 'skilled_workers_new' and skill_level = 'all'",
    'new_high_skilled_workers': "indicator = 'skilled_workers_new' and skill_level = 'high'",
    'training_person_times': "indicator = 'vocational_training'"
} %}
with picked as (
    select
        ref_area,
        time_period,
        {{ one_figure_each(picks) }}
    from {{ ref('fct_skills') }}
    where is_current and time_basis <> 'target'
    group by ref_area, time_period
),

stock_with_high as (
    {{ known_with('high_skilled_workers', ref('fct_skills'), picks['skilled_workers']) }}
),

stock_with_share as (
    {{ known_with('printed_share_of_employed', ref('fct_skills'), picks['skilled_workers']) }}
),

figures as (
    select
        picked.*,
        stock_with_high.figure as stock_with_high,
        stock_with_share.figure as stock_with_share
    from picked
    left join stock_with_high
        on picked.ref_area = stock_with_high.ref_area and picked.time_period = stock_with_high.time_period
    left join stock_with_share
        on picked.ref_area = stock_with_share.ref_area and picked.time_period = stock_with_share.time_period
    where
        coalesce(
            skilled_workers, high_skilled_workers, printed_high_skilled_share, printed_share_of_employed,
            new_skilled_workers, training_person_times
        ) is not null
)

select
    figures.ref_area,
    areas.name_zh as area_name_zh,
    areas.name_en as area_name_en,
    figures.time_period,
    {{ printed_columns(picks) }},
    {{ quotient_columns('high_skilled_share', 'high_skilled_workers', 'stock_with_high', 100, 'decimal(9, 4)') }},
    {{ quotient_columns('implied_employed', 'stock_with_share', 'printed_share_of_employed', 100, 'decimal(38, 0)') }},
    {{ standing_on(
        picks, also=['stock_with_high', 'stock_with_share'],
        units={'high_skilled_share': 'percent', 'implied_employed': 'person'}
    ) }}
from figures
inner join {{ ref('latest_areas') }} as areas
    on figures.ref_area = areas.ref_area
