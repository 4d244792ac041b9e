-- What does a mu of industrial land yield: tax and value added, and how they grew since the base year. What they were
-- in the base year is computed from the level as it was known when the growth was printed.
{% set picks = {
    'tax_per_mu': "indicator = 'tax_per_mu_industrial'",
    'tax_per_mu_growth_percent': "indicator = 'tax_per_mu_industrial_growth'",
    'value_added_per_mu': "indicator = 'value_added_per_mu_industrial'",
    'value_added_per_mu_growth_percent': "indicator = 'value_added_per_mu_industrial_growth'"
} %}
with picked as (
    select
        ref_area,
        time_period,
        {{ one_figure_each(picks) }}
    from {{ ref('fct_land_productivity') }}
    where is_current and time_basis <> 'target'
    group by ref_area, time_period
),

tax_with_growth as (
    {{ known_with('tax_per_mu_growth_percent', ref('fct_land_productivity'), picks['tax_per_mu']) }}
),

value_added_with_growth as (
    {{ known_with('value_added_per_mu_growth_percent', ref('fct_land_productivity'), picks['value_added_per_mu']) }}
),

figures as (
    select
        picked.*,
        tax_with_growth.figure as tax_with_growth,
        value_added_with_growth.figure as value_added_with_growth
    from picked
    left join tax_with_growth
        on picked.ref_area = tax_with_growth.ref_area and picked.time_period = tax_with_growth.time_period
    left join value_added_with_growth
        on
            picked.ref_area = value_added_with_growth.ref_area
            and picked.time_period = value_added_with_growth.time_period
    where coalesce(picked.tax_per_mu, picked.value_added_per_mu) is not null
)

select
    figures.ref_area,
    areas.name_zh as area_name_zh,
    areas.name_en as area_name_en,
    figures.time_period,
    {{ printed_columns(picks) }},
    tax_per_mu_growth_percent.base_period as tax_growth_base_period,
    value_added_per_mu_growth_percent.base_period as value_added_growth_base_period,
    {%- for of, level, growth in [
        ('tax_per_mu', 'tax_with_growth', 'tax_per_mu_growth_percent'),
        ('value_added_per_mu', 'value_added_with_growth', 'value_added_per_mu_growth_percent')
    ] %}
    {{ derived_columns(
        'implied_base_' ~ of, [level, growth],
        level ~ '.value / (1 + ' ~ growth ~ '.value / 100)',
        level ~ '.low / (1 + ' ~ growth ~ '.high / 100)',
        level ~ '.high / (1 + ' ~ growth ~ '.low / 100)',
        'decimal(38, 0)'
    ) }},
    {%- endfor %}
    {{ standing_on(picks, also=['tax_with_growth', 'value_added_with_growth'], units={
        'implied_base_tax_per_mu': 'yuan_per_mu', 'implied_base_value_added_per_mu': 'yuan_per_mu'
    }) }}
from figures
inner join {{ ref('latest_areas') }} as areas
    on figures.ref_area = areas.ref_area
