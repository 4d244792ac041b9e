-- The value that stands for each item and year, one row per firm: the items that the rules and the tables that leave need,
-- and no others. The written precedence of the register: the department named first for the item, then the record
-- received last, then its number.
{%- set needed = needed_items() %}
with standing as (
    select
        firm_id,
        item,
        period,
        value,
        {{ standing() }} as standing
    from {{ records_of('items') }}
    where
        item in ({% for item in needed | map('first') | unique %}'{{ item }}'{{ ', ' if not loop.last }}{% endfor %})
        and period in ({{ needed | map('last') | unique | sort | join(', ') }})
        {%- if var('plan').counties %}
        and firm_id in (select firm_id from {{ ref('stg_enterprises') }})
        {%- endif %}
)

select
    firm_id
    {%- for item, year in needed %},
    cast({{ prevailing('value', 'standing') }} filter (where item = '{{ item }}' and period = {{ year }}) as double) as {{ item }}_{{ year }}
    {%- endfor %}
from standing
group by firm_id
