{{ config(materialized='table' if computes_bases() else 'view') }}
-- The numbers that rules compute from a population, for each unit that is scored by them. A population of fewer than
-- three gives none: the base would be one firm's value.
{%- set plan = var('plan') %}
select
    run,
    unit_id
    {%- for name in plan.indicators %}{% for word in ('base', 'worst', 'best') %}
    {%- set computing = [] %}
    {%- for scheme in schemes_with(name) %}{% if statistics_of(scheme.indicators[name][word]) %}{% do computing.append(scheme) %}{% endif %}{% endfor %}
    {%- if computing %},
    {% call(scheme) by_scheme(computing) -%}
        {%- set statistics = statistics_of(scheme.indicators[name][word]) -%}
        {%- if statistics[0][0] is none -%}{{ statistic(statistics[0][1], name, scheme.rule) }}
        {%- else -%}case firm_class {% for of_class, one in statistics %}when '{{ of_class }}' then {{ statistic(one, name, scheme.rule) }} {% endfor %}end{%- endif -%}
    {%- endcall %} as {{ name }}_{{ word }}_computed
    {%- endif %}
    {%- endfor %}{% endfor %}
from {{ ref('int_enterprise_indicators') }}
where rule is not null
