-- One row per unit: base, weight and points of each indicator, what is added and taken off, and the score.
{%- set plan = var('plan') %}
{%- set needed = plan.indicators %}
with numbered as (
    select
        units.*
        {%- for name in needed %}{% for word in ('weight', 'base', 'worst', 'best') %},
        {% call(scheme) by_scheme(schemes_with(name)) %}{{ number_of(scheme.indicators[name][word], 'bases.' ~ name ~ '_' ~ word ~ '_computed') }}{% endcall %} as {{ name }}_{{ word }}
        {%- endfor %}{% endfor %}
    from {{ ref('int_enterprise_indicators') }} as units
    {%- if computes_bases() %}
    left join {{ ref('int_enterprise_bases') }} as bases on units.base_run = bases.run and units.unit_id = bases.unit_id
    {%- endif %}
),

raw as (
    select
        *
        {%- for name in needed %},
        case when {{ name }}_missing is null then {% call(scheme) by_scheme(schemes_with(name)) %}{{ bounded_points(scheme.indicators[name], name, scheme) }}{% endcall %} end as {{ name }}_earned
        {%- endfor %}
    from numbered
),

meant as (
    select
        *
        {%- for name in needed %}
        {%- set asked = [] %}
        {%- for scheme in schemes_with(name) if 'class_mean' in (scheme.indicators[name].no_record.how, scheme.indicators[name].zero_denominator.how) %}{% do asked.append(scheme) %}{% endfor %}
        {%- if asked %},
        avg(case when status = 'scored' then {{ name }}_earned end) over (partition by run, scheme_no, firm_class) as {{ name }}_class_mean
        {%- endif %}
        {%- endfor %}
    from raw
),

pointed as (
    select
        *
        {%- for name in needed %}
        {%- set schemes = schemes_with(name) %},
        case
            when {{ name }}_missing is null then {{ name }}_earned
            when {{ name }}_missing = 'zero_denominator' then {% call(scheme) by_scheme(schemes) %}{{ treated(scheme.indicators[name].zero_denominator, name) }}{% endcall %}
            else {% call(scheme) by_scheme(schemes) %}{{ treated(scheme.indicators[name].no_record, name) }}{% endcall %}
        end as {{ name }}_points,
        {% call(scheme) by_scheme(schemes, 'false') -%}
            {%- set scored = scheme.indicators[name] -%}
            coalesce(({{ name }}_missing = 'zero_denominator' and {{ 'true' if scored.zero_denominator.how == 'to_others' else 'false' }}) or ({{ name }}_missing <> 'zero_denominator' and {{ 'true' if scored.no_record.how == 'to_others' else 'false' }}), false)
        {%- endcall %} as {{ name }}_to_others
        {%- endfor %}
    from meant
),

added as (
    select
        *,
        {% call(scheme) by_scheme(plan.schemes | rejectattr('unsaid') | list) -%}
            (0{% for name in scheme.indicators %} + {{ name }}_points{% endfor %}{{ moved_points(scheme) }})
            {%- set sharing = [] -%}
            {%- for name, one in scheme.indicators.items() if 'to_others' in (one.no_record.how, one.zero_denominator.how) %}{% do sharing.append(name) %}{% endfor -%}
            {%- if sharing %} * (0{% for name in scheme.indicators %} + {{ name }}_weight{% endfor %}) / nullif(0{% for name in scheme.indicators %} + case when {{ name }}_to_others then 0 else {{ name }}_weight end{% endfor %}, 0){% endif -%}
        {%- endcall %} as points_total,
        {% call(scheme) by_scheme(plan.schemes, '1') %}{{ factor_of(scheme) }}{% endcall %} as points_factor,
        {% call(scheme) by_scheme(plan.schemes) %}{{ adjustments_of(scheme, '+') }}{% endcall %} as additions,
        {% call(scheme) by_scheme(plan.schemes) %}{{ adjustments_of(scheme, '-') }}{% endcall %} as deductions
    from pointed
),

scored as (
    select
        *,
        {% call(scheme) by_scheme(plan.schemes | rejectattr('unsaid') | list) -%}
            {%- set score = 'points_total * points_factor + additions + deductions' -%}
            {%- if scheme.total.at_most is not none %}{% set score = 'least(' ~ exact(scheme.total.at_most) ~ ', ' ~ score ~ ')' %}{% endif -%}
            {%- if scheme.total.at_least is not none %}{% set score = 'greatest(' ~ exact(scheme.total.at_least) ~ ', ' ~ score ~ ')' %}{% endif -%}
            round({{ score }}, {{ scheme.total.decimals if scheme.total.decimals is not none else 9 }})
        {%- endcall %} as score
    from added
)

select
    * {{ 'exclude' if target.type == 'duckdb' else 'except' }} (status, status_reason, score),
    case when status = 'scored' and score is null then 'unrated' else status end as status,
    case
        when status = 'scored' and score is null
            then
                case
                    {%- for scheme in plan.schemes if not scheme.unsaid %}{% for name in scheme.indicators %}
                    when scheme_no = {{ scheme.no }} and {{ name }}_points is null
                        then
                            case
                                when {{ name }}_missing is not null then concat('unsaid:missing:{{ name }}:', {{ name }}_missing)
                                when {{ name }}_weight is null then 'unsaid:weight:{{ name }}'
                                {%- if scheme.indicators[name].points in ('ratio', 'inverse', 'mirror') or scheme.indicators[name].steps_of == 'base' %}
                                when {{ name }}_base is null then 'no_base:{{ name }}'
                                {%- endif %}
                                when {{ name }} < 0 then 'unsaid:negative:{{ name }}'
                                else 'gap:{{ name }}'
                            end
                    {%- endfor %}{% endfor %}
                    when scheme_no is not null then 'unsaid'
                end
        else status_reason
    end as status_reason,
    case when status = 'scored' then score end as score
from scored
