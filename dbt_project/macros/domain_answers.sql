{#- Every current figure of some domains with the names that a person reads.

    Args:
        domains: which.
        with_earlier: also the figure of an earlier period (the rate before a reform), and the change since. -#}
{% macro domain_answers(domains, with_earlier=false) -%}
with figures as (
    {% for domain in domains %}
    select
        '{{ domain }}' as domain,
        figure_id,
        indicator,
        measure,
        ref_area,
        time_period,
        period_start,
        period_end,
        time_basis,
        breakdown,
        obs_value,
        obs_value_low,
        obs_value_high,
        unit_measure,
        qualifier,
        base_period,
        known_from,
        confidence,
        source_id
    from {{ ref('fct_' ~ domain) }}
    where is_current
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- the breakdowns that occur, named once each
parts as (
    select
        breakdown,
        unnest(string_split(breakdown, ';')) as part
    from (select distinct breakdown from figures)
),

named_breakdowns as (
    select
        parts.breakdown,
        coalesce(string_agg(codes.name_zh, '，' order by parts.part), '') as breakdown_zh,
        coalesce(string_agg(codes.name_en, ', ' order by parts.part), '') as breakdown_en
    from parts
    left join {{ ref('breakdown_codes') }} as codes
        on parts.part = codes.dimension || '=' || codes.code
    group by parts.breakdown
),

lined_up as (
    select
        *{% if with_earlier %},
        lag({{ whole_figure() }}) over (
            partition by indicator, ref_area, breakdown, unit_measure, time_basis order by period_end, period_start
        ) as earlier{% endif %}

    from figures
)

select
    lined_up.figure_id,
    lined_up.domain,
    lined_up.indicator,
    indicators.name_zh as indicator_name_zh,
    indicators.name_en as indicator_name_en,
    lined_up.measure,
    lined_up.ref_area,
    areas.name_zh as area_name_zh,
    areas.name_en as area_name_en,
    lined_up.time_period,
    lined_up.time_basis,
    lined_up.breakdown,
    named_breakdowns.breakdown_zh,
    named_breakdowns.breakdown_en,
    lined_up.obs_value,
    lined_up.obs_value_low,
    lined_up.obs_value_high,
    lined_up.unit_measure,
    lined_up.qualifier,
    {%- if with_earlier %}
    earlier.time_period as earlier_period,
    earlier.value as earlier_value,
    earlier.qualifier as earlier_value_qualifier,
    case
        when lined_up.qualifier in ('exact', 'about') and earlier.qualifier in ('exact', 'about')
            then cast(lined_up.obs_value - earlier.value as decimal(38, 6))
    end as change_since_earlier,
    cast(lined_up.obs_value_low - earlier.high as decimal(38, 7)) as change_since_earlier_low,
    cast(lined_up.obs_value_high - earlier.low as decimal(38, 7)) as change_since_earlier_high,
    list_filter([lined_up.figure_id, earlier.figure_id], lambda id: id is not null) as figure_ids,
    greatest(lined_up.confidence, earlier.confidence) as lowest_confidence,
    {%- else %}
    [lined_up.figure_id] as figure_ids,
    lined_up.confidence as lowest_confidence,
    {%- endif %}
    lined_up.source_id
from lined_up
inner join {{ ref('indicators') }} as indicators
    on lined_up.indicator = indicators.indicator
inner join {{ ref('latest_areas') }} as areas
    on lined_up.ref_area = areas.ref_area
left join named_breakdowns
    on lined_up.breakdown = named_breakdowns.breakdown
{%- endmacro %}
