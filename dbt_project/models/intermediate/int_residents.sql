-- The residents to weight by: of a place and a year, one figure, whole.
{{ config(materialized='view') }}
select
    ref_area,
    time_period,
    {{ one_figure_each({'figure': 'true'}) }}
from {{ ref('fct_population') }}
where
    indicator = 'population_resident'
    and residence = 'all'
    and sex = 'all'
    and age_group = 'all'
    and freq = 'A'
    and time_basis = 'stock'
    and qualifier in ('exact', 'about')
    and is_current
group by ref_area, time_period
