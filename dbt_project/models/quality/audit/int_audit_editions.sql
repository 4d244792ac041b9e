-- From when and until when a print stood. Prints known outside of these days were not known together with it.
--
-- A print stands from the day after another value of the figure was last printed, until the day on which another is.
-- And a census revises a series as a whole, the years that nobody prints again with those that somebody does: a print
-- that is older than such a day is of another edition than one that is not. The yearly verification changes one or two
-- years of a series; a day on which five or more of its periods were changed is a revision of the whole. Of a print
-- without a date nothing of the kind is known.
with dated as (
    select *
    from {{ ref('int_audit_figures') }}
    where published_on is not null
),

pairs as (
    select
        one.figure_id,
        one.indicator,
        one.breakdown,
        one.ref_area,
        one.freq,
        one.time_basis,
        one.time_period,
        one.known_from,
        other.known_from as other_known_from,
        one.obs_value_low > other.obs_value_high or one.obs_value_high < other.obs_value_low as is_contradicted
    from dated as one
    inner join dated as other
        on
            one.indicator = other.indicator
            and one.breakdown = other.breakdown
            and one.ref_area = other.ref_area
            and one.freq = other.freq
            and one.time_period = other.time_period
            and one.time_basis = other.time_basis
            and one.period_start is not distinct from other.period_start
            and one.base_period is not distinct from other.base_period
    where one.known_from <> other.known_from
),

turns as (
    select
        figure_id,
        indicator,
        breakdown,
        ref_area,
        freq,
        time_basis,
        time_period,
        known_from,
        max(other_known_from) filter (where other_known_from < known_from) as printed_before,
        max(other_known_from) filter (where other_known_from < known_from and is_contradicted) as contradicted_before,
        min(other_known_from) filter (where other_known_from > known_from and is_contradicted) as contradicted_after
    from pairs
    group by figure_id, indicator, breakdown, ref_area, freq, time_basis, time_period, known_from
),

revisions as (
    select
        indicator,
        breakdown,
        ref_area,
        freq,
        time_basis,
        known_from as revised_on
    from turns
    where contradicted_before = printed_before
    group by indicator, breakdown, ref_area, freq, time_basis, known_from
    having count(distinct time_period) >= 5
),

editions as (
    select
        figures.figure_id,
        max(revisions.revised_on) filter (where revisions.revised_on <= figures.known_from) as edition_from,
        min(revisions.revised_on) filter (where revisions.revised_on > figures.known_from) as edition_until
    from dated as figures
    inner join revisions
        on
            figures.indicator = revisions.indicator
            and figures.breakdown = revisions.breakdown
            and figures.ref_area = revisions.ref_area
            and figures.freq = revisions.freq
            and figures.time_basis = revisions.time_basis
    group by figures.figure_id
)

select
    figures.figure_id,
    figures.known_from,
    greatest(turns.contradicted_before + 1, editions.edition_from) as stood_from,
    least(turns.contradicted_after, editions.edition_until) as stood_until
from dated as figures
left join turns
    on figures.figure_id = turns.figure_id
left join editions
    on figures.figure_id = editions.figure_id
