-- Figures that stand out: outside the catalogue's range, a jump against their own series, or far from the other
-- places of the same table. A flag is a question to a person; it changes no figure.
--
-- Change is measured as 2·|b − a| / (|a| + |b|), which a zero or negative base does not upset (10 times as much is
-- 1.64, half as much 0.67), for percentages as the difference. A jump is a change above the series' usual ones: the
-- median and six times the median absolute deviation of its other changes, where it has four; else a plain limit.
with figures as (
    select
        observations.figure_id,
        observations.source_id,
        observations.indicator,
        observations.breakdown,
        observations.ref_area,
        observations.freq,
        observations.time_period,
        observations.period_end,
        observations.time_basis,
        observations.base_period,
        observations.is_current,
        cast(observations.obs_value as double) as obs_value,
        observations.obs_value_low,
        observations.obs_value_high,
        indicators.measure,
        indicators.is_additive,
        indicators.plausible_low,
        indicators.plausible_high,
        indicators.unit_measure,
        indicators.measure in ('share', 'rate', 'growth', 'difference', 'completion')
        and indicators.unit_measure in ('percent', 'per_mille', 'percentage_point') as is_percentage
    from {{ ref('observations') }} as observations
    inner join {{ ref('indicators') }} as indicators
        on observations.indicator = indicators.indicator
),

out_of_range as (
    select
        figure_id,
        'range' as rule,
        obs_value as found,
        cast(plausible_low as double) as expected_low,
        cast(plausible_high as double) as expected_high,
        null as compared_with
    from figures
    where obs_value_high < plausible_low or obs_value_low > plausible_high
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
            when is_percentage then abs(obs_value - previous_value)
            when abs(obs_value) + abs(previous_value) = 0 then 0
            else 2 * abs(obs_value - previous_value) / (abs(obs_value) + abs(previous_value))
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

jumps as (
    select
        changes.*,
        case
            when changes.is_percentage
                then
                    case
                        when coalesce(usual.history, 0) >= 4
                            then greatest(4, usual.median_change + 6 * 1.4826 * usual.mad_change)
                        else 12
                    end
            when coalesce(usual.history, 0) >= 4
                then greatest(0.08, usual.median_change + 6 * 1.4826 * usual.mad_change)
            else 0.35
        end as limit_of_change
    from changes
    left join usual
        on changes.figure_id = usual.figure_id
),

discontinuous as (
    select
        figure_id,
        'continuity' as rule,
        obs_value as found,
        case
            when is_percentage then previous_value - limit_of_change * years
            when limit_of_change * years < 2
                then
                    previous_value * (2 - sign(previous_value) * limit_of_change * years)
                    / (2 + sign(previous_value) * limit_of_change * years)
        end as expected_low,
        case
            when is_percentage then previous_value + limit_of_change * years
            when limit_of_change * years < 2
                then
                    previous_value * (2 + sign(previous_value) * limit_of_change * years)
                    / (2 - sign(previous_value) * limit_of_change * years)
        end as expected_high,
        previous_figure_id as compared_with
    from jumps
    where change > limit_of_change
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
            case when substr(ref_area, 3) = '0000' then 'province' when substr(ref_area, 5) = '00' then 'city' else 'other' end
    )
),

limits as (
    select
        *,
        case
            when is_percentage then greatest(8 * 1.4826 * spread, 4)
            when is_additive then greatest(8 * 1.4826 * spread, 2.5)
            else greatest(8 * 1.4826 * spread, 0.4)
        end as limit_of_distance
    from spread
    where places >= 6
),

apart as (
    select
        figure_id,
        'other_places' as rule,
        obs_value as found,
        case when is_percentage then middle - limit_of_distance else exp(middle - limit_of_distance) end as expected_low,
        case when is_percentage then middle + limit_of_distance else exp(middle + limit_of_distance) end as expected_high,
        null as compared_with
    from limits
    where abs(position - middle) > limit_of_distance
),

flags as (
    select * from out_of_range
    union all
    select * from discontinuous
    union all
    select * from apart
)

select
    flags.figure_id,
    flags.rule,
    figures.source_id,
    figures.indicator,
    figures.breakdown,
    figures.ref_area,
    figures.time_period,
    flags.found,
    flags.expected_low,
    flags.expected_high,
    flags.compared_with,
    coalesce(areas.name_zh, figures.ref_area) || figures.time_period || ' ' || indicators.name_zh
    || case figures.breakdown when '' then '' else '（' || figures.breakdown || '）' end || '为'
    || {{ amount_zh('flags.found') }} || units.name_zh || '，'
    || case flags.rule
        when 'range' then '超出目录所定范围'
        when 'continuity' then '与前期相比跳动过大，通常在'
        else '与同表其他地区相差过大，通常在'
    end || {{ interval_zh('flags.expected_low', 'flags.expected_high') }} || '之间（' || figures.source_id || '）。' as finding_zh,
    indicators.name_en || case figures.breakdown when '' then '' else ' (' || figures.breakdown || ')' end || ', '
    || coalesce(areas.name_en, figures.ref_area) || ', ' || figures.time_period || ', is '
    || {{ amount_en('flags.found') }} || ' ' || units.name_en || ': '
    || case flags.rule
        when 'range' then 'outside the catalogue''s range '
        when 'continuity' then 'a jump against the period before; usual would be '
        else 'far from the other places of its table; usual would be '
    end || {{ interval_en('flags.expected_low', 'flags.expected_high') }} || ' (' || figures.source_id || ').' as finding_en
from flags
inner join figures
    on flags.figure_id = figures.figure_id
inner join {{ ref('indicators') }} as indicators
    on figures.indicator = indicators.indicator
inner join {{ ref('units') }} as units
    on indicators.unit_measure = units.unit_measure
left join {{ ref('latest_areas') }} as areas
    on figures.ref_area = areas.ref_area
