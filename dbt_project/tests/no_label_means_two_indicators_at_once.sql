-- Within one source, a printed label means one indicator in any year: two definitions never overlap in one series.
{{ config(meta={'dagster': {'ref': {'name': 'crosswalk'}}}) }}
select
    earlier.source_id,
    earlier.label,
    earlier.breakdown,
    earlier.indicator,
    later.indicator as other_indicator
from {{ ref('crosswalk') }} as earlier
inner join {{ ref('crosswalk') }} as later
    on
        earlier.source_id = later.source_id
        and earlier.label = later.label
        and earlier.breakdown is not distinct from later.breakdown
        and (
            earlier.indicator, coalesce(earlier.breakdown_code, ''), coalesce(earlier.time_basis, ''),
            coalesce(earlier.period_from, 0)
        ) < (
            later.indicator, coalesce(later.breakdown_code, ''), coalesce(later.time_basis, ''),
            coalesce(later.period_from, 0)
        )
        and coalesce(earlier.period_from, 0) <= coalesce(later.period_to, 9999)
        and coalesce(later.period_from, 0) <= coalesce(earlier.period_to, 9999)
