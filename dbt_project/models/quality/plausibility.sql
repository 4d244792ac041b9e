-- Figures that stand out: outside the catalogue's range, a jump against their own series or unlike the change of other
-- places, far from the other places of their table, a growth unlike prices or unlike town and country. A flag is a
-- question to a person; it changes no figure.
--
-- Change is measured as 2·(b − a) / (|a| + |b|), which a zero or negative base does not upset (10 times as much is
-- 1.64, half as much -0.67), for percentages as the difference. A jump is a change further from the median of the
-- series' other changes than six times their median absolute deviation, where it has four; else beyond a plain limit.
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
        observations.locator,
        observations.decimals,
        observations.unit_mult,
        indicators.domain,
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

expected_changes as (
    select
        changes.*,
        case when coalesce(usual.history, 0) >= 4 then usual.median_change else 0 end as middle,
        case
            when coalesce(usual.history, 0) >= 4
                then
                    greatest(
                        case when changes.is_percentage then 4 else 0.05 end, 6 * 1.4826 * usual.mad_change
                    )
            when changes.measure = 'growth' then 7
            when changes.is_percentage then 12
            else 0.35
        end as leeway
    from changes
    left join usual
        on changes.figure_id = usual.figure_id
),

jumps as (
    select
        *,
        'continuity' as rule
    from expected_changes
    where abs(change - middle) > leeway
),

-- the same change in the other places: where a year was good everywhere, it was good here
changes_of_peers as (
    select
        *,
        median(change) over peers_of_change as middle,
        mad(change) over peers_of_change as spread_of_changes,
        count(*) over peers_of_change as places
    from changes
    where ref_area <> '000000'
    window peers_of_change as (
        partition by
            indicator, breakdown, freq, time_period, time_basis, round(years, 1),
            case
                when substr(ref_area, 3) = '0000' then 'province' when substr(ref_area, 5) = '00' then 'city' else 'other'
            end
    )
),

apart_in_change as (
    select
        * exclude (spread_of_changes, places),
        greatest(case when is_percentage then 4 else 0.05 end, 6 * 1.4826 * spread_of_changes) as leeway,
        'change_of_other_places' as rule
    from changes_of_peers
    where
        places >= 6
        and abs(change - middle) > greatest(case when is_percentage then 4 else 0.05 end, 6 * 1.4826 * spread_of_changes)
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
            when is_percentage then greatest(6 * 1.4826 * spread, 4)
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

-- Nominal less real growth is the change of prices, which is small, and much the same in town and country.
price_changes as (
    select
        real_growth.figure_id,
        nominal.figure_id as nominal_figure_id,
        real_growth.obs_value as real_value,
        nominal.obs_value as nominal_value,
        nominal.obs_value - real_growth.obs_value as price_change,
        median(nominal.obs_value - real_growth.obs_value) over (
            partition by
                real_growth.indicator, real_growth.ref_area, real_growth.time_period, real_growth.base_period
        ) as middle
    from figures as real_growth
    inner join figures as nominal
        on
            real_growth.indicator = nominal.indicator
            and replace(real_growth.breakdown, 'price=real', 'price=nominal') = nominal.breakdown
            and real_growth.source_id = nominal.source_id
            and real_growth.ref_area = nominal.ref_area
            and real_growth.time_period = nominal.time_period
            and real_growth.base_period is not distinct from nominal.base_period
    where
        real_growth.breakdown like '%price=real%'
        -- over one year: prices add up over several
        and try_cast(left(real_growth.base_period, 4) as integer)
        = try_cast(left(real_growth.time_period, 4) as integer) - 1
),

apart_in_prices as (
    select
        figure_id,
        'prices' as rule,
        real_value as found,
        nominal_value - greatest(middle, 0) - 1.5 as expected_low,
        nominal_value - least(middle, 5) + 1.5 as expected_high,
        nominal_figure_id as compared_with
    from price_changes
    where abs(price_change - middle) > 1.5 or price_change not between -2 and 8
),

-- What all residents have grown by lies near what town and country have grown by.
siblings as (
    select
        wholes.figure_id,
        wholes.obs_value,
        least(urban.obs_value, rural.obs_value) as lower_sibling,
        greatest(urban.obs_value, rural.obs_value) as higher_sibling
    from figures as wholes
    inner join figures as urban
        on
            wholes.source_id = urban.source_id
            and wholes.indicator = urban.indicator
            and wholes.ref_area = urban.ref_area
            and wholes.time_period = urban.time_period
            and wholes.base_period is not distinct from urban.base_period
            and urban.breakdown = concat_ws(';', nullif(wholes.breakdown, ''), 'residence=urban')
    inner join figures as rural
        on
            wholes.source_id = rural.source_id
            and wholes.indicator = rural.indicator
            and wholes.ref_area = rural.ref_area
            and wholes.time_period = rural.time_period
            and wholes.base_period is not distinct from rural.base_period
            and rural.breakdown = concat_ws(';', nullif(wholes.breakdown, ''), 'residence=rural')
    where wholes.measure = 'growth'
),

apart_from_siblings as (
    select
        figure_id,
        'town_and_country' as rule,
        obs_value as found,
        lower_sibling - 2 as expected_low,
        higher_sibling + 2 as expected_high,
        null as compared_with
    from siblings
    where obs_value not between lower_sibling - 2 and higher_sibling + 2
),

-- A table is printed with one number of decimals; a figure with more than all others of its kind has slipped.
kinds_of_print as (
    select
        figure_id,
        obs_value,
        decimals,
        max(decimals) over (of_kind rows between unbounded preceding and unbounded following exclude current row)
            as decimals_of_others,
        count(*) over of_kind - 1 as others
    from figures
    -- in running text every number is rounded as the sentence likes it
    where decimals is not null and measure <> 'rank' and locator not like 'char:%'
    window of_kind as (partition by source_id, unit_measure, unit_mult)
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
    where others >= 3 and decimals > decimals_of_others
),

-- A place that stands alone in a period, and lacks the one in which its whole table stands.
periods_of_tables as (
    select
        figure_id,
        obs_value,
        ref_area,
        time_period,
        count(*) over (partition by source_id, indicator, breakdown, time_basis, freq, time_period) as in_period,
        count(*) over (partition by source_id, indicator, breakdown, time_basis, freq) as in_table,
        mode(time_period) over (partition by source_id, indicator, breakdown, time_basis, freq) as period_of_table,
        list(ref_area || ' ' || time_period) over (partition by source_id, indicator, breakdown, time_basis, freq)
            as cells
    from figures
    where time_basis <> 'target'
),

out_of_table as (
    select
        figure_id,
        'period_of_table' as rule,
        obs_value as found,
        null::double as expected_low,
        null::double as expected_high,
        null as compared_with
    from periods_of_tables
    where
        in_table >= 6
        and in_period <= 2
        and not list_contains(cells, ref_area || ' ' || period_of_table)
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
        count(*) over (partition by source_id, indicator, breakdown, freq, time_period) >= 10
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
    having count(*) >= 10
),

-- the column that it goes with best
steadiness as (
    select *
    from ratios_of_tables
    qualify row_number() over (
        partition by source_id, freq, time_period, table_column order by spread, other_column
    ) = 1
),

unlike_its_table as (
    select
        ratios.figure_id,
        'structure' as rule,
        ratios.obs_value as found,
        exp(ratios.position - ratios.ratio + steadiness.middle - greatest(8 * 1.4826 * steadiness.spread, 0.03))
            as expected_low,
        exp(ratios.position - ratios.ratio + steadiness.middle + greatest(8 * 1.4826 * steadiness.spread, 0.03))
            as expected_high,
        ratios.other_figure_id as compared_with
    from ratios_of_columns as ratios
    inner join steadiness
        on
            ratios.source_id = steadiness.source_id
            and ratios.freq = steadiness.freq
            and ratios.time_period = steadiness.time_period
            and ratios.table_column = steadiness.table_column
            and ratios.other_column = steadiness.other_column
    where abs(ratios.ratio - steadiness.middle) > greatest(8 * 1.4826 * steadiness.spread, 0.03)
),

flags as (
    select * from out_of_range
    union all
    select * from discontinuous
    union all
    select * from apart
    union all
    select * from apart_in_prices
    union all
    select * from apart_from_siblings
    union all
    select * from over_precise
    union all
    select * from out_of_table
    union all
    select * from unlike_its_table
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
        when 'change_of_other_places' then '变动与其他地区相差过大，通常在'
        when 'prices' then '与名义增长所含价格变动不符，通常在'
        when 'town_and_country' then '与城镇、农村的增长不符，通常在'
        when 'decimals' then '所印小数位数多于同源同类数字，请核对小数点'
        when 'period_of_table' then '独处一个时期，而其全表在另一时期，请核对时期'
        when 'structure' then '与同表另一栏之比异于其他地区，通常在'
        else '与同表其他地区相差过大，通常在'
    end
    || case
        when flags.expected_low is null and flags.expected_high is null then ''
        else {{ interval_zh('flags.expected_low', 'flags.expected_high') }} || '之间'
    end || '（' || figures.source_id || '）。' as finding_zh,
    indicators.name_en || case figures.breakdown when '' then '' else ' (' || figures.breakdown || ')' end || ', '
    || coalesce(areas.name_en, figures.ref_area) || ', ' || figures.time_period || ', is '
    || {{ amount_en('flags.found') }} || ' ' || units.name_en || ': '
    || case flags.rule
        when 'range' then 'outside the catalogue''s range '
        when 'continuity' then 'a jump against the period before; usual would be '
        when 'change_of_other_places' then 'a change unlike that of the other places; usual would be '
        when 'prices' then 'unlike the nominal growth and the change of prices; usual would be '
        when 'town_and_country' then 'unlike the growth in town and country; usual would be '
        when 'decimals' then 'printed with more decimals than all others of its kind in the source; check the decimal point'
        when 'period_of_table' then 'alone in its period while its whole table stands in another; check the period'
        when 'structure' then 'its ratio to another column of the table is unlike that of other places; usual would be '
        else 'far from the other places of its table; usual would be '
    end
    || case
        when flags.expected_low is null and flags.expected_high is null then ''
        else {{ interval_en('flags.expected_low', 'flags.expected_high') }}
    end || ' (' || figures.source_id || ').' as finding_en
from flags
inner join figures
    on flags.figure_id = figures.figure_id
inner join {{ ref('indicators') }} as indicators
    on figures.indicator = indicators.indicator
inner join {{ ref('units') }} as units
    on indicators.unit_measure = units.unit_measure
left join {{ ref('latest_areas') }} as areas
    on figures.ref_area = areas.ref_area
