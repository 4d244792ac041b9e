-- Every figure in one standard form, one row per figure per source; every vintage is kept.
--
-- is_current marks the print to use for a figure that several publications give: the latest, except that a coarser
-- restatement (突破7万元) does not displace the finer print that it agrees with, and a publication without a date
-- never displaces one with a date (macro ranked_prints, which vintages go by too).
with accepted as (
    select
        valued.figure_id,
        valued.source_id,
        valued.locator,
        valued.indicator,
        valued.ref_area,
        valued.freq,
        valued.time_period,
        valued.period_start,
        valued.period_end,
        valued.time_basis,
        valued.base_period,
        valued.breakdown,
        valued.obs_value,
        valued.obs_value_low,
        valued.obs_value_high,
        valued.unit_measure,
        valued.unit_mult,
        valued.decimals,
        valued.qualifier,
        valued.obs_status,
        coalesce(
            valued.stage, case when valued.obs_status = 'P' then 'preliminary' end, sources.stage
        ) as stage,
        'F' as conf_status,
        sources.published_on,
        sources.known_from,
        sources.confidence,
        valued.period_is_stated,
        valued.first_seen_at
    from {{ ref('stg_valued_figures') }} as valued
    inner join {{ ref('sources') }} as sources
        on valued.source_id = sources.source_id
    where
        valued.indicator is not null
        and valued.figure_id not in (select figure_id from {{ ref('stg_refusals') }})
),

ranked as (
    {{ ranked_prints('accepted') }}
)

select
    figure_id,
    source_id,
    locator,
    indicator,
    ref_area,
    freq,
    time_period,
    period_start,
    period_end,
    time_basis,
    base_period,
    breakdown,
    obs_value,
    obs_value_low,
    obs_value_high,
    unit_measure,
    unit_mult,
    decimals,
    qualifier,
    obs_status,
    stage,
    conf_status,
    published_on,
    known_from,
    confidence,
    period_is_stated,
    first_seen_at,
    place_in_line = 1 as is_current
from ranked
