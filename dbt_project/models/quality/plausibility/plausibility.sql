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
    rules.severity,
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
    || rules.words_zh
    || case
        when flags.expected_low is null and flags.expected_high is null then ''
        else {{ interval_zh('flags.expected_low', 'flags.expected_high') }} || '之间'
    end || '（' || figures.source_id || '）。' as finding_zh,
    indicators.name_en || case figures.breakdown when '' then '' else ' (' || figures.breakdown || ')' end || ', '
    || coalesce(areas.name_en, figures.ref_area) || ', ' || figures.time_period || ', is '
    || {{ amount_en('flags.found') }} || ' ' || units.name_en || ': '
    || rules.words_en
    || case
        when flags.expected_low is null and flags.expected_high is null then ''
        else {{ interval_en('flags.expected_low', 'flags.expected_high') }}
    end || ' (' || figures.source_id || ').' as finding_en
from flags
inner join figures
    on flags.figure_id = figures.figure_id
inner join {{ ref('plausibility_rules') }} as rules
    on flags.rule = rules.rule
inner join {{ ref('indicators') }} as indicators
    on figures.indicator = indicators.indicator
inner join {{ ref('units') }} as units
    on indicators.unit_measure = units.unit_measure
left join {{ ref('latest_areas') }} as areas
    on figures.ref_area = areas.ref_area
