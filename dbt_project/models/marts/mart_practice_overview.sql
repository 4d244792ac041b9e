-- The ten practices, each with its headline indicators: for a person who opens the warehouse for the first time. The
-- value is the latest actual one, of the province, or of the mountain counties as a group.
with actuals as (
    select *
    from {{ ref('current_observations') }}
    where time_basis <> 'target' and ref_area in ('330000', 'ZJ_MOUNTAIN_COUNTIES') and freq in ('A', 'M')
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
    actuals.source_id
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
