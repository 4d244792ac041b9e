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
    item in (''{% for item in var('plan')['items'] | map('first') | unique %}, '{{ item }}'{% endfor %})
    {%- set years = var('plan').runs | map(attribute='period') | list %}
    {%- for run in var('plan').runs %}{% for item, ago in var('plan')['items'] %}{% do years.append(run.period - ago) %}{% endfor %}{% endfor %}
    {%- if var('plan').counties %}
    and firm_id in (select firm_id from {{ ref('stg_enterprises') }})
    {%- endif %}
    and period in ({{ years | unique | sort | join(', ') }})
group by firm_id, item, period
