{#- Bounds for measures of inequality over places whose values and weights are intervals. -#}

{#- Theil's index as a sum of terms that are never negative: with r a value over the mean, the weighted sum of r ln r is that
    of r ln r - r + 1, for both r and 1 have the weighted mean 1. -#}
{% macro theil_term(r) -%}
    ({{ r }} * ln({{ r }}) - {{ r }} + 1)
{%- endmacro %}

{#- The least of such a term over an interval of r: it falls until r is 1 and rises from there. -#}
{% macro theil_term_least(low, high) -%}
    case
        when {{ low }} > 1 then {{ theil_term(low) }}
        when {{ high }} < 1 then {{ theil_term(high) }}
        else 0
    end
{%- endmacro %}

{% macro theil_term_greatest(low, high) -%}
    greatest({{ theil_term(low) }}, {{ theil_term(high) }})
{%- endmacro %}

{#- The furthest that a number of one interval lies from one of another. -#}
{% macro furthest(low, high, other_low, other_high) -%}
    greatest(abs(({{ high }}) - ({{ other_low }})), abs(({{ low }}) - ({{ other_high }})))
{%- endmacro %}
