-- The value that stands for each firm, item and year, of the items that the rules need and no others. The written
-- precedence of the register: the department named first for the item, then the record received last, then its number.
select
    firm_id,
    item,
    period,
    cast({{ prevailing('value', sort_key(['-precedence', 'received_at', 'record_no'])) }} as double) as value,
    count(*) as records
from {{ records_of('items') }}
where
    item in ({% for item in var('plan')['items'] | map('first') | unique %}'{{ item }}'{{ ', ' if not loop.last }}{% endfor %})
    {%- set years = [] %}
    {%- for run in var('plan').runs %}{% for item, ago in var('plan')['items'] %}{% do years.append(run.period - ago) %}{% endfor %}{% endfor %}
    and period in ({{ years | unique | sort | join(', ') }})
group by firm_id, item, period
