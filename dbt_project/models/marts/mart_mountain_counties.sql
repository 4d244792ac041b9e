-- Do incomes in the mountain counties grow faster than the province's? In percentage points, by kind of income, for
-- the group and for each county that a growth rate was printed for.
--
-- Membership has dates: the list as it was fixed in 2021, and as it stood at the end of the period.
with growth as (
    select
        ref_area,
        time_period,
        period_end,
        residence,
        obs_value
    from {{ ref('fct_income') }}
    where
        indicator = 'income_disposable_per_capita_growth'
        and component = 'total'
        and income_group = 'all'
        and price in ('nominal', 'not_stated')
        and freq = 'A'
        and is_current
    qualify row_number() over (partition by ref_area, time_period, residence order by price) = 1
),

printed_gaps as (
    select
        ref_area,
        time_period,
        period_end,
        residence,
        obs_value as growth_gap_points,
        obs_value_low as growth_gap_points_low,
        obs_value_high as growth_gap_points_high,
        figure_id,
        'printed' as origin
    from {{ ref('fct_income') }}
    where indicator = 'income_growth_gap_to_province' and ref_area = 'ZJ_MOUNTAIN_COUNTIES' and is_current
),

derived_gaps as (
    select
        counties.ref_area,
        counties.time_period,
        counties.period_end,
        counties.residence,
        cast(counties.obs_value - province.obs_value as decimal(38, 6)) as growth_gap_points,
        cast(null as decimal(38, 7)) as growth_gap_points_low,
        cast(null as decimal(38, 7)) as growth_gap_points_high,
        cast(null as varchar) as figure_id,
        'derived' as origin
    from growth as counties
    inner join growth as province
        on
            province.ref_area = '330000'
            and counties.time_period = province.time_period
            and counties.residence = province.residence
    where counties.ref_area in (
        select ref_area from {{ ref('area_groups') }}
        where area_group = 'ZJ_MOUNTAIN_COUNTIES'
    )
),

gaps as (
    select * from printed_gaps
    union all by name
    select * from derived_gaps
),

members as (
    select
        area_groups.ref_area,
        areas.name_zh,
        area_groups.valid_from,
        area_groups.valid_to
    from {{ ref('area_groups') }} as area_groups
    inner join {{ ref('latest_areas') }} as areas
        on area_groups.ref_area = areas.ref_area
    where area_groups.area_group = 'ZJ_MOUNTAIN_COUNTIES'
),

as_fixed as (
    select
        cast(count(*) as integer) as members_as_fixed,
        string_agg(name_zh, '、' order by ref_area) as members_as_fixed_zh
    from members
    where valid_from = date '2021-01-01'
),

as_of_period as (
    select
        periods.period_end,
        cast(count(*) as integer) as members_at_period_end,
        string_agg(members.name_zh, '、' order by members.ref_area) as members_at_period_end_zh
    from (select distinct period_end from gaps) as periods
    inner join members
        on
            periods.period_end >= members.valid_from
            and periods.period_end < coalesce(members.valid_to, date '9999-12-31')
    group by periods.period_end
)

select
    gaps.ref_area,
    areas.name_zh as area_name_zh,
    areas.name_en as area_name_en,
    gaps.time_period,
    gaps.residence,
    gaps.growth_gap_points,
    gaps.growth_gap_points_low,
    gaps.growth_gap_points_high,
    gaps.origin,
    gaps.figure_id,
    as_fixed.members_as_fixed,
    as_fixed.members_as_fixed_zh,
    as_of_period.members_at_period_end,
    as_of_period.members_at_period_end_zh
from gaps
cross join as_fixed
left join as_of_period
    on gaps.period_end = as_of_period.period_end
inner join {{ ref('areas') }} as areas
    on
        gaps.ref_area = areas.ref_area
        and gaps.period_end >= coalesce(areas.valid_from, date '0001-01-01')
        and gaps.period_end < coalesce(areas.valid_to, date '9999-12-31')
