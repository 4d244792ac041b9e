-- One row per firm and run: what the register says of the firm, with its age at the end of the evaluated year.
with runs as (
    {%- for run in var('plan').runs %}
    select '{{ run.run }}' as run, '{{ run.base_run }}' as base_run, {{ run.period }} as period
    {{- ' union all' if not loop.last }}
    {%- endfor %}
)

select
    runs.run,
    runs.base_run,
    runs.period,
    firms.firm_id,
    firms.county,
    firms.zone,
    firms.industry,
    firms.scale,
    firms.tenancy,
    firms.landlord_id,
    firms.group_id,
    firms.tenants,
    firms.stage,
    firms.flags,
    firms.enrolled_in,
    runs.period - year(firms.founded_on) as age_years,
    runs.period - firms.enrolled_in as years_enrolled
from {{ records_of('firms') }} as firms
cross join runs
{%- if var('plan').counties %}
where firms.county in ({% for county in var('plan').counties %}{{ quoted(county) }}{{ ', ' if not loop.last }}{% endfor %})
{%- endif %}
