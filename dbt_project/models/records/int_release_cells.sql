-- Every cell of the tables of a release, totals and groups of counties among them, with its primary rule: too few firms,
-- one or two that dominate, or a largest that the second largest could reckon (p %). `margin` is how far an interval must
-- reach past the value, either way, so that nobody learns the largest contribution closer than the rule allows.
{%- set rules = var('plan').disclosure %}
{%- set measures = ['land', 'tax', 'value_added'] %}
with spread as (
    select
        cells.run,
        areas.area,
        industries.of_industry as industry,
        scales.of_scale as scale,
        cells.firms
        {%- for name in measures %},
        cells.{{ name }},
        cells.{{ name }}_largest,
        cells.{{ name }}_second
        {%- endfor %}
    from {{ ref('int_enterprise_cells') }} as cells
    inner join {{ records_of('areas') }} as areas on cells.county = areas.county
    inner join (
        select distinct industry, industry as of_industry from {{ ref('int_enterprise_cells') }}
        union all
        select distinct industry, '_T' as of_industry from {{ ref('int_enterprise_cells') }}
    ) as industries on cells.industry = industries.industry
    inner join (
        {% if var('plan').with_scale %}
        select distinct scale, scale as of_scale from {{ ref('int_enterprise_cells') }}
        union all
        {% endif %}
        select distinct scale, '_T' as of_scale from {{ ref('int_enterprise_cells') }}
    ) as scales on cells.scale = scales.scale
    where cells.scale in ({% for scale in var('plan').scales %}'{{ scale }}'{{ ', ' if not loop.last }}{% endfor %})
),

sums as (
    select
        run,
        area,
        industry,
        scale,
        sum(firms) as firms
        {%- for name in measures %},
        sum({{ name }}) as {{ name }}
        {%- endfor %}
    from spread
    group by run, area, industry, scale
)

{%- for name in measures %},
{{ name }}_contributions as (
    select run, area, industry, scale, {{ name }}_largest as contribution from spread
    union all
    select run, area, industry, scale, {{ name }}_second as contribution from spread
),

{{ name }}_ordered as (
    select
        *,
        row_number() over (partition by run, area, industry, scale order by contribution desc) as place
    from {{ name }}_contributions
),

{{ name }}_two as (
    select
        run,
        area,
        industry,
        scale,
        max(case when place = 1 then contribution end) as largest,
        coalesce(max(case when place = 2 then contribution end), 0) as second
    from {{ name }}_ordered
    group by run, area, industry, scale
)
{%- endfor %},

joined as (
    select
        sums.*
        {%- for name in measures %},
        {{ name }}_two.largest as {{ name }}_largest,
        {{ name }}_two.second as {{ name }}_second
        {%- endfor %}
    from sums
    {%- for name in measures %}
    inner join {{ name }}_two
        on
            sums.run = {{ name }}_two.run
            and sums.area = {{ name }}_two.area
            and sums.industry = {{ name }}_two.industry
            and sums.scale = {{ name }}_two.scale
    {%- endfor %}
)

select
    *
    {%- for name in measures %},
    {% set largest, second = name ~ '_largest', name ~ '_second' -%}
    case
        when firms < {{ rules.threshold }} then 'threshold'
        {%- for n, k in rules.dominance %}
        when {{ largest }}{{ ' + ' ~ second if n == 2 }} > {{ k }} / 100.0 * {{ name }} then 'dominance'
        {%- endfor %}
        when {{ name }} - {{ largest }} - {{ second }} < {{ rules.p_percent }} / 100.0 * {{ largest }} then 'p_percent'
    end as {{ name }}_rule,
    greatest(
        {{ rules.p_percent }} / 100.0 * {{ largest }} - ({{ name }} - {{ largest }} - {{ second }})
        {%- for n, k in rules.dominance %},
        100.0 / {{ k }} * ({{ largest }}{{ ' + ' ~ second if n == 2 }}) - {{ name }}
        {%- endfor %},
        0
    ) as {{ name }}_margin
    {%- endfor %}
from joined
