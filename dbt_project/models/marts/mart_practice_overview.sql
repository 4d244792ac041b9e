-- The ten practices, each with its headline indicators: for a person who opens the warehouse for the first time. The
-- value is the latest actual one, of the province or the group that the seed mart_subjects names.
with actuals as (
    select observations.*
    from {{ ref('current_observations') }} as observations
    inner join {{ ref('mart_subjects') }} as subjects
        on subjects.mart = 'mart_practice_overview' and observations.ref_area = subjects.ref_area
    where observations.time_basis <> 'target' and observations.freq in ('A', 'M')
)

select
    headlines.practice,
    practices.name_zh as practice_zh,
    practices.name_en as practice_en,
    headlines.position,
    headlines.indicator,
    indicators.name_zh as indicator_name_zh,
    indicators.name_en as indicator_name_en,
    coalesce(headlines.breakdown, '') as breakdown,
    actuals.ref_area,
    actuals.time_period,
    actuals.obs_value,
    actuals.unit_measure,
    units.name_zh as unit_zh,
    units.name_en as unit_en,
    actuals.qualifier,
    actuals.figure_id,
    actuals.source_id,
    list_filter([actuals.figure_id], lambda id: id is not null) as figure_ids,  -- noqa: PRS
    actuals.confidence as lowest_confidence
from {{ ref('headline_indicators') }} as headlines
inner join {{ ref('practices') }} as practices
    on headlines.practice = practices.practice
inner join {{ ref('indicators') }} as indicators
    on headlines.indicator = indicators.indicator
left join actuals
    on headlines.indicator = actuals.indicator and coalesce(headlines.breakdown, '') = actuals.breakdown
left join {{ ref('units') }} as units
    on actuals.unit_measure = units.unit_measure
qualify row_number() over (
    partition by headlines.practice, headlines.position
    order by actuals.period_end desc, actuals.period_start desc, actuals.figure_id asc
) = 1
