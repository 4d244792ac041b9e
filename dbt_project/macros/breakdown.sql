{#- One dimension's code out of a canonical breakdown (`component=wages;residence=urban`), or null. -#}
{% macro breakdown_code(dimension, breakdown='breakdown') -%}
    nullif(regexp_extract({{ breakdown }}, '(?:^|;){{ dimension }}=([^;]*)', 1), '')
{%- endmacro %}

{#- Typed dimensions of a domain: a column each, `otherwise` standing for "not broken down by it". -#}
{% macro typed_dimensions(dimensions) -%}
    {%- for dimension, otherwise in dimensions.items() %}
    coalesce({{ breakdown_code(dimension) }}, '{{ otherwise }}') as {{ dimension }},
    {%- endfor %}
{%- endmacro %}
