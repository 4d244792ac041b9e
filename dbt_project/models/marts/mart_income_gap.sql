-- How far apart are incomes: urban from rural, a place from its province and the nation, the cities from each other?
with incomes as (
    select
        ref_area,
        time_period,
        max(case when residence = 'all' then obs_value end) as all_residents,
        max(case when residence = 'urban' then obs_value end) as urban,
        max(case when residence = 'rural' then obs_value end) as rural
    from {{ ref('fct_income') }}
    where
        indicator = 'income_disposable_per_capita'
        and component = 'total'
        and income_group = 'all'
        and freq = 'A'
        and time_basis = 'flow'
        and qualifier in ('exact', 'about')
        and is_current
    group by ref_area, time_period
),

printed_ratios as (
    select
        ref_area,
        time_period,
        obs_value as printed_urban_rural_ratio
    from {{ ref('fct_income') }}
    where
        indicator = 'income_urban_rural_ratio'
        and time_basis in ('flow', 'stock')
        and freq = 'A'
        and is_current
),

placed as (
    select
        coalesce(incomes.ref_area, printed_ratios.ref_area) as ref_area,
        coalesce(incomes.time_period, printed_ratios.time_period) as time_period,
        incomes.all_residents,
        incomes.urban,
        incomes.rural,
        printed_ratios.printed_urban_rural_ratio
    from incomes
    full outer join printed_ratios
        on incomes.ref_area = printed_ratios.ref_area and incomes.time_period = printed_ratios.time_period
),

-- a join on keys alone, worked out before, stays a hash join over millions of places
keyed as (
    select
        placed.*,
        areas.name_zh as area_name_zh,
        areas.name_en as area_name_en,
        areas.area_level,
        case when areas.area_level not in ('province', 'nation') then left(placed.ref_area, 2) || '0000' end as province,
        case when areas.area_level <> 'nation' then '000000' end as nation
    from placed
    inner join {{ ref('latest_areas') }} as areas
        on placed.ref_area = areas.ref_area
),

compared as (
    select
        keyed.*,
        provinces.all_residents as province_all_residents,
        nations.all_residents as nation_all_residents,
        keyed.area_level = 'city' and keyed.all_residents is not null as is_ranked
    from keyed
    left join placed as provinces
        on keyed.province = provinces.ref_area and keyed.time_period = provinces.time_period
    left join placed as nations
        on keyed.nation = nations.ref_area and keyed.time_period = nations.time_period
),

ranked as (
    select
        *,
        case
            when is_ranked then
                rank() over (partition by time_period, left(ref_area, 2), is_ranked order by all_residents desc)
        end as rank_among_cities,
        case when is_ranked then count(*) over (partition by time_period, left(ref_area, 2), is_ranked) end as cities_ranked,
        max(case when is_ranked then all_residents end) over (partition by time_period, left(ref_area, 2)) as highest_city,
        min(case when is_ranked then all_residents end) over (partition by time_period, left(ref_area, 2)) as lowest_city,
        sum(case when is_ranked then 1 else 0 end) over (partition by time_period, left(ref_area, 2)) as cities_known
    from compared
)

select
    ref_area,
    area_name_zh,
    area_name_en,
    area_level,
    time_period,
    all_residents,
    urban,
    rural,
    cast(urban / rural as decimal(9, 4)) as urban_rural_ratio,
    printed_urban_rural_ratio,
    cast(all_residents / province_all_residents as decimal(9, 4)) as ratio_to_province,
    cast(all_residents / nation_all_residents as decimal(9, 4)) as ratio_to_nation,
    rank_among_cities,
    cities_ranked,
    -- of the eleven cities, and only where all eleven are known
    case when cities_known = 11 and ref_area = '330000' then cast(highest_city / lowest_city as decimal(9, 4)) end
        as cities_max_min_ratio
from ranked
