-- Coded figures to values: the print's number in the base unit, and the interval that the print allows
-- (27.8万 is [277 500, 278 500); 约 widens it, 超 opens it upward, 多 ends before the next printed step).
--
-- No interval goes beyond what the indicator can be (seed measure_bounds): 近700万 persons are at least none, 超30% at
-- most 100. A print that lies wholly beyond it keeps its own interval: the plausibility's range flags it.
--
-- What a source's ledger corrects is corrected here: the number that should have been printed takes the place of the
-- printed one, a factor scales value and interval; both carry SDMX's status I, a flagged figure U. Dropped ones end
-- here.
with corrected as (
    select
        figures.* exclude (number, decimals, last_digit_exponent, obs_status),
        coalesce(corrections.number, figures.number) as number,
        coalesce(corrections.decimals, figures.decimals) as decimals,
        coalesce(corrections.last_digit_exponent, figures.last_digit_exponent) as last_digit_exponent,
        coalesce(corrections.factor, 1) as corrected_by,
        case corrections.action
            when 'override' then 'I' when 'scale' then 'I' when 'flag' then 'U' else figures.obs_status
        end as obs_status
    from {{ ref('stg_coded_figures') }} as figures
    left join {{ ref('corrections') }} as corrections
        on figures.figure_id = corrections.figure_id and corrections.status <> 'withdrawn'
    where coalesce(corrections.action, '') <> 'drop'
),

scaled as (
    select
        *,
        cast(number as decimal(38, 15)) as wide_number,
        cast({{ power_of_ten('unit_mult', 0, 12) }} as decimal(38, 0)) * factor as scale,
        cast({{ power_of_ten('-least(decimals, 15)', -15, 8) }} as decimal(38, 15)) as printed_step,
        cast({{ power_of_ten('greatest(last_digit_exponent, -15)', -15, 14) }} as decimal(38, 15)) as last_digit_step
    from corrected
    where unit_measure is not null and not {{ is_too_large('number', 'unit_mult', 'factor') }}
),

-- a value keeps six decimals of its base unit; where the print has more, its interval is that of the sixth
stepped as (
    select
        *,
        cast(wide_number * scale as decimal(38, 6)) as obs_value,
        greatest(cast(printed_step * 0.5 * scale as decimal(38, 7)), 0.0000005) as half_step,
        greatest(
            cast(last_digit_step * 0.5 * scale as decimal(38, 7)),
            cast(printed_step * scale as decimal(38, 7)),
            0.000001
        ) as about_width,
        greatest(cast(last_digit_step * scale as decimal(38, 7)), 0.000001) as next_step
    from scaled
),

rescaled as (
    select
        * exclude (obs_value, half_step, about_width, next_step),
        case when corrected_by = 1 then obs_value else cast(obs_value * corrected_by as decimal(38, 6)) end
            as obs_value,
        case when corrected_by = 1 then half_step else cast(half_step * corrected_by as decimal(38, 7)) end
            as half_step,
        case when corrected_by = 1 then about_width else cast(about_width * corrected_by as decimal(38, 7)) end
            as about_width,
        case when corrected_by = 1 then next_step else cast(next_step * corrected_by as decimal(38, 7)) end
            as next_step
    from stepped
),

printed as (
    select
        *,
        case low_rule
            when 'half_step' then cast(obs_value - half_step as decimal(38, 7))
            when 'about' then cast(obs_value - about_width as decimal(38, 7))
            when 'value' then cast(obs_value as decimal(38, 7))
        end as print_low,
        case high_rule
            when 'half_step' then cast(obs_value + half_step as decimal(38, 7))
            when 'about' then cast(obs_value + about_width as decimal(38, 7))
            when 'next_step' then cast(obs_value + next_step as decimal(38, 7))
            when 'value' then cast(obs_value as decimal(38, 7))
        end as print_high
    from rescaled
),

bounded as (
    select
        printed.*,
        bounds.lowest,
        bounds.highest
    from printed
    left join {{ ref('measure_bounds') }} as bounds
        on
            printed.measure = bounds.measure
            and printed.unit_measure = bounds.unit_measure
            and printed.time_basis is distinct from 'change'
)

select
    figure_id,
    source_id,
    file,
    line,
    locator,
    value_printed,
    indicator,
    breakdown,
    ref_area,
    freq,
    time_period,
    period_start,
    period_end,
    period_is_stated,
    time_basis,
    base_period,
    unit_measure,
    unit_mult,
    decimals,
    qualifier,
    obs_status,
    stage,
    first_seen_at,
    obs_value,
    case when obs_value >= lowest then greatest(print_low, lowest) else print_low end as obs_value_low,
    case when obs_value <= highest then least(print_high, highest) else print_high end as obs_value_high
from bounded
