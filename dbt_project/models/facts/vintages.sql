-- On which days was each print the one to use? Half-open intervals, a row each: a print can come back (70.1, then
-- 70.14, then 不足70.1). What stood on a day is then a comparison of dates. The rule is that of is_current.
--
-- seen_by: to whom. Where none of a figure's prints is internal all see the same; else those outside the house have
-- intervals of their own, from the public prints alone.
{{ config(post_hook="{{ create_observations_as_of(this, ref('observations')) }}") }}
with prints as (
    select
        observations.figure_id,
        observations.time_basis,
        observations.obs_value_low,
        observations.obs_value_high,
        observations.qualifier,
        observations.published_on,
        observations.known_from,
        observations.confidence,
        observations.decimals,
        observations.unit_mult,
        sources.access = 'internal' as is_internal,
        bool_or(sources.access = 'internal') over same_figure as has_internal,
        count(*) over same_figure as prints,
        -- one short key for what makes two prints the same figure: all that follows sorts by it
        min(observations.figure_id) over same_figure as first_figure_id
    from {{ ref('observations') }} as observations
    inner join {{ ref('sources') }} as sources
        on observations.source_id = sources.source_id
    window same_figure as (partition by {{ figure_identity('observations') }})
),

seen as (
    select
        *,
        case when has_internal then 'internal' else 'everybody' end as seen_by
    from prints
    union all
    select
        *,
        'public' as seen_by
    from prints
    where has_internal and not is_internal
),

-- every day on which a print of a figure became known, and the prints known by then
days as (
    select distinct
        first_figure_id,
        seen_by,
        known_from as valid_from
    from seen
    where prints > 1
),

known_then as (
    select
        seen.*,
        days.valid_from
    from seen
    inner join days
        on
            seen.first_figure_id = days.first_figure_id
            and seen.seen_by = days.seen_by
            and seen.known_from <= days.valid_from
),

changes as (
    select
        figure_id,
        first_figure_id,
        seen_by,
        valid_from
    from ({{ ranked_prints('known_then', identity='first_figure_id, seen_by, valid_from') }})
    where place_in_line = 1
    qualify
        lag(figure_id) over (
            partition by first_figure_id, seen_by order by valid_from
        ) is distinct from figure_id
)

select
    figure_id,
    seen_by,
    valid_from,
    lead(valid_from) over (partition by first_figure_id, seen_by order by valid_from) as valid_to
from changes
union all
select
    figure_id,
    seen_by,
    known_from as valid_from,
    cast(null as date) as valid_to
from seen
where prints = 1
