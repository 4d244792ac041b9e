-- Each instance's terms in words: its arithmetic as a person would write it down, what is missing, who printed it.
with terms as (
    select
        terms.*,
        figures.source_id,
        figures.print_zh,
        figures.print_en
    from {{ ref('int_audit_terms') }} as terms
    inner join {{ ref('int_audit_arithmetic') }} as arithmetic
        on terms.instance = arithmetic.instance and terms.as_of = arithmetic.as_of
    left join {{ ref('int_audit_figures') }} as figures
        on terms.figure_id = figures.figure_id
),

gathered as (
    select
        instance,
        any_value(kind) as kind,
        any_value(name_zh) as name_zh,
        any_value(name_en) as name_en,
        any_value(scale) as scale,
        any_value(shift) as shift,
        count(*) filter (role = 'addend') as addends,
        count(*) filter (role = 'divisor') as divisors,
        count(*) filter (role = 'factor') as factors,
        string_agg(
            case
                when role = 'subtrahend' then ' − '
                when kind = 'between' then '、'
                else ' + '
            end
            || coalesce(print_zh, '（缺）'), '' order by term, wanted_area
        ) filter (role in ('addend', 'subtrahend')) as sum_zh,
        string_agg(
            case
                when role = 'subtrahend' then ' − '
                when kind = 'between' then ', '
                else ' + '
            end
            || coalesce(print_en, '(missing)'), '' order by term, wanted_area
        ) filter (role in ('addend', 'subtrahend')) as sum_en,
        string_agg(coalesce(print_zh, '（缺）'), ' × ' order by term, wanted_area) filter (role = 'factor') as factors_zh,
        string_agg(coalesce(print_en, '(missing)'), ' × ' order by term, wanted_area) filter (role = 'factor')
            as factors_en,
        string_agg(coalesce(print_zh, '（缺）'), ' + ' order by term, wanted_area) filter (role = 'divisor') as divisor_zh,
        string_agg(coalesce(print_en, '(missing)'), ' + ' order by term, wanted_area) filter (role = 'divisor')
            as divisor_en,
        string_agg(
            wanted_indicator || case wanted_breakdown when '' then '' else ' (' || wanted_breakdown || ')' end
            || ' ' || coalesce(wanted_area, '') || ' ' || coalesce(wanted_period, 'base period'), '; '
            order by term, wanted_area
        ) filter (figure_id is null) as missing,
        string_agg(distinct source_id, ', ' order by source_id) as term_sources
    from terms
    group by instance
)

select
    instance,
    name_zh,
    name_en,
    missing,
    term_sources,
    case
        when factors > 0 then factors_zh
        when divisors > 0
            then
                case
                    when addends > 1 then '（' || substr(sum_zh, 4) || '）'
                    else substr(sum_zh, 4)
                end
        when kind = 'between' then substr(sum_zh, 2)
        when left(sum_zh, 3) = ' − ' then trim(sum_zh)
        else substr(sum_zh, 4)
    end
    || case
        when divisors > 1 then ' ÷ （' || divisor_zh || '）'
        when divisors = 1 then ' ÷ ' || divisor_zh
        else ''
    end
    || case scale when 1 then '' else ' × ' || {{ plain_number('scale') }} end
    || case
        when shift < 0 then ' − ' || {{ plain_number('-shift') }}
        when shift > 0 then ' + ' || {{ plain_number('shift') }}
        else ''
    end as arithmetic_zh,
    case
        when factors > 0 then factors_en
        when divisors > 0
            then
                case
                    when addends > 1 then '(' || substr(sum_en, 4) || ')'
                    else substr(sum_en, 4)
                end
        when kind = 'between' then substr(sum_en, 3)
        when left(sum_en, 3) = ' − ' then trim(sum_en)
        else substr(sum_en, 4)
    end
    || case
        when divisors > 1 then ' / (' || divisor_en || ')'
        when divisors = 1 then ' / ' || divisor_en
        else ''
    end
    || case scale when 1 then '' else ' × ' || {{ plain_number('scale') }} end
    || case
        when shift < 0 then ' − ' || {{ plain_number('-shift') }}
        when shift > 0 then ' + ' || {{ plain_number('shift') }}
        else ''
    end as arithmetic_en
from gathered
