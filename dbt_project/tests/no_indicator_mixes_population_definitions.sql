-- A rate counts one population: two population definitions are two indicators, never one series.
{{ config(meta={'dagster': {'ref': {'name': 'observations'}}}) }}
select
    indicator,
    count(distinct regexp_extract(breakdown, 'population_definition=([^;]+)', 1)) as definitions
from {{ ref('observations') }}
where breakdown like '%population_definition=%'
group by indicator
having count(distinct regexp_extract(breakdown, 'population_definition=([^;]+)', 1)) > 1
