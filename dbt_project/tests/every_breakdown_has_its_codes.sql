{{ config(meta={'dagster': {'ref': {'name': 'crosswalk'}}}) }}
-- Every key=value of a crosswalk row is a code of reference.breakdown_codes, in alphabetical order of keys.
with parts as (
    select
        breakdown_code,
        unnest(string_split(breakdown_code, ';')) as part
    from {{ ref('crosswalk') }}
    where breakdown_code is not null
)

select
    parts.breakdown_code,
    parts.part
from parts
left join {{ ref('breakdown_codes') }} as codes
    on parts.part = codes.dimension || '=' || codes.code
where codes.code is null

union all

select
    breakdown_code,
    'keys are not in alphabetical order' as part
from {{ ref('crosswalk') }}
where breakdown_code <> list_aggregate(list_sort(string_split(breakdown_code, ';')), 'string_agg', ';')
