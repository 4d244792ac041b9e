-- A change over a period in which the place's territory changed compares two places: the same code, other land.
{{ config(meta={'dagster': {'ref': {'name': 'observations'}}}) }}
select
    observations.figure_id,
    observations.ref_area,
    observations.base_period,
    observations.time_period,
    areas.valid_from as territory_since
from {{ ref('observations') }} as observations
inner join {{ ref('areas') }} as areas
    on
        observations.ref_area = areas.ref_area
        and areas.valid_from > cast(left(observations.base_period, 4) || '-12-31' as date)
        and areas.valid_from <= observations.period_end
        and exists (
            select 1
            from {{ ref('areas') }} as earlier
            where
                earlier.ref_area = areas.ref_area
                and coalesce(earlier.valid_from, date '0001-01-01') < areas.valid_from
        )
where observations.time_basis = 'change' and try_cast(left(observations.base_period, 4) as integer) is not null
