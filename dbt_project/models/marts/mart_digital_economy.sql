-- How large is the digital economy: value added of its core industries and of all of it, their share of GDP, the GDP
-- that this share implies (within both prints), revenue, sales and firms.
with figures as (
    select
        ref_area,
        freq,
        time_period,
        time_basis,
        max(case when indicator = 'digital_core_value_added' then obs_value end) as core_value_added,
        max(case when indicator = 'digital_core_value_added' then obs_value_low end) as core_value_added_low,
        max(case when indicator = 'digital_core_value_added' then obs_value_high end) as core_value_added_high,
        max(case when indicator = 'digital_core_value_added_share_of_gdp' then obs_value end) as core_share_of_gdp,
        max(case when indicator = 'digital_core_value_added_share_of_gdp' then obs_value_low end)
            as core_share_of_gdp_low,
        max(case when indicator = 'digital_core_value_added_share_of_gdp' then obs_value_high end)
            as core_share_of_gdp_high,
        max(case when indicator = 'digital_economy_value_added' then obs_value end) as value_added,
        max(case when indicator = 'digital_economy_share_of_gdp' then obs_value end) as share_of_gdp,
        max(case when indicator = 'digital_core_revenue' and qualifier = 'exact' then obs_value end) as core_revenue,
        max(case when indicator = 'online_retail_sales' then obs_value end) as online_retail_sales,
        max(case when indicator = 'digital_firms' and firm_kind = 'revenue_100bn' then obs_value end)
            as firms_over_100bn_yuan,
        max(case when indicator = 'digital_firms' and firm_kind = 'revenue_10bn' then obs_value end)
            as firms_over_10bn_yuan,
        max(case when indicator = 'digital_firms' and firm_kind = 'listed' then obs_value end) as listed_firms
    from {{ ref('fct_digital_economy') }}
    where is_current and time_basis not in ('target', 'change')
    group by ref_area, freq, time_period, time_basis
),

-- shares and counts stand on another time basis than flows: one row per place and period
joined as (
    select
        ref_area,
        time_period,
        max(core_value_added) as core_value_added,
        max(core_value_added_low) as core_value_added_low,
        max(core_value_added_high) as core_value_added_high,
        max(core_share_of_gdp) as core_share_of_gdp,
        max(core_share_of_gdp_low) as core_share_of_gdp_low,
        max(core_share_of_gdp_high) as core_share_of_gdp_high,
        max(value_added) as value_added,
        max(share_of_gdp) as share_of_gdp,
        max(core_revenue) as core_revenue,
        max(online_retail_sales) as online_retail_sales,
        max(firms_over_100bn_yuan) as firms_over_100bn_yuan,
        max(firms_over_10bn_yuan) as firms_over_10bn_yuan,
        max(listed_firms) as listed_firms
    from figures
    group by ref_area, time_period
),

gdp as (
    select
        ref_area,
        time_period,
        obs_value
    from {{ ref('fct_economy') }}
    where indicator = 'gdp' and industry = 'all' and time_basis in ('flow', 'year_to_date') and is_current
)

select
    joined.ref_area,
    areas.name_zh as area_name_zh,
    areas.name_en as area_name_en,
    joined.time_period,
    joined.core_value_added,
    joined.core_share_of_gdp,
    cast(joined.core_value_added / joined.core_share_of_gdp * 100 as decimal(38, 0)) as implied_gdp,
    cast(joined.core_value_added_low / joined.core_share_of_gdp_high * 100 as decimal(38, 0)) as implied_gdp_low,
    cast(joined.core_value_added_high / joined.core_share_of_gdp_low * 100 as decimal(38, 0)) as implied_gdp_high,
    gdp.obs_value as printed_gdp,
    joined.value_added,
    joined.share_of_gdp,
    joined.core_revenue,
    joined.online_retail_sales,
    joined.firms_over_100bn_yuan,
    joined.firms_over_10bn_yuan,
    joined.listed_firms
from joined
inner join {{ ref('latest_areas') }} as areas
    on joined.ref_area = areas.ref_area
left join gdp
    on joined.ref_area = gdp.ref_area and joined.time_period = gdp.time_period
