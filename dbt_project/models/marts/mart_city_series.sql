-- How have the cities of a province gone on, year by year: incomes in town and country, product per head, and how far
-- is the richest from the poorest?
--
-- Only the integrated survey from 2013 on: what the old surveys printed are other indicators. Product per head is by
-- residents; what was printed by registered population is another indicator too.
{% set picks = {
    'urban': "indicator = 'income_disposable_per_capita' and residence = 'urban'",
    'rural': "indicator = 'income_disposable_per_capita' and residence = 'rural'",
    'gdp_per_capita': "indicator = 'gdp_per_capita'"
} %}
with figures as (
    select *
    from {{ ref('fct_income') }}
    where indicator = 'income_disposable_per_capita' and component = 'total' and income_group = 'all'
    union all by name
    select
        *,
        'all' as residence
    from {{ ref('fct_economy') }}
    where indicator = 'gdp_per_capita' and industry = 'all'
),

cities as (
    select
        figures.ref_area,
        figures.time_period,
        any_value(areas.name_zh) as area_name_zh,
        any_value(areas.name_en) as area_name_en,
        any_value(areas.parent) as province,
        {{ one_figure_each(picks) }}
    from figures
    inner join {{ ref('latest_areas') }} as areas
        on figures.ref_area = areas.ref_area
    where
        areas.area_level = 'city'
        and figures.freq = 'A'
        and figures.time_basis = 'flow'
        and figures.qualifier in ('exact', 'about')
        and figures.is_current
    group by figures.ref_area, figures.time_period
),

beside as (
    select
        province,
        time_period,
        count(urban) as urban_cities,
        arg_max(urban, urban.value) as urban_richest,
        arg_min(urban, urban.value) as urban_poorest,
        count(gdp_per_capita) as gdp_cities,
        arg_max(gdp_per_capita, gdp_per_capita.value) as gdp_richest,
        arg_min(gdp_per_capita, gdp_per_capita.value) as gdp_poorest
    from cities
    group by province, time_period
)

select
    cities.ref_area,
    cities.area_name_zh,
    cities.area_name_en,
    cities.province,
    cities.time_period,
    {{ printed_columns(picks) }},
    {{ quotient_columns('urban_rural_ratio', 'urban', 'rural', 1, 'decimal(9, 4)') }},
    {{ quotient_columns('urban_richest_over_poorest', 'urban_richest', 'urban_poorest', 1, 'decimal(9, 4)') }},
    {{ quotient_columns('gdp_richest_over_poorest', 'gdp_richest', 'gdp_poorest', 1, 'decimal(9, 4)') }},
    beside.urban_cities,
    beside.gdp_cities,
    {{ standing_on(
        picks,
        also=['urban_richest', 'urban_poorest', 'gdp_richest', 'gdp_poorest'],
        units={
            'urban_rural_ratio': 'ratio', 'urban_richest_over_poorest': 'ratio', 'gdp_richest_over_poorest': 'ratio'
        }
    ) }}
from cities
inner join beside
    on cities.province = beside.province and cities.time_period = beside.time_period
