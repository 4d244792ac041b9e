-- The disposable income per head that is compared: of a place, a year and those who live there, one figure, whole.
{{ config(materialized='view') }}
select
    ref_area,
    time_period,
    residence,
    {{ one_figure_each({'figure': 'true'}) }}
from {{ ref('fct_income') }}
where
    indicator = 'income_disposable_per_capita'
    and component = 'total'
    and income_group = 'all'
    and freq = 'A'
    and time_basis = 'flow'
    and qualifier in ('exact', 'about')
    and is_current
group by ref_area, time_period, residence
