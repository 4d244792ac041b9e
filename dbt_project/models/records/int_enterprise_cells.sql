-- Each cell of the tables that leave, by county, industry and scale: how many firms, their sums, and the two largest
-- contributors of each sum, which the rules of disclosure ask for. Land, tax and value added of all firms with land.
{%- set measures = {'land': 'land_used', 'tax': 'tax_paid', 'value_added': 'value_added'} %}
with contributions as (
    select
        firms.run,
        firms.county,
        firms.industry,
        firms.scale,
        firms.firm_id
        {%- for name, item in measures.items() %},
        {{ value_of(item) }} as {{ name }}
        {%- endfor %}
    from {{ ref('stg_enterprises') }} as firms
    inner join {{ ref('stg_enterprise_items') }} as items on firms.firm_id = items.firm_id
    where firms.run = cast(firms.period as {{ dbt.type_string() }})
),

complete as (
    select * from contributions
    where land > 0 and tax >= 0 and value_added >= 0
),

ordered as (
    select
        *
        {%- for name in measures %},
        row_number() over (partition by run, county, industry, scale order by {{ name }} desc, firm_id asc) as {{ name }}_order
        {%- endfor %}
    from complete
)

select
    run,
    county,
    industry,
    scale,
    count(*) as firms
    {%- for name in measures %},
    sum({{ name }}) as {{ name }},
    max(case when {{ name }}_order = 1 then {{ name }} end) as {{ name }}_largest,
    coalesce(max(case when {{ name }}_order = 2 then {{ name }} end), 0) as {{ name }}_second
    {%- endfor %}
from ordered
group by run, county, industry, scale
