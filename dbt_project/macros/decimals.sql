{#- Exact powers of ten: power() gives floating point on every engine, a figure must stay a decimal.
    `lowest` and `highest` bound the exponent; what lies outside is null. -#}
{% macro power_of_ten(exponent, lowest, highest) -%}
    {%- set places = -lowest if lowest < 0 else 0 -%}
    case {{ exponent }}
        {%- for n in range(lowest, highest + 1) %}
        when {{ n }} then cast('1e{{ n }}' as decimal({{ highest + 1 + places }}, {{ places }}))
        {%- endfor %}
    end
{%- endmacro %}

{#- Whether a figure in its base unit is beyond what an exact decimal holds, and beyond any statistic. -#}
{% macro is_too_large(number, unit_mult, factor) -%}
    (abs(cast({{ number }} as double)) * pow(10, {{ unit_mult }}) * cast({{ factor }} as double) >= 1e22)
{%- endmacro %}
