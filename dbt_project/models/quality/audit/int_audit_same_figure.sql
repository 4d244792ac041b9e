-- The same figure in two prints: each print against the one known before it. Prints that do not meet are a revision
-- where the later one comes from a later calendar year (bureaus revise with the next year's publication), else a
-- contradiction.
with prints as (
    select
        figure_id,
        source_id,
        obs_value_low,
        obs_value_high,
        known_from,
        published_on,
        time_basis,
        lag(figure_id) over same_figure as earlier_figure_id,
        lag(source_id) over same_figure as earlier_source_id,
        lag(obs_value_low) over same_figure as earlier_low,
        lag(obs_value_high) over same_figure as earlier_high,
        lag(known_from) over same_figure as earlier_known_from,
        lag(published_on) over same_figure as earlier_published_on
    from {{ ref('int_audit_figures') }}
    window same_figure as (
        partition by
            indicator, breakdown, ref_area, freq, time_period, period_start, period_end, time_basis, base_period
        order by known_from, source_id, figure_id
    )
),

pairs as (
    select
        'same_figure:' || earlier_figure_id || ':' || figure_id as instance,
        figure_id,
        earlier_figure_id,
        source_id,
        earlier_source_id,
        obs_value_low as printed_low,
        obs_value_high as printed_high,
        earlier_low as computed_low,
        earlier_high as computed_high,
        coalesce(earlier_low <= obs_value_high, true) and coalesce(earlier_high >= obs_value_low, true) as holds,
        source_id <> earlier_source_id
        and published_on is not null
        and earlier_published_on is not null
        and year(known_from) > year(earlier_known_from) as may_be_revised
    from prints
    where earlier_figure_id is not null and time_basis <> 'target'
)

select
    *,
    case when holds then 'pass' when may_be_revised then 'warn' else 'fail' end as outcome
from pairs
