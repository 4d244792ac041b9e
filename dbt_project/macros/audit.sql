{#- Words for the audit's sentences. Numbers are written as people print them, never rounded to meet. -#}

{#- A number with at most four decimals, trailing zeros dropped. -#}
{% macro plain_number(x) -%}
    regexp_replace(regexp_replace(format('{:,.4f}', cast({{ x }} as double)), '0+$', ''), '\.$', '')
{%- endmacro %}

{#- An amount in Chinese steps: 亿 and 万 from a million on. -#}
{% macro amount_zh(x) -%}
    case
        when abs({{ x }}) >= 100000000
            then {{ plain_number(x ~ ' / 100000000') }} || '亿'
        when abs({{ x }}) >= 1000000 then {{ plain_number(x ~ ' / 10000') }} || '万'
        else {{ plain_number(x) }}
    end
{%- endmacro %}

{% macro amount_en(x) -%}
    case
        when abs({{ x }}) >= 1000000000 then {{ plain_number(x ~ ' / 1000000000') }} || ' billion'
        when abs({{ x }}) >= 1000000 then {{ plain_number(x ~ ' / 1000000') }} || ' million'
        else {{ plain_number(x) }}
    end
{%- endmacro %}

{#- An interval in words; an end that is null is open. `amount` is amount_zh or amount_en. -#}
{% macro interval_zh(low, high) -%}
    case
        when {{ low }} is null and {{ high }} is null then '任意值'
        when {{ low }} is null then '至多' || {{ amount_zh(high) }}
        when {{ high }} is null then '至少' || {{ amount_zh(low) }}
        when {{ amount_zh(low) }} = {{ amount_zh(high) }} then {{ amount_zh(low) }}
        else {{ amount_zh(low) }} || '～' || {{ amount_zh(high) }}
    end
{%- endmacro %}

{% macro interval_en(low, high) -%}
    case
        when {{ low }} is null and {{ high }} is null then 'anything'
        when {{ low }} is null then 'at most ' || {{ amount_en(high) }}
        when {{ high }} is null then 'at least ' || {{ amount_en(low) }}
        when {{ amount_en(low) }} = {{ amount_en(high) }} then {{ amount_en(low) }}
        else {{ amount_en(low) }} || ' to ' || {{ amount_en(high) }}
    end
{%- endmacro %}

{#- Doubles back to decimals, moved outward by more than floating point can have erred; what has no end is null. -#}
{% macro outward(x, direction) -%}
    case
        when isfinite({{ x }}) and abs({{ x }}) < 1e24
            then
                cast(
                    {{ 'floor' if direction == 'down' else 'ceil' }}(
                        cast({{ x }} {{ '-' if direction == 'down' else '+' }} abs({{ x }}) * 1e-13 as decimal(38, 12))
                        * 10000000
                    ) / 10000000 as decimal(38, 7)
                )
    end
{%- endmacro %}

{#- A quotient whose divisor is not negative: over nothing it has no end, upward or, where it is negative, downward. -#}
{% macro quotient(over, under) -%}
    case
        when {{ under }} <> 0 then {{ over }} / {{ under }}
        when {{ over }} < 0 then cast('-infinity' as double)
        else cast('infinity' as double)
    end
{%- endmacro %}

{#- Whether a computed interval and that of a print have a value in common; an end that is null is open. -#}
{% macro intervals_meet(computed, print) -%}
    coalesce({{ computed }}.computed_low <= {{ print }}.obs_value_high, true)
    and ({{ computed }}.kind = 'part_of_whole' or coalesce({{ computed }}.computed_high >= {{ print }}.obs_value_low, true))
{%- endmacro %}
