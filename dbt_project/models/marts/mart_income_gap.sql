-- How far apart are incomes: urban from rural, a place from its province and the nation, the cities from each other?
--
-- Open prints (突破7万元) are left out: nothing can be compared with them. What is computed is computed from the figures
-- that stand today.
{% set picks = {
    'all_residents': "indicator = 'income_disposable_per_capita' and residence = 'all'",
    'urban': "indicator = 'income_disposable_per_capita' and residence = 'urban'",
    'rural': "indicator = 'income_disposable_per_capita' and residence = 'rural'",
    'printed_urban_rural_ratio': "indicator = 'income_urban_rural_ratio'"
} %}
with picked as (
    select
        ref_area,
        time_period,
        {{ one_figure_each(picks) }}
    from {{ ref('fct_income') }}
    where
        component = 'total'
        and income_group = 'all'
        and freq = 'A'
        and is_current
        and (
            (indicator = 'income_disposable_per_capita' and time_basis = 'flow' and qualifier in ('exact', 'about'))
            or (indicator = 'income_urban_rural_ratio' and time_basis in ('flow', 'stock'))
        )
    group by ref_area, time_period
),

-- a join on keys alone, worked out before, stays a hash join over millions of places
keyed as (
    select
        picked.*,
        areas.name_zh as area_name_zh,
        areas.name_en as area_name_en,
        areas.area_level,
        case when areas.area_level not in ('province', 'nation') then left(picked.ref_area, 2) || '0000' end
            as province,
        case when areas.area_level <> 'nation' then nations.ref_area end as nation
    from picked
    inner join {{ ref('latest_areas') }} as areas
        on picked.ref_area = areas.ref_area
    left join {{ ref('latest_areas') }} as nations
        on nations.area_level = 'nation'
),

compared as (
    select
        keyed.*,
        provinces.all_residents as of_province,
        nations.all_residents as of_nation,
        keyed.area_level = 'city' and keyed.all_residents is not null as is_ranked
    from keyed
    left join picked as provinces
        on keyed.province = provinces.ref_area and keyed.time_period = provinces.time_period
    left join picked as nations
        on keyed.nation = nations.ref_area and keyed.time_period = nations.time_period
),

ranked as (
    select
        *,
        case
            when is_ranked
                then
                    rank() over (
                        partition by time_period, left(ref_area, 2), is_ranked order by all_residents.value desc
                    )
        end as rank_among_cities,
        case when is_ranked then count(*) over (partition by time_period, left(ref_area, 2), is_ranked) end
            as cities_ranked
    from compared
)

select
    ref_area,
    area_name_zh,
    area_name_en,
    area_level,
    time_period,
    {{ printed_columns(picks) }},
    {{ quotient_columns('urban_rural_ratio', 'urban', 'rural', 1, 'decimal(9, 4)') }},
    {{ quotient_columns('all_residents_over_province', 'all_residents', 'of_province', 1, 'decimal(9, 4)') }},
    {{ quotient_columns('all_residents_over_nation', 'all_residents', 'of_nation', 1, 'decimal(9, 4)') }},
    rank_among_cities,
    cities_ranked,
    {{ standing_on(picks, also=['of_province', 'of_nation'], units={
        'urban_rural_ratio': 'ratio', 'all_residents_over_province': 'ratio', 'all_residents_over_nation': 'ratio'
    }) }}
from ranked
