{#- A number that a rule of plausibility goes by: seed plausibility_thresholds. -#}
{% macro threshold(rule, name) -%}
    (select value from {{ ref('plausibility_thresholds') }} where rule = '{{ rule }}' and threshold = '{{ name }}')
{%- endmacro %}

{#- The usual deviation that a median absolute deviation stands for: what it is for the normal law. -#}
{% macro usual_deviation(median_absolute_deviation) -%}
    1.4826 * {{ median_absolute_deviation }}
{%- endmacro %}

{#- Places that may be held against each other: provinces, cities, and what lies below them, by GB/T 2260. -#}
{% macro level_of_place(code) -%}
case
    when substr({{ code }}, 3) = '0000' then 'province'
    when substr({{ code }}, 5) = '00' then 'city'
    else 'other'
end
{%- endmacro %}
