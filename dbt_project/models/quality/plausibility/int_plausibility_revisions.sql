-- A print against the one known before it: a revision unlike those of the years beside it, of the same place in the
-- same two publications.
--
-- A census revises whole stretches of years by much (Tianjin's product of 2014 to 2017 by a third) and smoothly, then
-- the years after it not at all. So a revision is held against the two beside it: it is a question where it is far from
-- their mean and from either, against the usual distance to the nearer one (which a single wrong print hardly moves).
with figures as (
    select * from {{ ref('int_plausibility_figures') }}
),

prints as (
    select
        *,
        lag(figure_id) over same_figure as earlier_figure_id,
        lag(source_id) over same_figure as earlier_source_id,
        lag(obs_value) over same_figure as earlier_value
    from figures
    where time_basis <> 'target' and measure <> 'rank' and published_on is not null
    window same_figure as (
        partition by {{ figure_identity() }} order by known_from, source_id, figure_id
    )
),

revisions as (
    select
        *,
        case
            when is_percentage then obs_value - earlier_value
            when abs(obs_value) + abs(earlier_value) = 0 then 0
            else 2 * (obs_value - earlier_value) / (abs(obs_value) + abs(earlier_value))
        end as change
    from prints
    where earlier_figure_id is not null and earlier_source_id <> source_id
),

beside_others as (
    select
        *,
        count(*) over of_the_pair as revisions,
        lag(change) over in_order as change_before,
        lead(change) over in_order as change_after
    from revisions
    window
        of_the_pair as (
            partition by source_id, earlier_source_id, indicator, breakdown, ref_area, freq, time_basis
        ),
        in_order as (
            partition by source_id, earlier_source_id, indicator, breakdown, ref_area, freq, time_basis
            order by period_end, figure_id
        )
),

-- with too few there is no usual: then a plain limit, against no revision at all
expected as (
    select
        *,
        revisions >= {{ threshold('revision', 'revisions') }} as has_usual,
        change_before is not null and change_after is not null as is_between,
        case
            when revisions < {{ threshold('revision', 'revisions') }} then 0
            else
                (coalesce(change_before, change_after) + coalesce(change_after, change_before)) / 2
        end as middle,
        least(
            abs(change - coalesce(change_before, change_after)), abs(change - coalesce(change_after, change_before))
        ) as from_nearer
    from beside_others
),

distances as (
    select
        *,
        case
            when not has_usual
                then
                    case
                        when is_percentage then {{ threshold('revision', 'points') }}
                        else {{ threshold('revision', 'relative') }}
                    end
            else
                greatest(
                    case
                        when is_percentage then {{ threshold('revision', 'least_points') }}
                        when is_between then {{ threshold('revision', 'least_between') }}
                        else {{ threshold('revision', 'least_at_end') }}
                    end,
                    {{ threshold('revision', 'deviations') }} * {{ usual_deviation('median(from_nearer)') }} over (
                        partition by source_id, earlier_source_id, indicator, breakdown, ref_area, freq, time_basis
                    )
                )
        end as leeway
    from expected
)

select
    figure_id,
    'revision' as rule,
    obs_value as found,
    case
        when is_percentage then earlier_value + middle - leeway
        when earlier_value > 0 and middle - leeway > -2
            then earlier_value * (2 + middle - leeway) / (2 - least(middle - leeway, 1.99))
    end as expected_low,
    case
        when is_percentage then earlier_value + middle + leeway
        when earlier_value > 0 and middle + leeway < 2
            then earlier_value * (2 + middle + leeway) / (2 - (middle + leeway))
    end as expected_high,
    earlier_figure_id as compared_with
from distances
where abs(change - middle) > leeway and (not has_usual or from_nearer > leeway)
