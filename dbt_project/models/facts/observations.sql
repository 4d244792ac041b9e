-- Every figure in one standard form, one row per figure per source; every vintage is kept.
--
-- is_current marks the print to use for a figure that several publications give: the latest, except that a coarser
-- restatement (突破7万元) does not displace the finer print that it agrees with, and a publication without a date
-- never displaces one with a date.
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
        'F' as conf_status,
        sources.published_on,
        sources.known_from,
        sources.confidence,
        valued.first_seen_at
    from {{ ref('stg_valued_figures') }} as valued
    inner join {{ ref('sources') }} as sources
        on valued.source_id = sources.source_id
    where
        valued.indicator is not null
        and valued.figure_id not in (select figure_id from {{ ref('stg_refusals') }})
),

compared as (
    select
        *,
        coalesce(obs_value_high - obs_value_low, 1e24) as print_width,
        min(coalesce(obs_value_high - obs_value_low, 1e24)) over same_figure as finest_width,
        max(case when time_basis = 'target' then null else obs_value_low end) over same_figure as highest_low,
        min(case when time_basis = 'target' then null else obs_value_high end) over same_figure as lowest_high
    from accepted
    window same_figure as (
        partition by
            indicator, breakdown, ref_area, freq, time_period, period_start, period_end, time_basis, base_period
    )
),

ranked as (
    select
        *,
        row_number() over (
            partition by
                indicator, breakdown, ref_area, freq, time_period, period_start, period_end, time_basis, base_period
            order by
                -- all prints agree: the finest; else the latest
                case when highest_low <= lowest_high and print_width > finest_width then 1 else 0 end,
                case when published_on is null then 1 else 0 end,
                known_from desc,
                confidence asc,
                decimals - unit_mult desc,
                figure_id
        ) as place_in_line
    from compared
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
    conf_status,
    published_on,
    known_from,
    first_seen_at,
    place_in_line = 1 as is_current
from ranked
