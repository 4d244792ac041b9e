{{ config(materialized='table' if looks_at_groups() or looks_at_landlords() else 'view') }}
-- Which rule covers each firm, and which unit it is evaluated in: itself, its group, or its landlord. A unit carries the
-- id of one of its firms: the landlord, or of a group the firm at designated size with the lowest id.
{%- set rules = var('plan').rules %}
with covered as (
    select
        *,
        case
            {%- for run in var('plan').runs %}{% for name in run.rules %}{% for rule in rules if rule.rule == name %}
            when run = '{{ run.run }}' and {{ covers(rule) }} then '{{ name }}'
            {%- endfor %}{% endfor %}{% endfor %}
        end as rule
    from {{ ref('stg_enterprises') }}
),

{% if looks_at_groups() -%}
groups as (
    select
        run,
        rule,
        county,
        group_id,
        coalesce(min(case when scale = 'above' then firm_id end), min(firm_id)) as lead_id,
        count(*) as members
    from covered
    where group_id is not null and rule is not null
    group by run, rule, county, group_id
),

{% endif -%}
grouped as (
    select
        covered.*,
        case covered.rule {% for rule in rules %}when '{{ rule.rule }}' then '{{ rule.groups }}' {% endfor %}end as on_groups,
        case covered.rule
            {%- for rule in rules %}
            when '{{ rule.rule }}' then case covered.scale when 'above' then '{{ rule.tenants.above }}' else '{{ rule.tenants.below }}' end
            {%- endfor %}
        end as on_tenants,
        {{ 'groups.lead_id' if looks_at_groups() else 'covered.firm_id as lead_id' }},
        {{ 'coalesce(groups.members, 1)' if looks_at_groups() else '1' }} as members
    from covered
    {%- if looks_at_groups() %}
    left join groups
        on
            covered.run = groups.run
            and covered.rule = groups.rule
            and covered.county = groups.county
            and covered.group_id = groups.group_id
    {%- endif %}
),

own as (
    select
        *,
        case when on_groups = 'merged' and members > 1 then lead_id else firm_id end as own_unit,
        tenancy = 'tenant' and landlord_id is not null as is_tenant,
        case when tenancy = 'tenant' then landlord_id end as landlord_key
    from grouped
)

select
    own.run,
    own.base_run,
    own.period,
    own.firm_id,
    own.rule,
    own.county,
    own.zone,
    own.industry,
    own.scale,
    own.tenancy,
    own.group_id,
    own.tenants,
    own.stage,
    own.flags,
    own.enrolled_in,
    own.age_years,
    own.years_enrolled,
    {%- if looks_at_landlords() %}
    case
        when own.is_tenant and own.on_tenants = 'with_landlord' and landlords.tenancy = 'owner' then landlords.own_unit
        else own.own_unit
    end as unit_id,
    case
        when own.is_tenant and own.on_tenants = 'follow_landlord' and own.own_unit = own.firm_id
            then coalesce(landlords.own_unit, 'unknown')
    end as follows_unit,
    {%- else %}
    own.own_unit as unit_id,
    cast(null as {{ dbt.type_string() }}) as follows_unit,
    {%- endif %}
    case
        when own.rule is null then 'no_rule'
        when own.on_groups = 'unsaid' and own.members > 1 then 'unsaid:groups'
        when own.is_tenant and own.on_tenants = 'unsaid' then 'unsaid:tenants'
    end as refusal
from own
{%- if looks_at_landlords() %}
left join own as landlords
    on own.landlord_key = landlords.firm_id and own.run = landlords.run and own.rule = landlords.rule
{%- endif %}
