-- How large is the digital economy: value added of its core industries and of all of it, their share of GDP, the GDP
-- that this share implies (within both prints), revenue, sales and firms.
--
-- The value added and the GDP that are held against a printed share are those that were known when it was printed.
{% set picks = {
    'core_value_added': "indicator = 'digital_core_value_added'",
    'core_share_of_gdp': "indicator = 'digital_core_value_added_share_of_gdp'",
    'value_added': "indicator = 'digital_economy_value_added'",
    'share_of_gdp': "indicator = 'digital_economy_share_of_gdp'",
    'core_revenue': "indicator = 'digital_core_revenue'",
    'online_retail_sales': "indicator = 'online_retail_sales'",
    'firms_over_100bn_yuan': "indicator = 'digital_firms' and firm_kind = 'revenue_100bn'",
    'firms_over_10bn_yuan': "indicator = 'digital_firms' and firm_kind = 'revenue_10bn'",
    'listed_firms': "indicator = 'digital_firms' and firm_kind = 'listed'"
} %}
{% set gdp = "figures.indicator = 'gdp' and figures.industry = 'all'" %}
with picked as (
    select
        ref_area,
        time_period,
        {{ one_figure_each(picks) }}
    from {{ ref('fct_digital_economy') }}
    where is_current and time_basis not in ('target', 'change')
    group by ref_area, time_period
),

value_added_with_share as (
    {{ known_with('core_share_of_gdp', ref('fct_digital_economy'), picks['core_value_added']) }}
),

gdp_with_core_share as (
    {{ known_with('core_share_of_gdp', ref('fct_economy'), gdp) }}
),

gdp_with_share as (
    {{ known_with('share_of_gdp', ref('fct_economy'), gdp) }}
),

figures as (
    select
        picked.*,
        value_added_with_share.figure as value_added_with_share,
        coalesce(gdp_with_core_share.figure, gdp_with_share.figure) as printed_gdp
    from picked
    left join value_added_with_share
        on
            picked.ref_area = value_added_with_share.ref_area
            and picked.time_period = value_added_with_share.time_period
    left join gdp_with_core_share
        on picked.ref_area = gdp_with_core_share.ref_area and picked.time_period = gdp_with_core_share.time_period
    left join gdp_with_share
        on picked.ref_area = gdp_with_share.ref_area and picked.time_period = gdp_with_share.time_period
)

select
    figures.ref_area,
    areas.name_zh as area_name_zh,
    areas.name_en as area_name_en,
    figures.time_period,
    {{ printed_columns(picks) }},
    {{ quotient_columns('implied_gdp', 'value_added_with_share', 'core_share_of_gdp', 100, 'decimal(38, 0)') }},
    {{ printed_columns(['printed_gdp']) }},
    printed_gdp.known_from as printed_gdp_known_from,
    {{ standing_on(
        (picks.keys() | list) + ['printed_gdp'], also=['value_added_with_share'], units={'implied_gdp': 'yuan'}
    ) }}
from figures
inner join {{ ref('latest_areas') }} as areas
    on figures.ref_area = areas.ref_area
where coalesce({{ picks.keys() | join(', ') }}) is not null
