-- Figures with a label that is known, and something else that cannot be right: each with its rule. A figure may
-- break several rules; each is a row.
with figures as (
    select * from {{ ref('stg_coded_figures') }}
),

valued as (
    select
        *,
        max(obs_value_low) over same_figure > min(obs_value_high) over same_figure
        or (
            -- the upper end of an exact print does not belong to it any more
            max(obs_value_low) over same_figure = min(obs_value_high) over same_figure
            and bool_and(qualifier = 'exact') over same_figure
        ) as is_contradicted
    from {{ ref('stg_valued_figures') }}
    window same_figure as (
        partition by
            source_id, indicator, breakdown, ref_area, time_period, period_start, period_end, time_basis,
            base_period, obs_status
    )
),

-- a change over a day on which the code passed to another territory, where no row says how the two compare
across_breaks as (
    select
        figures.figure_id,
        figures.source_id,
        figures.file,
        figures.line,
        figures.locator,
        figures.place_printed,
        figures.value_printed as printed_value,
        figures.base_period,
        figures.time_period,
        max(changes.changed_on) as broke_on
    from figures
    inner join {{ ref('area_changes') }} as changes
        on figures.ref_area = changes.from_area and changes.kind = 'territory'
    left join {{ ref('area_concordance') }} as concordance
        on changes.from_area = concordance.ref_area and changes.changed_on = concordance.changed_on
    where
        figures.time_basis = 'change'
        and try_cast(left(figures.base_period, 4) as integer) is not null
        and changes.changed_on > cast(left(figures.base_period, 4) || '-12-31' as date)
        and changes.changed_on <= figures.period_end
        and concordance.ref_area is null
    group by all
)

select
    figure_id,
    source_id,
    file,
    line,
    locator,
    'period' as column_name,
    'period_unknown' as rule,
    period_printed as printed_value,
    'these period words are read by no rule; write them as 2022年, 2022年上半年, 2022-12-31 …, or add them to the '
    || 'seed period_words' as message_en,
    '无法识别的时期，请按 2022年、2022年上半年 等书写，或加入 period_words 表' as message_zh
from figures
where time_period is null or period_start is null or period_end is null

union all by name

select
    figure_id,
    source_id,
    file,
    line,
    locator,
    'place' as column_name,
    'area_unknown' as rule,
    place_printed as printed_value,
    'no such place in reference.areas; mend the name, or add it to the seed area_names' as message_en,
    '未知的地区，请更正名称或加入 area_names 表' as message_zh
from figures
where not is_place_known

union all by name

select
    figure_id,
    source_id,
    file,
    line,
    locator,
    'place' as column_name,
    'area_not_valid' as rule,
    place_printed as printed_value,
    place_printed || ' did not exist in ' || period_printed
    || coalesce(': it exists from ' || place_known_from, '')
    || coalesce(case when place_known_from is null then ': it ended on ' else ' to ' end || place_known_to, '')
    || '; use the place that the figure was about then' as message_en,
    place_printed || '在' || period_printed || '不存在'
    || coalesce('（' || place_known_from || '起', '') || coalesce('（' || place_known_to || '止', '')
    || case when place_known_from is not null or place_known_to is not null then '）' else '' end
    || '，请使用当时的行政区划' as message_zh
from figures
where is_place_known and ref_area is null and period_end is not null

union all by name

select
    figure_id,
    source_id,
    file,
    line,
    locator,
    'unit' as column_name,
    'unit_unknown' as rule,
    unit_words as printed_value,
    'unknown unit; mend it, or add it to the seed unit_words' as message_en,
    '未知的单位，请更正或加入 unit_words 表' as message_zh
from figures
where unit_measure is null and indicator is not null

union all by name

select
    figure_id,
    source_id,
    file,
    line,
    locator,
    'unit' as column_name,
    'unit_does_not_fit' as rule,
    unit_words as printed_value,
    'the indicator ' || indicator || ' is in ' || indicator_unit_measure || ', the print in ' || unit_measure
    || '; mend the unit or the crosswalk' as message_en,
    '单位与指标 ' || indicator || ' 不符，请更正单位或对照表' as message_zh
from figures
where unit_measure <> indicator_unit_measure

union all by name

select
    figure_id,
    source_id,
    file,
    line,
    locator,
    'qualifier' as column_name,
    'qualifier_unknown' as rule,
    qualifier_printed as printed_value,
    'unknown qualifier; mend it, or add it to the seed qualifiers' as message_en,
    '未知的限定词，请更正或加入 qualifiers 表' as message_zh
from figures
where qualifier is null

union all by name

select
    figure_id,
    source_id,
    file,
    line,
    locator,
    'value' as column_name,
    'two_values' as rule,
    value_printed as printed_value,
    'the same figure stands in this source with another value; keep the one that was printed, or tell them apart '
    || 'by label or breakdown' as message_en,
    '同一来源中同一指标出现两个不同数值，请核对或加以区分' as message_zh
from valued
where is_contradicted and indicator is not null and ref_area is not null

union all by name

select
    figure_id,
    source_id,
    file,
    line,
    locator,
    'place' as column_name,
    'across_boundary_break' as rule,
    printed_value,
    place_printed || ' got other boundaries on ' || broke_on || ' under the same code; a change from ' || base_period
    || ' to ' || time_period || ' compares two territories: say in the seed area_concordance how it is comparable'
        as message_en,
    place_printed || '在' || broke_on || '调整了区域而代码不变，' || base_period || '至' || time_period
    || '的变动跨越区划调整；请在 area_concordance 表中说明可比口径' as message_zh
from across_breaks

union all by name

select
    figures.figure_id,
    figures.source_id,
    figures.file,
    figures.line,
    figures.locator,
    'value' as column_name,
    'corrected_drop' as rule,
    figures.value_printed as printed_value,
    'dropped by ' || corrections.file || ', entry ' || corrections.entry || ': ' || corrections.reason as message_en,
    '已由更正记录删除：' || corrections.reason as message_zh
from figures
inner join {{ ref('corrections') }} as corrections
    on figures.figure_id = corrections.figure_id
where corrections.action = 'drop' and corrections.status <> 'withdrawn'
