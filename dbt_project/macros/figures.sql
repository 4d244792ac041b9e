{#- A mart that sets several figures beside each other picks each of them once, whole: value, interval, qualifier, unit
    and id come from one print. -#}

{#- All that is told of one figure. -#}
{% macro whole_figure(relation=none) -%}
{%- set of = relation ~ '.' if relation else '' -%}
{
        'value': {{ of }}obs_value,
        'low': {{ of }}obs_value_low,
        'high': {{ of }}obs_value_high,
        'qualifier': {{ of }}qualifier,
        'unit': {{ of }}unit_measure,
        'base_period': {{ of }}base_period,
        'time_period': {{ of }}time_period,
        'period_end': {{ of }}period_end,
        'figure_id': {{ of }}figure_id,
        'source_id': {{ of }}source_id,
        'known_from': {{ of }}known_from,
        'confidence': {{ of }}confidence
    }
{%- endmacro %}

{#- Of each group, one figure for each name: the latest, and of those the finest. `picks`: name to condition. -#}
{% macro one_figure_each(picks) -%}
    {%- for name, condition in picks.items() %}
    first(
        {{ whole_figure() }}
        order by period_end desc, obs_value_high - obs_value_low asc nulls last, figure_id
    ) filter (where {{ condition }}) as {{ name }}{% if not loop.last %},{% endif %}
    {%- endfor %}
{%- endmacro %}

{#- A further figure of the same group by the vintage that goes with a picked one (macro known_together).

    Args:
        print: a pick of the relation `picked`.
        figures: relation of all prints, current or not.
        condition: which of them.
        keys: the columns that name a group. -#}
{% macro known_with(print, figures, condition, keys=['ref_area', 'time_period']) -%}
{%- set candidates -%}
(
        select
            figures.*,
            picked.{{ print }}.known_from as as_of,
            picked.{{ print }}.source_id = figures.source_id as is_own
        from picked
        inner join {{ figures }} as figures
            on {% for key in keys %}picked.{{ key }} = figures.{{ key }}{% if not loop.last %} and {% endif %}{% endfor %}
        where {{ condition }} and figures.time_basis not in ('target', 'change') and picked.{{ print }} is not null
    )
{%- endset -%}
select
    {{ keys | join(', ') }},
    {{ whole_figure() }} as figure
from ({{ known_together(candidates, keys | join(', ')) }})
{%- endmacro %}

{#- A picked figure as columns: its value, and the qualifier without which 近700万 would read as 700万. -#}
{% macro printed_columns(figures) -%}
    {%- for name in figures %}
    {{ name }}.value as {{ name }},
    {{ name }}.qualifier as {{ name }}_qualifier{% if not loop.last %},{% endif %}
    {%- endfor %}
{%- endmacro %}

{#- A number computed from prints: only from numbers, never from bounds; and the interval within all of the prints. -#}
{% macro derived_columns(name, figures, value, low, high, type) -%}
    case
        when {% for figure in figures %}{{ figure }}.qualifier in ('exact', 'about'){% if not loop.last %} and {% endif %}{% endfor %}

            then cast({{ value }} as {{ type }})
    end as {{ name }},
    {{ outward(low, 'down') }} as {{ name }}_low,
    {{ outward(high, 'up') }} as {{ name }}_high
{%- endmacro %}

{#- One amount over another; both are at least 0. -#}
{% macro quotient_columns(name, over, under, scale, type) -%}
{{ derived_columns(
    name, [over, under],
    over ~ '.value / nullif(' ~ under ~ '.value, 0) * ' ~ scale,
    over ~ '.low / nullif(' ~ under ~ '.high, 0) * ' ~ scale,
    over ~ '.high / nullif(' ~ under ~ '.low, 0) * ' ~ scale,
    type
) }}
{%- endmacro %}

{#- What a row stands on: units of its columns, ids of its figures, and the lowest confidence among them.

    Args:
        figures: names of picked figures, each a column.
        also: figures that only computed columns stand on.
        units: computed column to its unit. -#}
{% macro standing_on(figures, also=[], units={}) -%}
    concat_ws(
        ';'
        {%- for name in figures %}, '{{ name }}=' || {{ name }}.unit{% endfor %}
        {%- for name, unit in units.items() %}, '{{ name }}={{ unit }}'{% endfor %}
    ) as units,
    list_sort(list_distinct(list_filter(
        [{% for figure in (figures | list) + also %}{{ figure }}.figure_id{% if not loop.last %}, {% endif %}{% endfor %}],
        lambda id: id is not null  -- noqa: PRS
    ))) as figure_ids,
    greatest({% for figure in (figures | list) + also %}{{ figure }}.confidence{% if not loop.last %}, {% endif %}{% endfor %}) as lowest_confidence
{%- endmacro %}

{#- A number computed from closed prints under a condition, with its interval within them. -#}
{% macro within_prints(name, condition, value, low, high, type) -%}
    case when {{ condition }} then cast({{ value }} as {{ type }}) end as {{ name }},
    case when {{ condition }} then {{ outward(low, 'down') }} end as {{ name }}_low,
    case when {{ condition }} then {{ outward(high, 'up') }} end as {{ name }}_high
{%- endmacro %}

{#- The least or greatest value of an interval over the size of the first print, in percent; the first print is an
    interval too. Null where it may be 0, or where the end is open. -#}
{% macro percent_of_first(side, low, high) -%}
    {%- set smallest = 'case when first.low > 0 then first.low when first.high < 0 then -first.high end' -%}
    {%- set largest = 'case when first.low > 0 then first.high when first.high < 0 then -first.low end' -%}
    {%- set over, toward_zero = (low, largest) if side == 'low' else (high, smallest) -%}
    {%- set away = smallest if side == 'low' else largest -%}
    case
        when not coalesce(first.low > 0 or first.high < 0, false) or ({{ over }}) is null then null
        when ({{ over }}) >= 0 then coalesce(({{ over }}) / cast({{ toward_zero }} as double), {{ 0 if side == 'low' else 'null' }})
        else coalesce(({{ over }}) / cast({{ away }} as double), {{ 'null' if side == 'low' else 0 }})
    end * 100
{%- endmacro %}

{#- How far a print may have moved from the first one, in percent of it: that is itself over the first, less the whole, so
    that the first print's interval counts once. -#}
{% macro change_percent(side) -%}
    ({{ percent_of_first(side, 'compared.obs_value_low', 'compared.obs_value_high') }}
    + case when first.low > 0 then -100 else 100 end)
{%- endmacro %}

{#- A change since the first print; of that print itself it is nothing at all. -#}
{% macro since_first(change) -%}
    case when compared.figure_id = first.figure_id then 0 else {{ change }} end
{%- endmacro %}

{#- How far a print may have moved from the one before it, in percent of the first, which may be that one. -#}
{% macro revision_percent(side) -%}
    case
        when before.figure_id = first.figure_id then {{ change_percent(side) }}
        else {{ percent_of_first(side, 'compared.obs_value_low - before.high', 'compared.obs_value_high - before.low') }}
    end
{%- endmacro %}

{#- The least or greatest share of the way from a baseline to a target that two intervals allow: it moves one way with each
    of them, so an end lies at a corner. -#}
{% macro corners_of_way(side) -%}
    {{ side }}(
        (latest.low - baseline.low) / (target.value - baseline.low),
        (latest.low - baseline.high) / (target.value - baseline.high),
        (latest.high - baseline.low) / (target.value - baseline.low),
        (latest.high - baseline.high) / (target.value - baseline.high)
    )
{%- endmacro %}
