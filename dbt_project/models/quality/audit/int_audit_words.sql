-- Each instance's terms in words: its arithmetic as a person would write it down, what is missing, who printed it.
{% set languages = {
    'zh': {'missing': '（缺）', 'comma': '、', 'open': '（', 'close': '）', 'over': ' ÷ '},
    'en': {'missing': '(missing)', 'comma': ', ', 'open': '(', 'close': ')', 'over': ' / '}
} %}
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
        {% for language, words in languages.items() %}
            string_agg(
                case
                    when role = 'subtrahend' then ' − '
                    when kind = 'between' then '{{ words.comma }}'
                    else ' + '
                end
                || coalesce(print_{{ language }}, '{{ words.missing }}'), '' order by term, wanted_area
            ) filter (role in ('addend', 'subtrahend')) as sum_{{ language }},
            string_agg(coalesce(print_{{ language }}, '{{ words.missing }}'), ' × ' order by term, wanted_area)
            filter (role = 'factor') as factors_{{ language }},
            string_agg(coalesce(print_{{ language }}, '{{ words.missing }}'), ' + ' order by term, wanted_area)
            filter (role = 'divisor') as divisor_{{ language }},
        {% endfor %}
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
    {% for language, words in languages.items() %}
        case
            when factors > 0 then factors_{{ language }}
            when divisors > 0
                then
                    case
                        when addends > 1
                            then '{{ words.open }}' || substr(sum_{{ language }}, 4) || '{{ words.close }}'
                        else substr(sum_{{ language }}, 4)
                    end
            when kind = 'between' then substr(sum_{{ language }}, {{ words.comma | length + 1 }})
            when left(sum_{{ language }}, 3) = ' − ' then trim(sum_{{ language }})
            else substr(sum_{{ language }}, 4)
        end
        || case
            when divisors > 1 then '{{ words.over ~ words.open }}' || divisor_{{ language }} || '{{ words.close }}'
            when divisors = 1 then '{{ words.over }}' || divisor_{{ language }}
            else ''
        end
        || case scale when 1 then '' else ' × ' || {{ plain_number('scale') }} end
        || case
            when shift < 0 then ' − ' || {{ plain_number('-shift') }}
            when shift > 0 then ' + ' || {{ plain_number('shift') }}
            else ''
        end as arithmetic_{{ language }},
    {% endfor %}
    term_sources
from gathered
