{#- The facts of one domain: its observations, with that domain's own dimensions as columns. -#}
{% macro domain_facts(domain, dimensions) -%}
select
    observations.figure_id,
    observations.source_id,
    observations.indicator,
    indicators.measure,
    observations.ref_area,
    observations.freq,
    observations.time_period,
    observations.period_start,
    observations.period_end,
    observations.time_basis,
    observations.base_period,
    {{ typed_dimensions(dimensions) }}
    observations.breakdown,
    observations.obs_value,
    observations.obs_value_low,
    observations.obs_value_high,
    observations.unit_measure,
    observations.qualifier,
    observations.obs_status,
    observations.published_on,
    observations.is_current
from {{ ref('observations') }} as observations
inner join {{ ref('indicators') }} as indicators
    on observations.indicator = indicators.indicator
where indicators.domain = '{{ domain }}'
{%- endmacro %}
