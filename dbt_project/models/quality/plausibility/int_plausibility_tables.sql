-- A figure against the table that it was printed in: the other places, another column, the period and the decimals
-- of the rest.
with figures as (
    select * from {{ ref('int_plausibility_figures') }}
),

-- the other places of one table: logarithms, so that large and small places lie on one scale
peers as (
    select
        *,
        case when is_percentage then obs_value else ln(obs_value) end as position
    from figures
    where
        time_basis <> 'target' and measure <> 'rank'
        and ref_area not in ('000000')
        and (is_percentage or obs_value > 0)
),

spread as (
    select
        *,
        median(position) over peers_of_table as middle,
        mad(position) over peers_of_table as spread,
        count(*) over peers_of_table as places
    from peers
    window peers_of_table as (
        partition by
            source_id, indicator, breakdown, freq, time_period, time_basis, coalesce(base_period, ''),
            {{ level_of_place('ref_area') }}
    )
),

limits as (
    select
        *,
        position - middle as distance,
        is_additive and not is_percentage as is_total,
        unit_measure = 'yuan' and not is_additive as is_per_head,
        case
            when is_percentage
                then
                    greatest(
                        {{ threshold('other_places', 'deviations_points') }} * {{ usual_deviation('spread') }},
                        {{ threshold('other_places', 'least_points') }}
                    )
            when is_additive
                then
                    greatest(
                        {{ threshold('other_places', 'deviations_additive') }} * {{ usual_deviation('spread') }},
                        {{ threshold('other_places', 'least_additive') }}
                    )
            else
                greatest(
                    {{ threshold('other_places', 'deviations_relative') }} * {{ usual_deviation('spread') }},
                    {{ threshold('other_places', 'least_relative') }}
                )
        end as limit_of_distance
    from spread
    where places >= {{ threshold('other_places', 'places') }}
),

-- Beijing pays more every year, a rich place is rich by every amount per head, and on an island of 64 000 people every
-- total is small: a place that lies as far off beside itself is placed so, and that is no question of one figure
beside_itself as (
    select
        far.figure_id,
        far.distance,
        far.limit_of_distance,
        others.distance as other_distance,
        case
            when far.indicator = others.indicator and far.breakdown = others.breakdown
                then case when far.time_period <> others.time_period then 'other periods' end
            when far.is_total and others.is_total and far.source_id = others.source_id
                then case when far.time_period = others.time_period then 'other totals of the table' end
            when far.is_per_head and others.is_per_head then 'other amounts per head'
        end as beside
    from limits as far
    inner join limits as others
        on far.ref_area = others.ref_area and far.freq = others.freq and far.time_basis = others.time_basis
    where abs(far.distance) > far.limit_of_distance
),

placed_so as (
    select figure_id
    from beside_itself
    where beside is not null
    group by figure_id, distance, limit_of_distance, beside
    having abs(distance - median(other_distance)) <= limit_of_distance
),

apart as (
    select
        figure_id,
        'other_places' as rule,
        obs_value as found,
        case when is_percentage then middle - limit_of_distance else exp(middle - limit_of_distance) end
            as expected_low,
        case when is_percentage then middle + limit_of_distance else exp(middle + limit_of_distance) end
            as expected_high,
        null as compared_with
    from limits
    where abs(distance) > limit_of_distance and figure_id not in (select figure_id from placed_so)
),

-- A table is printed with one number of decimals; a figure with more than all others of its kind, and more than its
-- indicator has anywhere else, has slipped. A percentage may also be held against those of all sources: nobody prints
-- growth with three decimals.
kinds_of_print as (
    select
        figure_id,
        obs_value,
        decimals,
        is_percentage,
        max(decimals) over (of_kind rows between unbounded preceding and unbounded following exclude current row)
            as decimals_of_others,
        count(*) over of_kind - 1 as others,
        max(decimals) over (of_measure rows between unbounded preceding and unbounded following exclude current row)
            as decimals_anywhere,
        max(decimals) over (of_indicator rows between unbounded preceding and unbounded following exclude current row)
            as decimals_of_indicator,
        count(*) over of_measure - 1 as others_anywhere
    from figures
    -- in running text every number is rounded as the sentence likes it
    where decimals is not null and measure <> 'rank' and locator not like 'char:%'
    window
        of_kind as (partition by source_id, unit_measure, unit_mult),
        of_measure as (partition by measure, unit_measure, unit_mult),
        of_indicator as (partition by indicator, unit_mult)
),

over_precise as (
    select
        figure_id,
        'decimals' as rule,
        obs_value as found,
        null::double as expected_low,
        null::double as expected_high,
        null as compared_with
    from kinds_of_print
    where
        decimals > coalesce(decimals_of_indicator, -1)
        and (
            (others >= {{ threshold('decimals', 'others') }} and decimals > decimals_of_others)
            or (
                is_percentage
                and others_anywhere >= {{ threshold('decimals', 'others_anywhere') }}
                and decimals > decimals_anywhere
            )
        )
),

-- A place that stands alone in a period, and lacks one in which all the others of its level and table stand.
periods_of_tables as (
    select
        figure_id,
        obs_value,
        source_id,
        indicator,
        breakdown,
        time_basis,
        freq,
        ref_area,
        time_period,
        {{ level_of_place('ref_area') }} as area_level,
        count(*) over (partition by source_id, indicator, breakdown, time_basis, freq, time_period) as in_period
    from figures
    where time_basis <> 'target'
),

full_periods as (
    select
        source_id,
        indicator,
        breakdown,
        time_basis,
        freq,
        time_period,
        area_level,
        list(ref_area) as places
    from periods_of_tables
    group by source_id, indicator, breakdown, time_basis, freq, time_period, area_level
    having count(*) >= {{ threshold('period_of_table', 'places') }}
    qualify
        len(places) + {{ threshold('period_of_table', 'missing') }}
        >= max(len(places)) over (partition by source_id, indicator, breakdown, time_basis, freq, area_level)
),

out_of_table as (
    select distinct
        alone.figure_id,
        'period_of_table' as rule,
        alone.obs_value as found,
        null::double as expected_low,
        null::double as expected_high,
        null as compared_with
    from periods_of_tables as alone
    inner join full_periods
        on
            alone.source_id = full_periods.source_id
            and alone.indicator = full_periods.indicator
            and alone.breakdown = full_periods.breakdown
            and alone.time_basis = full_periods.time_basis
            and alone.freq = full_periods.freq
            and alone.area_level = full_periods.area_level
    where
        alone.in_period <= {{ threshold('period_of_table', 'alone') }}
        and not list_contains(full_periods.places, alone.ref_area)
),

-- Two columns of one table whose ratio is much the same in every place, and one place in which it is not.
columns_of_tables as (
    select
        figure_id,
        source_id,
        indicator || '|' || breakdown as table_column,
        domain,
        unit_measure,
        ref_area,
        freq,
        time_period,
        obs_value,
        ln(obs_value) as position
    from figures
    where
        measure = 'level' and obs_value > 0 and time_basis <> 'target' and ref_area <> '000000'
    qualify
        count(*) over (partition by source_id, indicator, breakdown, freq, time_period)
        >= {{ threshold('structure', 'places') }}
        and row_number() over (
            partition by source_id, indicator, breakdown, freq, time_period, ref_area order by figure_id
        ) = 1
),

ratios_of_columns as (
    select
        own.figure_id,
        own.obs_value,
        other.figure_id as other_figure_id,
        own.table_column,
        other.table_column as other_column,
        own.source_id,
        own.freq,
        own.time_period,
        own.ref_area,
        own.position,
        own.position - other.position as ratio
    from columns_of_tables as own
    inner join columns_of_tables as other
        on
            own.source_id = other.source_id
            and own.freq = other.freq
            and own.time_period = other.time_period
            and own.ref_area = other.ref_area
            and own.table_column <> other.table_column
            and (own.domain = other.domain or own.unit_measure = other.unit_measure)
),

ratios_of_tables as (
    select
        source_id,
        freq,
        time_period,
        table_column,
        other_column,
        median(ratio) as middle,
        mad(ratio) as spread
    from ratios_of_columns
    group by source_id, freq, time_period, table_column, other_column
    having count(*) >= {{ threshold('structure', 'places') }}
),

-- the column that it goes with best
steadiness as (
    select
        *,
        greatest(
            {{ threshold('structure', 'deviations') }} * {{ usual_deviation('spread') }},
            {{ threshold('structure', 'least') }}
        ) as leeway
    from ratios_of_tables
    qualify row_number() over (
        partition by source_id, freq, time_period, table_column order by spread, other_column
    ) = 1
),

far_from_its_table as (
    select
        ratios.*,
        steadiness.middle,
        steadiness.leeway
    from ratios_of_columns as ratios
    inner join steadiness
        on
            ratios.source_id = steadiness.source_id
            and ratios.freq = steadiness.freq
            and ratios.time_period = steadiness.time_period
            and ratios.table_column = steadiness.table_column
            and ratios.other_column = steadiness.other_column
    where abs(ratios.ratio - steadiness.middle) > steadiness.leeway
),

-- an island without industry is built so every year
built_so as (
    select far.figure_id
    from far_from_its_table as far
    inner join ratios_of_columns as others
        on
            far.ref_area = others.ref_area
            and far.table_column = others.table_column
            and far.other_column = others.other_column
            and far.freq = others.freq
            and far.time_period <> others.time_period
    group by far.figure_id, far.ratio, far.leeway
    having abs(far.ratio - median(others.ratio)) <= far.leeway
),

unlike_its_table as (
    select
        figure_id,
        'structure' as rule,
        obs_value as found,
        exp(position - ratio + middle - leeway) as expected_low,
        exp(position - ratio + middle + leeway) as expected_high,
        other_figure_id as compared_with
    from far_from_its_table
    where figure_id not in (select figure_id from built_so)
)

select * from apart
union all
select * from over_precise
union all
select * from out_of_table
union all
select * from unlike_its_table
