{{ config(meta={'dagster': {'ref': {'name': 'observations'}}}) }}
{# One fact table per domain, and no observation in none or in two. #}
{% set domains = [
    'income', 'employment', 'disability_employment', 'skills', 'digital_economy', 'workshops', 'land_productivity',
    'rural_vitalisation', 'technology_specialists', 'mountain_sea_cooperation', 'health_alliances',
    'government_services', 'economy', 'population', 'household_consumption', 'disability_services', 'public_services'
] %}
with placed as (
    {% for domain in domains %}
        select figure_id from {{ ref('fct_' ~ domain) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    observations.figure_id,
    count(placed.figure_id) as tables
from {{ ref('observations') }} as observations
left join placed
    on observations.figure_id = placed.figure_id
group by observations.figure_id
having count(placed.figure_id) <> 1
