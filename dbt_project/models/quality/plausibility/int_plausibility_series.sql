-- A figure against its own series and against the change of other places.
--
-- Change is measured as 2·(b − a) / (|a| + |b|), which a zero or negative base does not upset (10 times as much is
-- 1.64, half as much -0.67), for percentages as the difference. A jump is a change too many usual deviations from the
-- median of the series' other changes, where it has enough of them; else beyond a plain limit.
with figures as (
    select * from {{ ref('int_plausibility_figures') }}
),

neighbours as (
    select
        *,
        lag(figure_id) over series as previous_figure_id,
        lag(obs_value) over series as previous_value,
        greatest((period_end - lag(period_end) over series) / 366.0, 1.0) as years
    from figures
    where is_current and time_basis <> 'target' and measure <> 'rank' and period_end is not null
    window series as (
        partition by
            indicator, breakdown, ref_area, freq, time_basis,
            -- quarters and months are compared with the same one of the year before
            case when freq = 'A' then '' else substr(time_period, 5) end,
            -- growth since 2017 and growth since last year are two series
            case
                when base_period is null then ''
                when try_cast(left(base_period, 4) as integer) = try_cast(left(time_period, 4) as integer) - 1 then '-1'
                else base_period
            end
        order by period_end, figure_id
    )
),

changes as (
    select
        *,
        case
            when is_percentage then obs_value - previous_value
            when abs(obs_value) + abs(previous_value) = 0 then 0
            else 2 * (obs_value - previous_value) / (abs(obs_value) + abs(previous_value))
        end / years as change
    from neighbours
    where previous_figure_id is not null
),

usual as (
    select
        changes.figure_id,
        median(others.change) as median_change,
        mad(others.change) as mad_change,
        count(*) as history
    from changes
    inner join changes as others
        on
            changes.indicator = others.indicator
            and changes.breakdown = others.breakdown
            and changes.ref_area = others.ref_area
            and changes.freq = others.freq
            and changes.time_basis = others.time_basis
            and changes.figure_id <> others.figure_id
    group by changes.figure_id
),

-- a series, or a year, however even, allows so much
limited as (
    select
        *,
        case
            when is_percentage then {{ threshold('continuity', 'least_points') }}
            else {{ threshold('continuity', 'least_relative') }}
        end as smallest_leeway,
        case
            when is_percentage then {{ threshold('continuity', 'deviations_points') }}
            else {{ threshold('continuity', 'deviations_relative') }}
        end as deviations,
        case
            when is_percentage then {{ threshold('change_of_other_places', 'least_points') }}
            else {{ threshold('change_of_other_places', 'least_relative') }}
        end as smallest_leeway_of_year,
        case
            when is_percentage then {{ threshold('change_of_other_places', 'deviations_points') }}
            else {{ threshold('change_of_other_places', 'deviations_relative') }}
        end as deviations_of_year
    from changes
),

expected_changes as (
    select
        changes.*,
        usual.history,
        usual.mad_change,
        case
            when coalesce(usual.history, 0) >= {{ threshold('continuity', 'history') }} then usual.median_change
            else 0
        end as middle,
        case
            when coalesce(usual.history, 0) >= {{ threshold('continuity', 'history') }}
                then
                    greatest(
                        changes.smallest_leeway,
                        changes.deviations * {{ usual_deviation('usual.mad_change') }}
                    )
            when changes.measure = 'growth' then {{ threshold('continuity', 'growth_points') }}
            when changes.is_percentage then {{ threshold('continuity', 'share_points') }}
            else {{ threshold('continuity', 'relative') }}
        end as leeway
    from limited as changes
    left join usual
        on changes.figure_id = usual.figure_id
),

-- the same change in the other places
changes_of_peers as (
    select
        *,
        median(change) over peers_of_change as middle,
        mad(change) over peers_of_change as spread_of_changes,
        count(*) over peers_of_change as places
    from limited
    where ref_area <> '000000'
    window peers_of_change as (
        partition by
            indicator, breakdown, freq, time_period, time_basis, round(years, 1),
            {{ level_of_place('ref_area') }}
    )
),

-- where all places moved so, it is the year, and where the place often moves so, it is the place: either way no
-- question of one figure. Alike is what lies within half of the distance at which the other rule asks.
made_by_all as (
    select figure_id
    from changes_of_peers
    where
        places >= {{ threshold('change_of_other_places', 'places') }}
        and abs(change - middle) <= greatest(
            smallest_leeway_of_year, deviations_of_year / 2 * {{ usual_deviation('spread_of_changes') }}
        )
),

made_often as (
    select figure_id
    from expected_changes
    where
        history >= {{ threshold('continuity', 'history') }}
        and abs(change - middle) <= greatest(
            smallest_leeway, deviations / 2 * {{ usual_deviation('mad_change') }}
        )
),

jumps as (
    select
        *,
        'continuity' as rule
    from expected_changes
    where abs(change - middle) > leeway and figure_id not in (select figure_id from made_by_all)
),

apart_in_change as (
    select
        * exclude (spread_of_changes, places),
        greatest(
            smallest_leeway_of_year,
            deviations_of_year * {{ usual_deviation('spread_of_changes') }}
        ) as leeway,
        'change_of_other_places' as rule
    from changes_of_peers
    where
        places >= {{ threshold('change_of_other_places', 'places') }}
        and abs(change - middle) > leeway
        and figure_id not in (select figure_id from made_often)
),

all_jumps as (
    select * from jumps
    union all by name
    select * from apart_in_change
),

-- back from the change to the values between which the figure would have been usual
ends as (
    select
        *,
        (middle - leeway) * years as lowest,
        (middle + leeway) * years as highest
    from all_jumps
),

discontinuous as (
    select
        figure_id,
        rule,
        obs_value as found,
        case
            when is_percentage then previous_value + lowest
            when previous_value > 0 and lowest > -2 then previous_value * (2 + lowest) / (2 - least(lowest, 1.99))
        end as expected_low,
        case
            when is_percentage then previous_value + highest
            when previous_value > 0 and highest < 2 then previous_value * (2 + highest) / (2 - highest)
        end as expected_high,
        previous_figure_id as compared_with
    from ends
)

select * from discontinuous
