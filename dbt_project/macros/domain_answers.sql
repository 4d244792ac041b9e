{#- Every current figure of some domains with the names that a person reads, and where a figure of an earlier period
    is there too (the rate before a reform), the change since. Columns are the same for every mart built so. -#}
{% macro domain_answers(domains) -%}
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
        *,
        lag(time_period) over one_series as earlier_period,
        lag(obs_value) over one_series as earlier_value
    from figures
    window one_series as (
        partition by indicator, ref_area, breakdown, unit_measure, time_basis order by period_end, period_start
    )
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
    lined_up.earlier_period,
    lined_up.earlier_value,
    cast(lined_up.obs_value - lined_up.earlier_value as decimal(38, 6)) as change_since_earlier,
    lined_up.source_id
from lined_up
inner join {{ ref('indicators') }} as indicators
    on lined_up.indicator = indicators.indicator
inner join {{ ref('latest_areas') }} as areas
    on lined_up.ref_area = areas.ref_area
left join named_breakdowns
    on lined_up.breakdown = named_breakdowns.breakdown
{%- endmacro %}
