{# How the words of a rule read as SQL. The words come checked from pipelines/records/rules/plan.py. #}

{% macro exact(number) %}cast({{ number }} as double){% endmacro %}

{% macro quoted(text) %}'{{ text | string | replace("'", "''") }}'{% endmacro %}

{# A fact that a condition asks for, as the column that holds it. #}
{% macro fact_column(fact) -%}
  {%- set kind, _, name = fact.partition('.') -%}
  {%- if kind == 'firm' -%}{{ {'group': 'group_id', 'class': 'firm_class'}.get(name, name) }}
  {%- elif kind == 'item' -%}item_{{ name }}
  {%- elif kind == 'indicator' -%}{{ name }}
  {%- elif kind == 'ratio' -%}({{ name }} / nullif({{ name }}_base, 0))
  {%- elif kind == 'points' -%}{{ name }}_points
  {%- elif kind == 'grade' -%}grade_name
  {%- else -%}{{ kind }}
  {%- endif -%}
{%- endmacro %}

{# True where the condition holds, false where it does not or cannot be known. #}
{% macro holds(condition) -%}
  {%- if condition.join is defined -%}
    {%- set parts = [] -%}
    {%- for part in condition.parts %}{% do parts.append(holds(part)) %}{% endfor -%}
    {%- if condition.join == 'all' -%}({{ parts | join(' and ') }})
    {%- elif condition.join == 'any' -%}({{ parts | join(' or ') }})
    {%- else -%}(not ({{ parts | join(' or ') }})){%- endif -%}
  {%- elif condition.flag is defined -%}coalesce(array_contains(flags, {{ quoted(condition.flag) }}), false)
  {%- else -%}
    {%- set column = fact_column(condition.fact) -%}
    {%- set tests = [] -%}
    {%- set signs = {'below': '<', 'at_most': '<=', 'at_least': '>=', 'above': '>'} -%}
    {%- for word, value in condition.compared.items() -%}
      {%- if word == 'missing' %}{% do tests.append(column ~ (' is null' if value else ' is not null')) -%}
      {%- elif word == 'equals' %}{% do tests.append(column ~ ' = ' ~ quoted(value)) -%}
      {%- elif word == 'one_of' -%}
        {%- set listed = [] -%}
        {%- for one in value %}{% do listed.append(quoted(one)) %}{% endfor -%}
        {% do tests.append(column ~ ' in (' ~ listed | join(', ') ~ ')') -%}
      {%- else %}{% do tests.append(column ~ ' ' ~ signs[word] ~ ' ' ~ exact(value)) -%}
      {%- endif -%}
    {%- endfor -%}
    coalesce({{ tests | join(' and ') }}, false)
  {%- endif -%}
{%- endmacro %}

{# The columns of int_enterprise_points that a condition reads. #}
{% macro columns_asked(condition) -%}
  {%- set found = [] -%}
  {%- for part in condition.parts or [] %}{% do found.extend(columns_asked(part)) %}{% endfor -%}
  {%- if condition.flag is defined %}{% do found.append('flags') %}{% endif -%}
  {%- if condition.fact is defined and condition.fact.partition('.')[0] in ('firm', 'item') %}{% do found.append(fact_column(condition.fact)) %}{% endif -%}
  {{ return(found) }}
{%- endmacro %}

{# The id of the first of several named conditions that holds, behind a word; null if none does. #}
{% macro first_that_holds(named, word) -%}
  {%- if named -%}case {% for one in named %}when {{ holds(one.when) }} then '{{ word }}:{{ one.id }}' {% endfor %}end
  {%- else -%}cast(null as {{ dbt.type_string() }}){%- endif -%}
{%- endmacro %}

{# Whether a rule is about a firm. #}
{% macro covers(rule) -%}
  {%- set tests = ['period in (' ~ rule.years | join(', ') ~ ')'] -%}
  {%- for column, codes in (('county', rule.areas), ('zone', rule.zones)) if codes -%}
    {%- set listed = [] -%}
    {%- for code in codes %}{% do listed.append(quoted(code)) %}{% endfor -%}
    {%- do tests.append('coalesce(' ~ column ~ ' in (' ~ listed | join(', ') ~ '), false)') -%}
  {%- endfor -%}
  {%- if rule.where %}{% do tests.append(holds(rule.where)) %}{% endif -%}
  {{ tests | join(' and ') }}
{%- endmacro %}

{# One expression for each scheme; the caller writes it. #}
{% macro by_scheme(schemes, otherwise=none) -%}
  {%- if schemes -%}
  case scheme_no {%- for scheme in schemes %} when {{ scheme.no }} then {{ caller(scheme) }}{% endfor %}{% if otherwise is not none %} else {{ otherwise }}{% endif %} end
  {%- else -%}{{ 'cast(null as double)' if otherwise is none else otherwise }}{%- endif -%}
{%- endmacro %}

{% macro schemes_with(indicator) -%}
  {%- set found = [] -%}
  {%- for scheme in var('plan').schemes if indicator in scheme.indicators and not scheme.unsaid %}{% do found.append(scheme) %}{% endfor -%}
  {{ return(found) }}
{%- endmacro %}

{# Items of one side of an indicator. The item named first must be there; the others count as nothing where they are not. #}
{% macro side_of(terms, years, shift) -%}
  {%- set parts = [] -%}
  {%- for item, coefficient in terms.items() -%}
    {%- set outer = loop -%}
    {%- for year in years -%}
      {%- set column = column_of(item, year + shift) -%}
      {%- set value = column if outer.first else 'coalesce(' ~ column ~ ', 0)' -%}
      {%- do parts.append(value if coefficient == '1' else exact(coefficient) ~ ' * ' ~ value) -%}
    {%- endfor -%}
  {%- endfor -%}
  ({{ parts | join(' + ') or 'cast(1 as double)' }})
{%- endmacro %}

{% macro defined(indicator) -%}
  {%- set definitions = var('plan').definitions[indicator] -%}
  {%- set standard = definitions | rejectattr('rule') | list -%}
  {%- set own = definitions | selectattr('rule') | list -%}
  {%- if own -%}
    case rule {%- for one in own %} when {{ quoted(one.rule) }} then {{ caller(one) }}{% endfor %}{% if standard %} else {{ caller(standard[0]) }}{% endif %} end
  {%- else -%}{{ caller(standard[0]) }}{%- endif -%}
{%- endmacro %}

{# A number of a rule: printed, or computed in int_enterprise_bases. #}
{% macro number_of(value, column) -%}
  {%- if value is none -%}cast(null as double)
  {%- elif value.all is defined -%}{{ column if value.all.statistic is defined else exact(value.all.given) }}
  {%- else -%}
    case firm_class {%- for name, one in value.by_class.items() if not one.unsaid is defined %} when '{{ name }}' then {{ column if one.statistic is defined else exact(one.given) }}{% endfor %} else cast(null as double) end
  {%- endif -%}
{%- endmacro %}

{# The statistics behind a number, each with the class that it is for (none: every class). #}
{% macro statistics_of(value) -%}
  {%- set found = [] -%}
  {%- if value -%}
    {%- if value.all is defined and value.all.statistic is defined %}{% do found.append((none, value.all)) %}{% endif -%}
    {%- for name, one in (value.by_class or {}).items() if one.statistic is defined %}{% do found.append((name, one)) %}{% endfor -%}
  {%- endif -%}
  {{ return(found) }}
{%- endmacro %}

{# A statistic of a population as a window over all units that rules cover. #}
{% macro statistic(one, indicator, rule) -%}
  {%- set suffix = '_y' ~ one.shift if one.shift else '' -%}
  {%- set column = indicator ~ suffix -%}
  {%- set who = ["status = 'scored'", column ~ ' is not null'] -%}
  {%- if one.scale %}{% do who.append("scale = '" ~ one.scale ~ "'") %}{% endif -%}
  {%- if one.where %}{% do who.append(holds(one.where)) %}{% endif -%}
  {%- set who = who | join(' and ') -%}
  {%- set keys = ['run', 'rule'] -%}
  {%- for key in one.within %}{% do keys.append('firm_class' if key == 'class' else key) %}{% endfor -%}
  {%- set over = 'over (partition by ' ~ keys | join(', ') ~ ')' -%}
  {%- set taken = 'case when ' ~ who ~ ' then ' ~ column ~ ' end' -%}
  case when count({{ taken }}) {{ over }} >= {{ var('plan').smallest_population }} then {{ exact(one.factor) }} *
  {%- if one.statistic == 'ratio_of_sums' %} sum(case when {{ who }} then {{ indicator }}_numerator{{ suffix }} end) {{ over }} / nullif(sum(case when {{ who }} then {{ indicator }}_denominator{{ suffix }} end) {{ over }}, 0)
  {%- elif one.statistic == 'mean' %} avg({{ taken }}) {{ over }}
  {%- elif one.statistic == 'maximum' %} max({{ taken }}) {{ over }}
  {%- elif one.statistic == 'minimum' %} min({{ taken }}) {{ over }}
  {%- elif one.statistic == 'median' %} {{ percentile_of(taken, 0.5) }} {{ over }}
  {%- else %} {{ percentile_of(taken, one.percent | float / 100) }} {{ over }}
  {%- endif %} end
{%- endmacro %}

{% macro within_steps(steps, column) -%}
  case {%- for step in steps %} when {% set ends = [] -%}
    {%- if step.low is not none %}{% do ends.append(column ~ (' >= ' if step.low_closed else ' > ') ~ exact(step.low)) %}{% endif -%}
    {%- if step.high is not none %}{% do ends.append(column ~ (' <= ' if step.high_closed else ' < ') ~ exact(step.high)) %}{% endif -%}
    {{ ends | join(' and ') or 'true' }} then {{ exact(step.points) }}{% endfor %} end
{%- endmacro %}

{# The place of a value among those of the ranked group, equal ones alike; and how many there are. #}
{% macro place_of(scored, value, scheme) -%}
  rank() over (partition by {{ peers_of(value, scheme) }} order by {{ value }} {{ 'asc' if scored.lower_is_better else 'desc' }})
{%- endmacro %}

{% macro placed_of(value, scheme) -%}count(*) over (partition by {{ peers_of(value, scheme) }}){%- endmacro %}

{% macro peers_of(value, scheme) -%}
  {%- set keys = ['run', 'scheme_no'] -%}
  {%- for key in scheme.within %}{% do keys.append('firm_class' if key == 'class' else key) %}{% endfor -%}
  {{ keys | join(', ') }}, case when status = 'scored' and {{ value }} is not null then 0 else 1 end
{%- endmacro %}

{# Points of one indicator before cap and floor, where its value is known. #}
{% macro points_by(scored, name, scheme) -%}
  {%- set value, weight, base = name, name ~ '_weight', name ~ '_base' -%}
  {%- if scored.points == 'ratio' -%}{{ value }} / {{ base }} * {{ weight }}
  {%- elif scored.points == 'inverse' -%}{{ base }} / nullif({{ value }}, 0) * {{ weight }}
  {%- elif scored.points == 'mirror' -%}(2 - {{ value }} / {{ base }}) * {{ weight }}
  {%- elif scored.points == 'linear' -%}
    {%- set place = '(' ~ value ~ ' - ' ~ name ~ '_worst) / nullif(' ~ name ~ '_best - ' ~ name ~ '_worst, 0)' -%}
    case when {{ place }} < 0 then {{ exact(scored.share_beyond_worst) }} else least(100, {{ exact(scored.share_at_worst) }} + (100 - {{ exact(scored.share_at_worst) }}) * {{ place }}) end / 100 * {{ weight }}
  {%- elif scored.points == 'steps' and scored.steps_of == 'value' -%}{{ within_steps(scored.steps, value) }}
  {%- elif scored.points == 'steps' and scored.steps_of == 'base' -%}{{ within_steps(scored.steps, '(' ~ value ~ ' / ' ~ base ~ ')') }}
  {%- elif scored.points == 'steps' -%}{{ within_steps(scored.steps, '(100.0 * ' ~ place_of(scored, value, scheme) ~ ' / ' ~ placed_of(value, scheme) ~ ')') }}
  {%- elif scored.points == 'rank' -%}
    ({{ exact(scored.share_at_worst) }} + (100 - {{ exact(scored.share_at_worst) }}) * (1 - ({{ place_of(scored, value, scheme) }} - 1) / nullif({{ placed_of(value, scheme) }} - 1, 0))) / 100 * {{ weight }}
  {%- endif -%}
{%- endmacro %}

{# The same with what the rule says of negative values, caps and floors. #}
{% macro bounded_points(scored, name, scheme) -%}
  {%- set points = points_by(scored, name, scheme) -%}
  {%- set most = scored.cap_points if scored.cap_points is not none else none -%}
  {%- set most = exact(most) if most is not none else (exact(scored.cap) ~ ' * ' ~ name ~ '_weight' if scored.cap is not none else none) -%}
  {%- if most is not none %}{% set points = 'least(' ~ most ~ ', ' ~ points ~ ')' %}{% endif -%}
  {%- if scored.floor_points is not none %}{% set points = 'greatest(' ~ exact(scored.floor_points) ~ ', ' ~ points ~ ')' %}{% endif -%}
  {%- if scored.negative.how == 'as_computed' -%}{{ points }}
  {%- else -%}case when {{ name }} < 0 then {{ treated(scored.negative, name) }} else {{ points }} end{%- endif -%}
{%- endmacro %}

{# Points in place of those that a value would bring; null where the rule is silent or where others must be known first. #}
{% macro treated(treatment, name) -%}
  {%- if treatment.how in ('zero', 'to_others', 'moved') -%}cast(0 as double)
  {%- elif treatment.how == 'full' -%}{{ name }}_weight
  {%- elif treatment.how == 'class_mean' -%}{{ name }}_class_mean
  {%- elif treatment.how == 'points' -%}{{ exact(treatment.points) }}
  {%- else -%}cast(null as double){%- endif -%}
{%- endmacro %}

{# What is added to the points of those indicators that the weight of a missing one goes to. #}
{% macro moved_points(scheme) -%}
  {%- for name, scored in scheme.indicators.items() -%}
    {%- for treatment, missing in ((scored.no_record, "<> 'zero_denominator'"), (scored.zero_denominator, "= 'zero_denominator'")) if treatment.how == 'moved' %} + case when {{ name }}_missing {{ missing }} then 0
      {%- for other, weight in treatment.to.items() %} + {{ exact(weight) }} * {{ other }}_points / nullif({{ other }}_weight, 0){% endfor %} else 0 end
    {%- endfor -%}
  {%- endfor -%}
{%- endmacro %}

{# What one adjustment adds to the total, or takes from it. #}
{% macro amount_of(adjustment) -%}
  {%- if adjustment.points is not none -%}{% set amount = exact(adjustment.points) %}
  {%- else -%}
    {%- set per = adjustment.per -%}
    {%- set pieces = 'floor((coalesce(' ~ fact_column(per.fact) ~ ', 0) - ' ~ exact(per.beyond) ~ ') / ' ~ exact(per.step) ~ ')' -%}
    {%- set amount = 'case when ' ~ pieces ~ ' < 1 then 0 else ' ~ exact(per.first) ~ ' + (' ~ pieces ~ ' - 1) * ' ~ exact(per.each) ~ ' end' -%}
  {%- endif -%}
  {%- if adjustment.at_most is not none %}{% set amount = 'greatest(-' ~ exact(adjustment.at_most) ~ ', least(' ~ exact(adjustment.at_most) ~ ', ' ~ amount ~ '))' %}{% endif -%}
  {%- if adjustment.when %}{% set amount = 'case when ' ~ holds(adjustment.when) ~ ' then ' ~ amount ~ ' else 0 end' %}{% endif -%}
  {{ amount }}
{%- endmacro %}

{# All additions (sign +) or deductions (sign -) of a scheme; of one group the largest counts. #}
{% macro adjustments_of(scheme, sign) -%}
  {%- set take = 'greatest' if sign == '+' else 'least' -%}
  {%- set parts, groups = [], {} -%}
  {%- for one in scheme.adjustments if one.factor is none -%}
    {%- set amount = take ~ '(0, ' ~ amount_of(one) ~ ')' -%}
    {%- if one.group %}{% do groups.setdefault(one.group, []).append(amount) %}{% else %}{% do parts.append(amount) %}{% endif -%}
  {%- endfor -%}
  {%- for amounts in groups.values() %}{% do parts.append(take ~ '(' ~ (['0'] + amounts) | join(', ') ~ ')') %}{% endfor -%}
  {%- set sum = (parts | join(' + ')) or '0' -%}
  {%- if sign == '+' and scheme.total.additions_at_most is not none -%}least({{ exact(scheme.total.additions_at_most) }}, {{ sum }})
  {%- elif sign == '-' and scheme.total.deductions_at_most is not none -%}greatest(-{{ exact(scheme.total.deductions_at_most) }}, {{ sum }})
  {%- else -%}cast({{ sum }} as double){%- endif -%}
{%- endmacro %}

{% macro factor_of(scheme) -%}
  {%- set parts = [] -%}
  {%- for one in scheme.adjustments if one.factor is not none -%}
    {%- do parts.append('case when ' ~ holds(one.when) ~ ' then ' ~ exact(one.factor) ~ ' else 1 end' if one.when else exact(one.factor)) -%}
  {%- endfor -%}
  {{ (parts | join(' * ')) or '1' }}
{%- endmacro %}

{# Whether a firm is barred from the grades better than a level by an override that lets the next ones take them. #}
{% macro barred_from(level) -%}
  {%- set hits = [] -%}
  {%- for scheme in var('plan').schemes -%}
    {%- for one in scheme.overrides if one.ranking == 'passed_over' and one.at_most == level %}{% do hits.append('leaves_' ~ one.no) %}{% endfor -%}
  {%- endfor -%}
  case when {{ hits | join(' or ') }} then 1 else 0 end
{%- endmacro %}

{# Whether the place among those who may have them is one of the grades better than a level. #}
{% macro within_grades_before(scheme, level) -%}
  {%- set band = scheme.bands | selectattr('grade', 'equalto', level - 1) | first -%}
  {%- if scheme.grades_by == 'share' and band and band.high is not none -%}
    place_{{ level }} <{{ '=' if band.high_closed }} {{ firms_up_to(band.high, scheme.rounding) }}
  {%- else -%}false{%- endif -%}
{%- endmacro %}

{# How many firms a cumulative share comes to. #}
{% macro firms_up_to(share, rounding) -%}
  {%- set firms = 'ranked_firms * ' ~ exact(share) ~ ' / 100' -%}
  {{ {'exact': firms, 'down': 'floor(' ~ firms ~ ')', 'up': 'ceil(' ~ firms ~ ')', 'nearest': 'floor(' ~ firms ~ ' + 0.5)'}[rounding] }}
{%- endmacro %}

{# The grade's number, 1 the best, that a rank or a score falls into; null in a gap. #}
{% macro grade_by_bands(scheme) -%}
  case {%- for band in scheme.bands %} when {% set ends = [] -%}
    {%- for bound, closed, lower in ((band.low, band.low_closed, true), (band.high, band.high_closed, false)) if bound is not none -%}
      {%- if scheme.grades_by == 'score' -%}
        {%- do ends.append('score ' ~ ('>' if lower else '<') ~ ('=' if closed else '') ~ ' ' ~ exact(bound)) -%}
      {%- else -%}
        {%- do ends.append('rank_in_group ' ~ ('>' if lower else '<') ~ ('=' if closed else '') ~ ' ' ~ firms_up_to(bound, scheme.rounding)) -%}
      {%- endif -%}
    {%- endfor -%}
    {{ ends | join(' and ') or 'true' }} then {{ band.grade }}{% endfor %} end
{%- endmacro %}

{# A grade after one override: moved, bounded or set. #}
{% macro overridden(override, grade, grades) -%}
  {%- if override.move is not none -%}
    {%- set to = 'greatest(1, least(' ~ grades | length ~ ', ' ~ grade ~ ' - (' ~ override.move ~ ')))' -%}
  {%- elif override.grade is defined -%}{%- set to = override.grade -%}
  {%- elif override.at_most is defined -%}{%- set to = 'greatest(' ~ override.at_most ~ ', ' ~ grade ~ ')' -%}
  {%- else -%}{%- set to = 'least(' ~ override.at_least ~ ', ' ~ grade ~ ')' -%}{%- endif -%}
  case when hits_{{ override.no }} then {{ to }} else {{ grade }} end
{%- endmacro %}

{# Whether any rule computes a number from a population. What is read once is inlined as a view; what is read by the models
   of such numbers, too, is kept as a table. #}
{% macro computes_bases() -%}
  {%- set found = [] -%}
  {%- for scheme in var('plan').schemes if not scheme.unsaid -%}
    {%- for scored in scheme.indicators.values() -%}
      {%- for word in ('base', 'worst', 'best') %}{% do found.extend(statistics_of(scored[word])) %}{% endfor -%}
    {%- endfor -%}
  {%- endfor -%}
  {{ return(found | length > 0) }}
{%- endmacro %}

{# The column of an item so many years before the evaluated one. #}
{% macro column_of(item, ago=0) -%}item_{{ item }}{{ '_y' ~ ago if ago }}{%- endmacro %}

{# Each item and year that rules or the tables that leave ask for: they stand as columns of stg_enterprise_items. #}
{% macro needed_items() -%}
  {%- set plan, found = var('plan'), [] -%}
  {%- for run in plan.runs -%}
    {%- for item, ago in plan['items'] + [['land_used', 0], ['tax_paid', 0], ['value_added', 0]] -%}
      {%- if [item, run.period - ago] not in found %}{% do found.append([item, run.period - ago]) %}{% endif -%}
    {%- endfor -%}
  {%- endfor -%}
  {{ return(found | sort) }}
{%- endmacro %}

{# An item's value in the evaluated year of a run, or so many years before. #}
{% macro value_of(item, ago=0) -%}
  {%- set periods = var('plan').runs | map(attribute='period') | unique | sort -%}
  {%- if periods | length == 1 -%}items.{{ item }}_{{ periods[0] - ago }}
  {%- else -%}case period {%- for period in periods %} when {{ period }} then items.{{ item }}_{{ period - ago }}{% endfor %} end{%- endif -%}
{%- endmacro %}

{# Whether any rule evaluates several firms as one unit; the same of groups that a rule must know of, and of landlords. #}
{% macro evaluates_together() -%}
  {{ return(looks_for(['merged'], ['with_landlord'])) }}
{%- endmacro %}

{% macro looks_at_groups() -%}{{ return(looks_for(['merged', 'unsaid'], [])) }}{%- endmacro %}

{% macro looks_at_landlords() -%}{{ return(looks_for([], ['with_landlord', 'follow_landlord'])) }}{%- endmacro %}

{% macro looks_for(on_groups, on_tenants) -%}
  {%- set found = [] -%}
  {%- for rule in var('plan').rules if rule.groups in on_groups or rule.tenants.above in on_tenants or rule.tenants.below in on_tenants -%}
    {%- do found.append(rule.rule) -%}
  {%- endfor -%}
  {{ return(found | length > 0) }}
{%- endmacro %}
