{#- A number that a rule of plausibility goes by: seed plausibility_thresholds. -#}
{% macro threshold(rule, name) -%}
    (select value from {{ ref('plausibility_thresholds') }} where rule = '{{ rule }}' and threshold = '{{ name }}')
{%- endmacro %}

{#- The usual deviation that a median absolute deviation stands for: what it is for the normal law. -#}
{% macro usual_deviation(median_absolute_deviation) -%}
    1.4826 * {{ median_absolute_deviation }}
{%- endmacro %}
