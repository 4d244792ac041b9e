-- Figures that stand out: outside the catalogue's range, or flagged by a rule of this folder. A flag is a question to a
-- person; it changes no figure.
with figures as (
    select * from {{ ref('int_plausibility_figures') }}
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

flags as (
    select * from out_of_range
    union all
    select * from {{ ref('int_plausibility_series') }}
    union all
    select * from {{ ref('int_plausibility_tables') }}
    union all
    select * from {{ ref('int_plausibility_growth') }}
    union all
    select * from {{ ref('int_plausibility_revisions') }}
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
        when 'revision' then '对前次公布的修订异于同地其他年份，通常在'
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
        when 'revision' then 'a revision unlike those of the place''s other years; usual would be '
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
