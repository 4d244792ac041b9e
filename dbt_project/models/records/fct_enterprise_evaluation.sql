-- One row per firm of the register: evaluated, exempt or unrated, each with its reason; values, points, score, rank, class
-- and grade. Ties: score, then the indicators that the rule names, then the lower id. Evaluated + exempt + unrated = register.
{%- set plan = var('plan') %}
{%- set overrides = namespace(count=0) %}
{%- for scheme in plan.schemes %}{% for one in scheme.overrides %}{% set overrides.count = overrides.count + 1 %}{% do one.update({'no': overrides.count}) %}{% endfor %}{% endfor %}
{%- set group_columns = {'class': 'firm_class'} %}
{%- set of_firms = ['run', 'period', 'firm_id', 'unit_id', 'rule', 'county', 'industry', 'scale', 'refusal', 'follows_unit'] %}
{%- set of_points = ['scheme_no', 'firm_class'] %}
{%- for name in plan.indicators %}{% for word in ('_numerator', '_denominator', '', '_missing', '_weight', '_base', '_points') %}{% do of_points.append(name ~ word) %}{% endfor %}{% endfor %}
{%- do of_points.extend(['additions', 'deductions', 'score']) %}
{%- set carried = of_firms + of_points + ['status', 'status_reason', 'left_ungraded'] %}
{%- for scheme in plan.schemes %}{% for one in scheme.overrides %}{% do carried.extend(columns_asked(one.when)) %}{% endfor %}{% endfor %}
with asked as (
    select
        {%- for column in carried | unique %}
        {{ column }},
        {%- endfor %}
        {% call(scheme) by_scheme(plan.schemes, 'cast(null as ' ~ dbt.type_string() ~ ')') -%}
            {%- if scheme.within -%}concat_ws('|'{% for key in scheme.within %}, coalesce({{ group_columns.get(key, key) }}, ''){% endfor %}){% else %}''{% endif -%}
        {%- endcall %} as ranking_group
        {%- for scheme in plan.schemes %}{% for one in scheme.overrides if one.ranking in ('refilled', 'excluded', 'passed_over') %},
        scheme_no = {{ scheme.no }} and status = 'scored' and {{ holds(one.when) }} as leaves_{{ one.no }}
        {%- endfor %}{% endfor %}
    from {{ ref('int_enterprise_points') }}
),

placed as (
    select
        *,
        case
            when status <> 'scored' or left_ungraded is not null then 'out'
            {%- for scheme in plan.schemes %}{% for one in scheme.overrides if one.ranking == 'excluded' %}
            when leaves_{{ one.no }} then 'excluded'
            {%- endfor %}{% endfor %}
            {%- for scheme in plan.schemes %}{% for one in scheme.overrides if one.ranking == 'refilled' %}
            when leaves_{{ one.no }} then 'refilled'
            {%- endfor %}{% endfor %}
            else 'ranked'
        end as place
    from asked
),

keyed as (
    select
        *,
        {% call(scheme) by_scheme(plan.schemes) %}{{ scheme.rank_by }}{% endcall %} as rank_key
        {%- for position in range((plan.schemes | map(attribute='ties') | map('length') | max) or 0) %},
        {% call(scheme) by_scheme(plan.schemes) %}{{ scheme.ties[position] if scheme.ties | length > position else 'cast(null as double)' }}{% endcall %} as tie_{{ position }}
        {%- endfor %}
    from placed
),

{% set levels = [] %}
{%- for scheme in plan.schemes %}{% for one in scheme.overrides if one.ranking == 'passed_over' %}{% do levels.append(one.at_most) %}{% endfor %}{% endfor %}
{%- set levels = levels | unique | sort %}
{%- set ties = range((plan.schemes | map(attribute='ties') | map('length') | max) or 0) -%}
-- a window carries each column that it is given through its sort: it is given few, and what it finds is joined back
contenders as (
    select
        run,
        unit_id,
        scheme_no,
        ranking_group,
        place,
        rank_key,
        {%- for position in ties %}
        tie_{{ position }},
        {%- endfor %}
        {%- for level in levels %}
        {{ barred_from(level) }} as barred_{{ level }},
        {%- endfor %}
        sum(case when place in ('ranked', 'refilled') then 1 else 0 end) over (partition by run, scheme_no, ranking_group) as ranked_firms
    from keyed
),

{% set by_merit %}rank_key desc nulls last{% for position in ties %}, tie_{{ position }} desc nulls last{% endfor %}, unit_id asc{% endset -%}
{%- set order = namespace(first="case when place = 'ranked' then 0 else 1 end asc") %}
{%- for level in levels %}
-- up to the last place of the grades better than {{ level }} those go first who may have them
asked_{{ level }} as (
    select
        *,
        row_number() over (
            partition by run, scheme_no, ranking_group order by {{ order.first }}, barred_{{ level }} asc, {{ by_merit }}
        ) as place_{{ level }}
    from {{ 'contenders' if loop.first else 'before_' ~ loop.previtem }}
),

before_{{ level }} as (
    select
        *,
        case when barred_{{ level }} = 0 and {% call(scheme) by_scheme(plan.schemes | rejectattr('ungradable') | selectattr('bands') | list, 'false') %}{{ within_grades_before(scheme, level) }}{% endcall %} then 0 else 1 end as behind_{{ level }}
    from asked_{{ level }}
),
{% set order.first = order.first ~ ', behind_' ~ level ~ ' asc' %}
{%- endfor %}
places as (
    select
        run,
        unit_id,
        ranked_firms,
        row_number() over (partition by run, scheme_no, ranking_group order by {{ order.first }}, {{ by_merit }}) as position
    from {{ 'before_' ~ levels | last if levels else 'contenders' }}
),

ranked as (
    select
        keyed.*,
        case when keyed.place = 'ranked' then places.position end as rank_in_group,
        places.ranked_firms
    from keyed
    inner join places on keyed.run = places.run and keyed.unit_id = places.unit_id
),

graded as (
    select
        *,
        case when place = 'ranked' then {% call(scheme) by_scheme(plan.schemes | rejectattr('ungradable') | selectattr('bands') | list, 'cast(null as integer)') %}{{ grade_by_bands(scheme) }}{% endcall %} end as grade_by_rank
    from ranked
),

named as (
    select
        *,
        {% call(scheme) by_scheme(plan.schemes | selectattr('grades') | list, 'cast(null as ' ~ dbt.type_string() ~ ')') -%}
            case grade_by_rank {% for grade in scheme.grades %}when {{ loop.index }} then '{{ grade }}' {% endfor %}end
        {%- endcall %} as grade_name
    from graded
),

hit as (
    select
        *
        {%- for scheme in plan.schemes %}{% for one in scheme.overrides %},
        {% if one.ranking in ('refilled', 'excluded', 'passed_over') %}leaves_{{ one.no }}{% else %}scheme_no = {{ scheme.no }} and place <> 'out' and {{ holds(one.when) }}{% endif %} as hits_{{ one.no }}
        {%- endfor %}{% endfor %}
    from named
),

{% set deepest = (plan.schemes | map(attribute='overrides') | map('length') | max) or 0 %}
{%- for step in range(deepest) %}
overridden_{{ step }} as (
    select
        *,
        {% call(scheme) by_scheme(plan.schemes, 'grade_' ~ (step - 1) if step else 'grade_by_rank') -%}
            {%- set before = 'grade_' ~ (step - 1) if step else 'grade_by_rank' -%}
            {%- if scheme.overrides | length > step and not scheme.ungradable -%}{{ overridden(scheme.overrides[step], before, scheme.grades) }}{%- else -%}{{ before }}{%- endif -%}
        {%- endcall %} as grade_{{ step }}
    from {{ 'overridden_' ~ (step - 1) if step else 'hit' }}
),
{% endfor %}
settled as (
    select
        *,
        {{ 'grade_' ~ (deepest - 1) if deepest else 'grade_by_rank' }} as grade_no,
        nullif(concat_ws(';'
            {%- for scheme in plan.schemes %}{% for one in scheme.overrides %}, case when hits_{{ one.no }} then '{{ one.kind }}:{{ one.id }}' end{% endfor %}{% endfor %}, left_ungraded
        ), '') as grade_reasons,
        case
            {%- for scheme in plan.schemes if scheme.precedence_unsaid %}
            {%- set kinds = scheme.overrides | map(attribute='kind') | unique | list %}
            {%- if kinds | length > 1 %}
            when scheme_no = {{ scheme.no }} and 0{% for kind in kinds %} + case when {% for one in scheme.overrides if one.kind == kind %}hits_{{ one.no }}{{ ' or ' if not loop.last }}{% endfor %} then 1 else 0 end{% endfor %} > 1 then 'unsaid:precedence'
            {%- endif %}
            {%- endfor %}
            {%- for scheme in plan.schemes if scheme.ungradable %}
            when scheme_no = {{ scheme.no }} and status = 'scored' then 'unsaid:{{ scheme.ungradable[0] }}'
            {%- endfor %}
            when left_ungraded is not null and status = 'scored' then left_ungraded
        end as grade_refusal
    from {{ 'overridden_' ~ (deepest - 1) if deepest else 'hit' }}
),

units as (
    select
        *,
        {% call(scheme) by_scheme(plan.schemes, 'cast(null as ' ~ dbt.type_string() ~ ')') -%}
            case when grade_refusal is null then {% if scheme.grades %}case grade_no {% for grade in scheme.grades %}when {{ loop.index }} then '{{ grade }}' {% endfor %}end{% else %}cast(null as {{ dbt.type_string() }}){% endif %} end
        {%- endcall %} as grade
    from settled
),

{%- set of_units = of_points + ['ranking_group', 'rank_in_group', 'ranked_firms', 'grade_by_rank', 'grade_reasons'] %}
{%- if looks_at_landlords() %}
-- of a landlord its tenants need the grade alone
followed as (
    select run, unit_id, grade from units where status = 'scored'
),
{% endif %}
reported as (
    {%- set firms = 'firms' if evaluates_together() else 'units' %}
    select
        {%- for column in of_firms %}
        {{ firms }}.{{ column }},
        {%- endfor %}
        {%- for column in of_units + ['status', 'status_reason', 'grade', 'grade_refusal'] %}
        units.{{ column }},
        {%- endfor %}
        {{ 'followed.grade' if looks_at_landlords() else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as followed_grade
    {%- if evaluates_together() %}
    from {{ ref('int_enterprise_units') }} as firms
    left join units on firms.run = units.run and firms.unit_id = units.unit_id
    {%- else %}
    from units
    {%- endif %}
    {%- if looks_at_landlords() %}
    left join followed on {{ firms }}.run = followed.run and {{ firms }}.follows_unit = followed.unit_id
    {%- endif %}
)

select
    run,
    period,
    firm_id,
    unit_id,
    rule,
    county,
    industry,
    scale,
    {%- for column in of_units %}
    {{ 'coalesce(grade_by_rank, 0) as grade_by_rank' if column == 'grade_by_rank' else column }},
    {%- endfor %}
    case rule {% for rule in plan.rules %}when '{{ rule.rule }}' then '{{ rule.version }}' {% endfor %}end as rule_version,
    case
        when refusal is not null and coalesce(status, '') <> 'exempt' then 'unrated'
        when status = 'exempt' then 'exempt'
        when coalesce(case when status = 'follows' then followed_grade end, grade) is not null then 'evaluated'
        else 'unrated'
    end as status,
    case
        when refusal is not null and coalesce(status, '') <> 'exempt' then refusal
        when status = 'exempt' then status_reason
        when status = 'follows' and followed_grade is not null then concat('follows:', follows_unit)
        when status = 'follows' then concat('follows_ungraded:', follows_unit)
        when grade is not null then case when unit_id <> firm_id then concat('with:', unit_id) end
        else coalesce(status_reason, grade_refusal, 'gap:grades')
    end as status_reason,
    case
        when refusal is not null or status = 'exempt' then null
        when status = 'follows' then followed_grade
        else grade
    end as grade
from reported
