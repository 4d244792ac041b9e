-- What do people of each county earn, in town and in the country, and where does the county stand among the counties of
-- its province, against its city and its province?
--
-- The membership of the mountain counties is given by both lists: as first fixed, and at the end of the period. The
-- residents of the county are there to weight by; null where nobody printed them.
with incomes as (
    select
        ref_area,
        time_period,
        max(figure.period_end) as period_end,
        any_value(figure) filter (where residence = 'urban') as urban,
        any_value(figure) filter (where residence = 'rural') as rural
    from {{ ref('int_incomes') }}
    group by ref_area, time_period
),

mountain as (
    select
        area_groups.ref_area,
        area_groups.valid_from,
        area_groups.valid_to,
        min(area_groups.valid_from) over (partition by area_groups.area_group) as fixed_on
    from {{ ref('area_groups') }} as area_groups
    inner join {{ ref('mart_subjects') }} as subjects
        on area_groups.area_group = subjects.ref_area
    where subjects.mart = 'mart_mountain_counties'
),

counties as (
    select
        incomes.*,
        areas.name_zh as area_name_zh,
        areas.name_en as area_name_en,
        areas.parent as city,
        residents.figure as population,
        in_city.urban as urban_of_city,
        in_city.rural as rural_of_city,
        in_province.urban as urban_of_province,
        in_province.rural as rural_of_province,
        left(incomes.ref_area, 2) as province_code
    from incomes
    inner join {{ ref('latest_areas') }} as areas
        on incomes.ref_area = areas.ref_area
    left join {{ ref('int_residents') }} as residents
        on incomes.ref_area = residents.ref_area and incomes.time_period = residents.time_period
    left join incomes as in_city
        on areas.parent = in_city.ref_area and incomes.time_period = in_city.time_period
    left join incomes as in_province
        on
            left(incomes.ref_area, 2) || '0000' = in_province.ref_area
            and incomes.time_period = in_province.time_period
    where areas.area_level = 'county' and (incomes.urban is not null or incomes.rural is not null)
)

select
    counties.ref_area,
    counties.area_name_zh,
    counties.area_name_en,
    counties.city,
    counties.time_period,
    {{ printed_columns(['urban', 'rural', 'population']) }},
    {{ quotient_columns('urban_rural_ratio', 'urban', 'rural', 1, 'decimal(9, 4)') }},
    {{ quotient_columns('urban_over_city', 'urban', 'urban_of_city', 1, 'decimal(9, 4)') }},
    {{ quotient_columns('rural_over_city', 'rural', 'rural_of_city', 1, 'decimal(9, 4)') }},
    {{ quotient_columns('urban_over_province', 'urban', 'urban_of_province', 1, 'decimal(9, 4)') }},
    {{ quotient_columns('rural_over_province', 'rural', 'rural_of_province', 1, 'decimal(9, 4)') }},
    case
        when counties.urban is not null
            then
                rank() over (
                    partition by counties.time_period, counties.province_code
                    order by counties.urban.value desc nulls last
                )
    end as urban_rank,
    count(counties.urban) over (partition by counties.time_period, counties.province_code) as urban_ranked,
    case
        when counties.rural is not null
            then
                rank() over (
                    partition by counties.time_period, counties.province_code
                    order by counties.rural.value desc nulls last
                )
    end as rural_rank,
    count(counties.rural) over (partition by counties.time_period, counties.province_code) as rural_ranked,
    exists(
        select 1 from mountain
        where mountain.ref_area = counties.ref_area and mountain.valid_from = mountain.fixed_on
    ) as is_mountain_as_fixed,
    exists(
        select 1 from mountain
        where
            mountain.ref_area = counties.ref_area
            and mountain.valid_from <= counties.period_end
            and coalesce(mountain.valid_to > counties.period_end, true)
    ) as is_mountain_at_period_end,
    {{ standing_on(
        ['urban', 'rural', 'population'],
        also=['urban_of_city', 'rural_of_city', 'urban_of_province', 'rural_of_province'],
        units={
            'urban_rural_ratio': 'ratio', 'urban_over_city': 'ratio', 'rural_over_city': 'ratio',
            'urban_over_province': 'ratio', 'rural_over_province': 'ratio'
        }
    ) }}
from counties
