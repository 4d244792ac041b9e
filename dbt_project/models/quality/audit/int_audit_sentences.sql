-- What the audit found, in sentences for an analyst's mail: the arithmetic and the finding of every relation, in
-- Chinese and English. The numbers are those of int_audit_arithmetic and int_audit_same_figure.
with relations as (
    select
        arithmetic.*,
        words.name_zh,
        words.name_en,
        words.missing,
        words.term_sources,
        words.arithmetic_zh,
        words.arithmetic_en
    from {{ ref('int_audit_arithmetic') }} as arithmetic
    inner join {{ ref('int_audit_words') }} as words
        on arithmetic.instance = words.instance
),

relation_findings as (
    select
        relations.instance as relation_id,
        relations.arithmetic_zh || ' → ' || case relations.kind
            when 'part_of_whole' then '至少' || {{ amount_zh('relations.computed_low') }}
            else {{ interval_zh('relations.computed_low', 'relations.computed_high') }}
        end as arithmetic_zh,
        relations.arithmetic_en || ' → ' || case relations.kind
            when 'part_of_whole' then 'at least ' || {{ amount_en('relations.computed_low') }}
            else {{ interval_en('relations.computed_low', 'relations.computed_high') }}
        end as arithmetic_en,
        printed.area_zh || printed.time_period || ' ' || printed.figure_zh || '印为' || printed.print_zh || '（'
        || printed.source_id || '）。'
        || case
            when relations.vintage = 'several_editions'
                then
                    '“' || relations.name_zh || '”无法核算：' || relations.arithmetic_zh
                    || ' 各项与所印不属同一版本，其间有修订，未见同一版本的全部各项。'
            when relations.outcome = 'not_evaluable'
                then '“' || relations.name_zh || '”无法核算，缺：' || coalesce(relations.missing, '可用的除数或基期') || '。'
            when relations.kind = 'count_ratio' and relations.outcome <> 'pass'
                then
                    '分母为' || relations.arithmetic_zh || '时，任何整数分子都得不到这个比率，最近的是'
                    || {{ amount_zh('relations.computed_low') }} || printed.unit_zh || '和'
                    || {{ amount_zh('relations.computed_high') }} || printed.unit_zh || '。'
            when relations.kind = 'count_ratio' then '分母为' || relations.arithmetic_zh || '，有整数分子可得，相符。'
            when relations.kind = 'average_growth'
                then
                    '按年均增长' || relations.arithmetic_zh || '、' || relations.years || '年算得累计'
                    || {{ interval_zh('relations.computed_low', 'relations.computed_high') }} || '%'
            else
                '按“' || relations.name_zh || '”，由 ' || relations.arithmetic_zh || ' 算得'
                || case relations.kind
                    when 'part_of_whole' then {{ amount_zh('relations.computed_low') }} || '（下限）'
                    else {{ interval_zh('relations.computed_low', 'relations.computed_high') }}
                end || printed.unit_zh
        end
        || case
            when relations.outcome = 'not_evaluable' or relations.kind = 'count_ratio' then ''
            when relations.vintage = 'earlier_print'
                then '，与此前公布的版本' || earlier.print_zh || '（' || earlier.source_id || '）相符，所印为其后的修订。'
            when relations.outcome = 'pass' and relations.vintage = 'earlier_terms'
                then '，与此前公布的版本相符（各项其后有修订）。'
            when relations.outcome = 'pass' then '，与所印相符。'
            else
                '，而所印只容许' || {{ interval_zh('relations.printed_low', 'relations.printed_high') }}
                || printed.unit_zh || '，不相符'
                || case
                    when relations.term_sources = printed.source_id then ''
                    else '（另据' || relations.term_sources || '）'
                end
                || '。'
        end as finding_zh,
        printed.figure_en || ', ' || printed.area_en || ', ' || printed.time_period || ', is printed as '
        || printed.print_en || ' ' || printed.unit_en || ' (' || printed.source_id || '). '
        || case
            when relations.vintage = 'several_editions'
                then
                    '"' || relations.name_en || '" cannot be evaluated: ' || relations.arithmetic_en
                    || ' and the print are not of one edition; some were revised before the others were printed.'
            when relations.outcome = 'not_evaluable'
                then
                    '"' || relations.name_en || '" cannot be evaluated, missing: '
                    || coalesce(relations.missing, 'a usable divisor or base period') || '.'
            when relations.kind = 'count_ratio' and relations.outcome <> 'pass'
                then
                    'No whole number of ' || relations.arithmetic_en || ' gives that rate; the nearest are '
                    || {{ amount_en('relations.computed_low') }} || ' and '
                    || {{ amount_en('relations.computed_high') }}
                    || ' ' || printed.unit_en || '.'
            when relations.kind = 'count_ratio'
                then 'A whole number of ' || relations.arithmetic_en || ' gives that rate: they agree.'
            when relations.kind = 'average_growth'
                then
                    'An average of ' || relations.arithmetic_en || ' % over ' || relations.years || ' years makes '
                    || {{ interval_en('relations.computed_low', 'relations.computed_high') }} || ' %'
            else
                'By "' || relations.name_en || '", ' || relations.arithmetic_en || ' makes '
                || case relations.kind
                    when 'part_of_whole' then 'at least ' || {{ amount_en('relations.computed_low') }}
                    else {{ interval_en('relations.computed_low', 'relations.computed_high') }}
                end || ' ' || printed.unit_en
        end
        || case
            when relations.outcome = 'not_evaluable' or relations.kind = 'count_ratio' then ''
            when relations.vintage = 'earlier_print'
                then
                    ', which agrees with an earlier vintage, ' || earlier.print_en || ' (' || earlier.source_id
                    || '): the print is a later revision.'
            when relations.outcome = 'pass' and relations.vintage = 'earlier_terms'
                then ': it agrees with an earlier vintage of the terms, since revised.'
            when relations.outcome = 'pass' then ': they agree.'
            else
                ', but the print allows only '
                || {{ interval_en('relations.printed_low', 'relations.printed_high') }} || ' ' || printed.unit_en
                || case
                    when relations.term_sources = printed.source_id then ''
                    else ' (with ' || relations.term_sources || ')'
                end
                || ': they disagree.'
        end as finding_en
    from relations
    inner join {{ ref('int_audit_figures') }} as printed
        on relations.printed_figure_id = printed.figure_id
    left join {{ ref('int_audit_figures') }} as earlier
        on relations.earlier_figure_id = earlier.figure_id
),

same_figure_findings as (
    select
        pairs.instance as relation_id,
        earlier.print_zh || ' ↔ ' || later.print_zh as arithmetic_zh,
        earlier.print_en || ' ↔ ' || later.print_en as arithmetic_en,
        later.area_zh || later.time_period || ' ' || later.figure_zh || '：' || pairs.earlier_source_id || '（'
        || coalesce(earlier.published_on, '日期不详') || '）印为' || earlier.print_zh || '，' || pairs.source_id || '（'
        || coalesce(later.published_on, '日期不详') || '）印为' || later.print_zh || '，'
        || case
            when pairs.holds then '两者相符。'
            when pairs.may_be_revised then '后者修订了前者。'
            else '两者矛盾，且不能以次年修订解释。'
        end as finding_zh,
        later.figure_en || ', ' || later.area_en || ', ' || later.time_period || ': ' || pairs.earlier_source_id || ' ('
        || coalesce(earlier.published_on, 'no date') || ') prints ' || earlier.print_en || ', '
        || pairs.source_id || ' ('
        || coalesce(later.published_on, 'no date') || ') prints ' || later.print_en || ' ' || later.unit_en || ': '
        || case
            when pairs.holds then 'they agree.'
            when pairs.may_be_revised then 'the later revises the earlier.'
            else 'they contradict each other, and no later year''s revision explains it.'
        end as finding_en
    from {{ ref('int_audit_same_figure') }} as pairs
    inner join {{ ref('int_audit_figures') }} as later
        on pairs.figure_id = later.figure_id
    inner join {{ ref('int_audit_figures') }} as earlier
        on pairs.earlier_figure_id = earlier.figure_id
)

select * from relation_findings
union all
select * from same_figure_findings
