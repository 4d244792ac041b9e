-- What is there: for each indicator, level of places and year, how many places have a figure, of how many that there
-- were, and from how many publications?
with places as (
    select
        observations.indicator,
        observations.time_period,
        areas.area_level,
        case when areas.area_level in ('city', 'county') then left(observations.ref_area, 2) || '0000' end as province,
        max(observations.period_end) as period_end,
        count(distinct observations.ref_area) as places,
        count(distinct observations.source_id) as publications,
        count(*) as figures,
        list_sort(list(observations.figure_id)) as figure_ids,
        max(observations.confidence) as lowest_confidence
    from {{ ref('observations') }} as observations
    inner join {{ ref('latest_areas') }} as areas
        on observations.ref_area = areas.ref_area
    where observations.freq = 'A' and observations.time_basis <> 'target' and observations.indicator is not null
    group by all
),

days as (
    select distinct
        area_level,
        province,
        period_end
    from places
),

there as (
    select
        days.area_level,
        days.province,
        days.period_end,
        count(distinct areas.ref_area) as places_there
    from days
    inner join {{ ref('areas') }} as areas
        on
            days.area_level = areas.area_level
            and (days.province is null or days.province = left(areas.ref_area, 2) || '0000')
            and coalesce(days.period_end >= areas.valid_from, true)
            and coalesce(days.period_end < areas.valid_to, true)
    group by all
)

select
    places.indicator,
    places.area_level,
    places.province,
    places.time_period,
    places.places,
    there.places_there,
    places.publications,
    places.figures,
    indicators.unit_measure,
    places.figure_ids,
    places.lowest_confidence
from places
inner join {{ ref('indicators') }} as indicators
    on places.indicator = indicators.indicator
inner join there
    on
        places.area_level = there.area_level
        and places.province is not distinct from there.province
        and places.period_end = there.period_end
