-- How old each source is: when it was fetched, the last day that its figures are about, and, where its card says how
-- long a fetch stays fresh (refresh_days), whether a newer one is due.
select
    sources.source_id,
    sources.retrieved_on,
    sources.refresh_days,
    max(observations.period_end) as covers_to,
    cast(current_date - sources.retrieved_on as integer) as age_days,
    case
        when sources.refresh_days is null then 'once'
        when current_date - sources.retrieved_on > sources.refresh_days then 'due'
        else 'fresh'
    end as freshness
from {{ ref('sources') }} as sources
left join {{ ref('observations') }} as observations
    on sources.source_id = observations.source_id
group by all
