-- What does a mu of industrial land yield: tax and value added, and how they grew since the base year.
with figures as (
    select
        ref_area,
        time_period,
        max(case when indicator = 'tax_per_mu_industrial' then obs_value end) as tax_per_mu,
        max(case when indicator = 'tax_per_mu_industrial_growth' then obs_value end) as tax_per_mu_growth_percent,
        max(case when indicator = 'tax_per_mu_industrial_growth' then base_period end) as tax_growth_base_period,
        max(case when indicator = 'value_added_per_mu_industrial' then obs_value end) as value_added_per_mu,
        max(case when indicator = 'value_added_per_mu_industrial_growth' then obs_value end)
            as value_added_per_mu_growth_percent,
        max(case when indicator = 'value_added_per_mu_industrial_growth' then base_period end)
            as value_added_growth_base_period
    from {{ ref('fct_land_productivity') }}
    where is_current and time_basis <> 'target'
    group by ref_area, time_period
)

select
    figures.ref_area,
    areas.name_zh as area_name_zh,
    areas.name_en as area_name_en,
    figures.time_period,
    figures.tax_per_mu,
    figures.tax_per_mu_growth_percent,
    figures.tax_growth_base_period,
    cast(figures.tax_per_mu / (1 + figures.tax_per_mu_growth_percent / 100) as decimal(38, 0))
        as implied_base_tax_per_mu,
    figures.value_added_per_mu,
    figures.value_added_per_mu_growth_percent,
    figures.value_added_growth_base_period,
    cast(figures.value_added_per_mu / (1 + figures.value_added_per_mu_growth_percent / 100) as decimal(38, 0))
        as implied_base_value_added_per_mu
from figures
inner join {{ ref('latest_areas') }} as areas
    on figures.ref_area = areas.ref_area
where coalesce(figures.tax_per_mu, figures.value_added_per_mu) is not null
