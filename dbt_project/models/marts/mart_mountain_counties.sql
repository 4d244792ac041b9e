-- Do incomes in the mountain counties grow faster than the province's? In percentage points, by kind of income, for
-- the group and for each county that a growth rate was printed for. The group is named by the seed mart_subjects; the
-- province is the place that the group lies in.
--
-- Membership has dates: the list as it was first fixed, and as it stood at the end of the period.
with subject as (
    select
        areas.ref_area as area_group,
        areas.parent as province
    from {{ ref('mart_subjects') }} as subjects
    inner join {{ ref('latest_areas') }} as areas
        on subjects.ref_area = areas.ref_area
    where subjects.mart = 'mart_mountain_counties'
),

members as (
    select
        area_groups.area_group,
        area_groups.ref_area,
        areas.name_zh,
        area_groups.valid_from,
        area_groups.valid_to
    from {{ ref('area_groups') }} as area_groups
    inner join subject
        on area_groups.area_group = subject.area_group
    inner join {{ ref('latest_areas') }} as areas
        on area_groups.ref_area = areas.ref_area
),

growth as (
    select
        ref_area,
        time_period,
        residence,
        {{ whole_figure() }} as figure
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
        subject.area_group,
        figures.ref_area,
        figures.time_period,
        figures.period_end,
        figures.residence,
        figures.obs_value as growth_gap_points,
        figures.qualifier as growth_gap_points_qualifier,
        figures.obs_value_low as growth_gap_points_low,
        figures.obs_value_high as growth_gap_points_high,
        'printed' as origin,
        [figures.figure_id] as figure_ids,
        figures.confidence as lowest_confidence
    from {{ ref('fct_income') }} as figures
    inner join subject
        on figures.ref_area = subject.area_group
    where figures.indicator = 'income_growth_gap_to_province' and figures.is_current
),

derived_gaps as (
    select
        subject.area_group,
        counties.ref_area,
        counties.time_period,
        counties.figure.period_end,
        counties.residence,
        case
            when counties.figure.qualifier in ('exact', 'about') and provinces.figure.qualifier in ('exact', 'about')
                then cast(counties.figure.value - provinces.figure.value as decimal(38, 6))
        end as growth_gap_points,
        cast(null as varchar) as growth_gap_points_qualifier,
        cast(counties.figure.low - provinces.figure.high as decimal(38, 7)) as growth_gap_points_low,
        cast(counties.figure.high - provinces.figure.low as decimal(38, 7)) as growth_gap_points_high,
        'derived' as origin,
        list_sort([counties.figure.figure_id, provinces.figure.figure_id]) as figure_ids,
        greatest(counties.figure.confidence, provinces.figure.confidence) as lowest_confidence
    from subject
    inner join growth as provinces
        on subject.province = provinces.ref_area
    inner join growth as counties
        on provinces.time_period = counties.time_period and provinces.residence = counties.residence
    where
        counties.ref_area in (
            select members.ref_area
            from members
            where members.area_group = subject.area_group
        )
),

gaps as (
    select * from printed_gaps
    union all by name
    select * from derived_gaps
),

as_fixed as (
    select
        area_group,
        cast(count(*) as integer) as members_as_fixed,
        string_agg(name_zh, '、' order by ref_area) as members_as_fixed_zh
    from (
        select *
        from members
        qualify valid_from = min(valid_from) over (partition by area_group)
    ) as first_members
    group by area_group
),

periods as (
    select distinct
        area_group,
        period_end
    from gaps
),

as_of_period as (
    select
        periods.area_group,
        periods.period_end,
        cast(count(*) as integer) as members_at_period_end,
        string_agg(members.name_zh, '、' order by members.ref_area) as members_at_period_end_zh
    from periods
    inner join members
        on
            periods.area_group = members.area_group
            and periods.period_end >= members.valid_from
            and periods.period_end < coalesce(members.valid_to, date '9999-12-31')
    group by periods.area_group, periods.period_end
)

select
    gaps.ref_area,
    areas.name_zh as area_name_zh,
    areas.name_en as area_name_en,
    gaps.time_period,
    gaps.residence,
    gaps.growth_gap_points,
    gaps.growth_gap_points_qualifier,
    gaps.growth_gap_points_low,
    gaps.growth_gap_points_high,
    'percentage_point' as unit_measure,
    gaps.origin,
    as_fixed.members_as_fixed,
    as_fixed.members_as_fixed_zh,
    as_of_period.members_at_period_end,
    as_of_period.members_at_period_end_zh,
    gaps.figure_ids,
    gaps.lowest_confidence
from gaps
inner join as_fixed
    on gaps.area_group = as_fixed.area_group
left join as_of_period
    on gaps.area_group = as_of_period.area_group and gaps.period_end = as_of_period.period_end
inner join {{ ref('areas') }} as areas
    on
        gaps.ref_area = areas.ref_area
        and gaps.period_end >= coalesce(areas.valid_from, date '0001-01-01')
        and gaps.period_end < coalesce(areas.valid_to, date '9999-12-31')
