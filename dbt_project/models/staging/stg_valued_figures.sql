-- Coded figures to values: the print's number in the base unit, and the interval that the print allows
-- (27.8万 is [277 500, 278 500); 约 widens it, 超 opens it upward, 多 ends before the next printed step).
with scaled as (
    select
        *,
        cast(number as decimal(38, 6)) as wide_number,
        cast({{ power_of_ten('unit_mult', 0, 12) }} as decimal(38, 0)) * factor as scale,
        cast({{ power_of_ten('-decimals', -6, 0) }} as decimal(38, 6)) as printed_step,
        cast({{ power_of_ten('last_digit_exponent', -6, 11) }} as decimal(38, 6)) as last_digit_step
    from {{ ref('stg_coded_figures') }}
    where unit_measure is not null
),

stepped as (
    select
        *,
        cast(wide_number * scale as decimal(38, 6)) as obs_value,
        cast(printed_step * 0.5 * scale as decimal(38, 7)) as half_step,
        greatest(
            cast(last_digit_step * 0.5 * scale as decimal(38, 7)), cast(printed_step * scale as decimal(38, 7))
        ) as about_width,
        cast(last_digit_step * scale as decimal(38, 7)) as next_step
    from scaled
)

select
    figure_id,
    source_id,
    file,
    line,
    locator,
    printed_value,
    indicator,
    breakdown,
    ref_area,
    freq,
    time_period,
    period_start,
    period_end,
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
    case low_rule
        when 'half_step' then cast(obs_value - half_step as decimal(38, 7))
        when 'about' then cast(obs_value - about_width as decimal(38, 7))
        when 'value' then cast(obs_value as decimal(38, 7))
    end as obs_value_low,
    case high_rule
        when 'half_step' then cast(obs_value + half_step as decimal(38, 7))
        when 'about' then cast(obs_value + about_width as decimal(38, 7))
        when 'next_step' then cast(obs_value + next_step as decimal(38, 7))
        when 'value' then cast(obs_value as decimal(38, 7))
    end as obs_value_high
from stepped
