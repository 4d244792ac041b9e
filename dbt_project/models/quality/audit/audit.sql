-- What the published figures say about each other: every relation found among them, with its arithmetic, its
-- outcome, and a sentence for an analyst's mail.
with relations as (
    select
        arithmetic.instance as relation_id,
        arithmetic.relation,
        arithmetic.kind,
        case
            when not arithmetic.is_evaluable then 'not_evaluable'
            when arithmetic.holds then 'pass'
            when
                arithmetic.severity = 'error'
                and arithmetic.sources_of_terms = 1
                and arithmetic.a_source_of_terms = arithmetic.source_id
                then 'fail'
            else 'warn'
        end as outcome,
        arithmetic.computed_low,
        arithmetic.computed_high,
        arithmetic.printed_low,
        arithmetic.printed_high,
        list_prepend(arithmetic.printed_figure_id, arithmetic.term_figure_ids) as figure_ids,
        arithmetic.printed_figure_id as figure_id,
        arithmetic.name_zh,
        arithmetic.name_en,
        arithmetic.missing,
        arithmetic.term_sources,
        case
            when arithmetic.factors > 0 then arithmetic.factors_zh
            when arithmetic.divisors > 0
                then
                    case
                        when arithmetic.addends > 1 then '（' || substr(arithmetic.sum_zh, 4) || '）'
                        else substr(arithmetic.sum_zh, 4)
                    end
            when arithmetic.kind = 'between' then substr(arithmetic.sum_zh, 2)
            when left(arithmetic.sum_zh, 3) = ' − ' then trim(arithmetic.sum_zh)
            else substr(arithmetic.sum_zh, 4)
        end
        || case
            when arithmetic.divisors > 1 then ' ÷ （' || arithmetic.divisor_zh || '）'
            when arithmetic.divisors = 1 then ' ÷ ' || arithmetic.divisor_zh
            else ''
        end
        || case arithmetic.scale when 1 then '' else ' × ' || {{ plain_number('arithmetic.scale') }} end
        || case
            when arithmetic.shift < 0 then ' − ' || {{ plain_number('-arithmetic.shift') }}
            when arithmetic.shift > 0 then ' + ' || {{ plain_number('arithmetic.shift') }}
            else ''
        end as arithmetic_zh,
        case
            when arithmetic.factors > 0 then arithmetic.factors_en
            when arithmetic.divisors > 0
                then
                    case
                        when arithmetic.addends > 1 then '(' || substr(arithmetic.sum_en, 4) || ')'
                        else substr(arithmetic.sum_en, 4)
                    end
            when arithmetic.kind = 'between' then substr(arithmetic.sum_en, 3)
            when left(arithmetic.sum_en, 3) = ' − ' then trim(arithmetic.sum_en)
            else substr(arithmetic.sum_en, 4)
        end
        || case
            when arithmetic.divisors > 1 then ' / (' || arithmetic.divisor_en || ')'
            when arithmetic.divisors = 1 then ' / ' || arithmetic.divisor_en
            else ''
        end
        || case arithmetic.scale when 1 then '' else ' × ' || {{ plain_number('arithmetic.scale') }} end
        || case
            when arithmetic.shift < 0 then ' − ' || {{ plain_number('-arithmetic.shift') }}
            when arithmetic.shift > 0 then ' + ' || {{ plain_number('arithmetic.shift') }}
            else ''
        end as arithmetic_en,
        arithmetic.years
    from {{ ref('int_audit_arithmetic') }} as arithmetic
),

relation_findings as (
    select
        relations.relation_id,
        relations.relation,
        relations.kind,
        relations.outcome,
        relations.computed_low,
        relations.computed_high,
        relations.printed_low,
        relations.printed_high,
        relations.figure_ids,
        printed.source_id,
        printed.ref_area,
        printed.time_period,
        printed.indicator,
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
            when relations.outcome = 'pass' then '，与所印相符。'
            else
                '，而所印只容许' || {{ interval_zh('relations.printed_low', 'relations.printed_high') }}
                || printed.unit_zh || '，不相符'
                || case relations.term_sources when printed.source_id then '' else '（另据' || relations.term_sources || '）' end
                || '。'
        end as finding_zh,
        printed.figure_en || ', ' || printed.area_en || ', ' || printed.time_period || ', is printed as '
        || printed.print_en || ' ' || printed.unit_en || ' (' || printed.source_id || '). '
        || case
            when relations.outcome = 'not_evaluable'
                then
                    '"' || relations.name_en || '" cannot be evaluated, missing: '
                    || coalesce(relations.missing, 'a usable divisor or base period') || '.'
            when relations.kind = 'count_ratio' and relations.outcome <> 'pass'
                then
                    'No whole number of ' || relations.arithmetic_en || ' gives that rate; the nearest are '
                    || {{ amount_en('relations.computed_low') }} || ' and ' || {{ amount_en('relations.computed_high') }}
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
            when relations.outcome = 'pass' then ': they agree.'
            else
                ', but the print allows only '
                || {{ interval_en('relations.printed_low', 'relations.printed_high') }} || ' ' || printed.unit_en
                || case relations.term_sources when printed.source_id then '' else ' (with ' || relations.term_sources || ')' end
                || ': they disagree.'
        end as finding_en
    from relations
    inner join {{ ref('int_audit_figures') }} as printed
        on relations.figure_id = printed.figure_id
),

same_figure_findings as (
    select
        pairs.instance as relation_id,
        'same_figure' as relation,
        'same_figure' as kind,
        case when pairs.holds then 'pass' when pairs.may_be_revised then 'warn' else 'fail' end as outcome,
        pairs.computed_low,
        pairs.computed_high,
        pairs.printed_low,
        pairs.printed_high,
        [pairs.figure_id, pairs.earlier_figure_id] as figure_ids,
        later.source_id,
        later.ref_area,
        later.time_period,
        later.indicator,
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
        || coalesce(earlier.published_on, 'no date') || ') prints ' || earlier.print_en || ', ' || pairs.source_id || ' ('
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
),

findings as (
    select * from relation_findings
    union all
    select * from same_figure_findings
)

select
    findings.relation_id,
    findings.relation,
    findings.kind,
    findings.outcome,
    cast(findings.computed_low as decimal(38, 7)) as computed_low,
    cast(findings.computed_high as decimal(38, 7)) as computed_high,
    cast(findings.printed_low as decimal(38, 7)) as printed_low,
    cast(findings.printed_high as decimal(38, 7)) as printed_high,
    findings.figure_ids,
    findings.source_id,
    findings.ref_area,
    findings.time_period,
    findings.indicator,
    findings.arithmetic_zh,
    findings.arithmetic_en,
    findings.finding_zh,
    findings.finding_en,
    acknowledged.reason_zh as acknowledged_zh,
    acknowledged.reason_en as acknowledged_en
from findings
left join {{ ref('audit_acknowledged') }} as acknowledged
    on
        findings.relation = acknowledged.relation
        and findings.source_id = acknowledged.source_id
        and findings.ref_area = acknowledged.ref_area
        and findings.time_period = acknowledged.time_period
        and findings.indicator = acknowledged.indicator
