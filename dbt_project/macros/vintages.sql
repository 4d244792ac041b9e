{#- What makes two prints the same figure, whichever source prints it. -#}
{% macro figure_identity(relation=none) -%}
    {%- set prefix = relation ~ '.' if relation else '' -%}
    {%- for column in [
        'indicator', 'breakdown', 'ref_area', 'freq', 'time_period', 'period_start', 'period_end', 'time_basis',
        'base_period'
    ] -%}
    {{ prefix }}{{ column }}{% if not loop.last %}, {% endif %}
    {%- endfor -%}
{%- endmacro %}

{#- Prints in the order in which they displace each other: `place_in_line` 1 is the one that stands. The one rule behind
    is_current and facts.vintages, by which observations_as_of and mart_revisions go.

    A print stands as long as no later one contradicts it; of those that stand, the finest is used, and of equally fine
    ones the latest. So a coarser restatement (突破7万元) never displaces the finer print that it agrees with, be that a
    first print or a revision. A print without a date counts as earlier than any with one. Of targets the latest stands.

    Args:
        relation: columns of facts.observations and `confidence` of the source.
        identity: what makes two prints the same figure, where a shorter key stands for it; further columns in it keep
            prints apart. -#}
{% macro ranked_prints(relation, identity=none) -%}
{%- set identity = identity or figure_identity() -%}
select
    * exclude (lowest_high_later, lowest_exact_high_later, highest_low_later),
    row_number() over (
        partition by {{ identity }}
        order by
            case
                when time_basis = 'target' then 0
                when obs_value_low > lowest_high_later or obs_value_low >= lowest_exact_high_later then 1
                when highest_low_later > obs_value_high then 1
                -- the upper end of an exact print does not belong to it any more
                when qualifier = 'exact' and highest_low_later >= obs_value_high then 1
                else 0
            end,
            case
                when time_basis = 'target' then 0
                else coalesce(obs_value_high - obs_value_low, 1e24)
            end,
            {{ latest_first() }}
    ) as place_in_line
from (
    select
        *,
        min(obs_value_high) over later_prints as lowest_high_later,
        min(case when qualifier = 'exact' then obs_value_high end) over later_prints as lowest_exact_high_later,
        max(obs_value_low) over later_prints as highest_low_later
    from {{ relation }}
    window later_prints as (
        partition by {{ identity }} order by {{ latest_first() }}
        rows between unbounded preceding and 1 preceding
    )
)
{%- endmacro %}

{#- Prints of one figure, the latest first. -#}
{% macro latest_first() -%}
    case when published_on is null then 1 else 0 end,
    known_from desc,
    confidence asc,
    decimals - unit_mult desc,
    figure_id
{%- endmacro %}

{#- `facts.observations_as_of(day)`: the figures that stood on a day, from the prints known until then; with
    `audience := 'public'` from those of public sources alone. A view with parameters, which only DuckDB has; it names
    the tables, so it holds over dbt's swap of them.

    Args:
        vintages: the days on which each print stands; the macro is made in its schema.
        observations: every print. -#}
{% macro create_observations_as_of(vintages, observations) -%}
{%- if target.type == 'duckdb' %}
create or replace macro {{ vintages.schema }}.observations_as_of(day, audience := 'internal') as table
select observations.* exclude (is_current)
from {{ observations.schema }}.{{ observations.identifier }} as observations
inner join {{ vintages.schema }}.{{ vintages.identifier }} as vintages
    on observations.figure_id = vintages.figure_id
where
    vintages.valid_from <= cast(day as date)
    and (vintages.valid_to is null or vintages.valid_to > cast(day as date))
    and vintages.seen_by in ('everybody', audience)
order by {{ figure_identity('observations') }}
{%- endif -%}
{%- endmacro %}

{#- The stage of a figure of the national accounts, where the printed words say it; null where they do not. -#}
{% macro stage_in_words(words) -%}
    case
        when regexp_matches({{ words }}, '普查') and regexp_matches({{ words }}, '修订') then 'census_revision'
        when regexp_matches({{ words }}, '最终核实') then 'finally_verified'
        when regexp_matches({{ words }}, '初步核实') then 'preliminarily_verified'
        when regexp_matches({{ words }}, '初步|快报') then 'preliminary'
    end
{%- endmacro %}

{#- The vintage by which a figure is combined with, or held against, a print: the one that the print's own source gives
    beside it; else the one that stood on the print's day (`as_of`); where none was known by then, the earliest that came
    later. The one rule for the audit and the marts.

    Args:
        candidates: relation with the columns that ranked_prints asks for, `as_of` and `is_own` (of the print's source);
            the prints of one figure that may stand for it.
        identity: the columns that name what is asked for and by whom: one vintage is chosen for each. -#}
{% macro known_together(candidates, identity) -%}
select
    * exclude (place_in_line),
    known_from > as_of and not is_own as came_later
from ({% set in_time -%}
    (
        select *
        from {{ candidates }}
        qualify
            is_own
            or (
                not bool_or(is_own) over (partition by {{ identity }})
                and (
                    known_from <= as_of
                    or (
                        not bool_or(known_from <= as_of) over (partition by {{ identity }})
                        and known_from = min(known_from) over (partition by {{ identity }})
                    )
                )
            )
    )
    {%- endset %}{{ ranked_prints(in_time, identity) }})
where place_in_line = 1
{%- endmacro %}
