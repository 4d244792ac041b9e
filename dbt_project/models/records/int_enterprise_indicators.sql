{{ config(materialized='table' if computes_bases() else 'view') }}
-- One row per unit: its items added up over its firms, the indicators that follow, why one cannot be computed, and
-- whether the unit is scored at all.
{%- set plan = var('plan') %}
{%- if evaluates_together() %}
with summed as (
    select
        units.run,
        units.unit_id
        {%- for item, ago in plan['items'] %},
        sum({{ value_of(item, ago) }}) as {{ column_of(item, ago) }}
        {%- endfor %}
    from {{ ref('int_enterprise_units') }} as units
    inner join {{ ref('stg_enterprise_items') }} as items on units.firm_id = items.firm_id
    where units.rule is not null
    group by units.run, units.unit_id
),

united as (
{%- else %}
with united as (
{%- endif %}
    select
        units.*,
        {%- for item, ago in plan['items'] %}
        {{ 'summed.' ~ column_of(item, ago) if evaluates_together() else value_of(item, ago) ~ ' as ' ~ column_of(item, ago) }},
        {%- endfor %}
        {%- set classed = plan.rules | selectattr('classes') | list %}
        {%- if classed %}
        case units.rule
            {%- for rule in classed %}
            when '{{ rule.rule }}' then case {% for name, industries in rule.classes.items() %}when units.industry in ({% for one in industries %}'{{ one }}'{{ ', ' if not loop.last }}{% endfor %}) then '{{ name }}' {% endfor %}end
            {%- endfor %}
            else 'all'
        end as firm_class
        {%- else %}
        'all' as firm_class
        {%- endif %}
    from {{ ref('int_enterprise_units') }} as units
    {%- if evaluates_together() %}
    left join summed on units.run = summed.run and units.unit_id = summed.unit_id
    {%- else %}
    left join {{ ref('stg_enterprise_items') }} as items
        on case when units.rule is not null then units.firm_id end = items.firm_id
    {%- endif %}
    where units.firm_id = units.unit_id
),

sides as (
    select
        *
        {%- for name, shift in plan.shifts %}
        {%- set suffix = '_y' ~ shift if shift else '' %},
        {% call(one) defined(name) %}{{ side_of(one.numerator, one.years, shift) }}{% endcall %} as {{ name }}_numerator{{ suffix }},
        {% call(one) defined(name) %}{{ side_of(one.denominator, one.denominator_years, shift) }}{% endcall %} as {{ name }}_denominator{{ suffix }}
        {%- endfor %}
    from united
),

valued as (
    select
        *
        {%- for name, shift in plan.shifts %}
        {%- set suffix = '_y' ~ shift if shift else '' %},
        case
            when {{ name }}_denominator{{ suffix }} > 0
                then {{ name }}_numerator{{ suffix }} / {{ name }}_denominator{{ suffix }}
                {%- if plan.definitions[name] | rejectattr('plus', 'equalto', '0') | list %} + {% call(one) defined(name) %}{{ exact(one.plus) }}{% endcall %}{% endif %}
        end as {{ name }}{{ suffix }}
        {%- if not shift %},
        case
            when rule is null then null
            when {{ name }}_numerator is null then 'no_record:numerator'
            when {{ name }}_denominator is null then 'no_record:denominator'
            when {{ name }}_denominator <= 0 then 'zero_denominator'
        end as {{ name }}_missing
        {%- endif %}
        {%- endfor %}
    from sides
),

assigned as (
    select
        *,
        case
            {%- for scheme in plan.schemes %}
            when rule = '{{ scheme.rule }}' and {{ holds(scheme.when) }} then {{ scheme.no }}
            {%- endfor %}
        end as scheme_no,
        case rule
            {%- for rule in plan.rules %}
            when '{{ rule.rule }}' then {{ first_that_holds(rule.exempt, 'exempt') }}
            {%- endfor %}
        end as exemption,
        case rule
            {%- for rule in plan.rules %}
            when '{{ rule.rule }}' then {{ first_that_holds(rule.ungraded, 'ungraded') }}
            {%- endfor %}
        end as left_ungraded
    from valued
),

refused as (
    select
        *,
        case
            when refusal is not null then refusal
            when scheme_no is null then 'no_scheme'
            {%- for scheme in plan.schemes if scheme.unsaid %}
            when scheme_no = {{ scheme.no }} then 'unsaid:{{ scheme.unsaid[0] }}'
            {%- endfor %}
            {%- for scheme in plan.schemes if scheme.needs_class %}
            when scheme_no = {{ scheme.no }} and firm_class is null then 'no_class'
            {%- endfor %}
        end as refused_for
    from assigned
)

select
    *,
    case
        when rule is null then 'unrated'
        when exemption is not null then 'exempt'
        when refused_for is not null then 'unrated'
        when follows_unit is not null then 'follows'
        else 'scored'
    end as status,
    case when rule is null then 'no_rule' else coalesce(exemption, refused_for) end as status_reason
from refused
