{#- The facts of one domain: its observations, with that domain's own dimensions as columns. A view; it names no database,
    so that it holds in a copy of the file and where the file is attached under another name. -#}
{% macro domain_facts(domain, dimensions) -%}
{{ config(materialized='view') }}
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
    observations.unit_mult,
    observations.decimals,
    observations.qualifier,
    observations.obs_status,
    observations.published_on,
    observations.known_from,
    observations.confidence,
    observations.is_current
from {{ ref('observations').include(database=false) }} as observations
inner join {{ ref('indicators').include(database=false) }} as indicators
    on observations.indicator = indicators.indicator
where indicators.domain = '{{ domain }}'
{%- endmacro %}
