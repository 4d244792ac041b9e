-- Everything that was not taken, whole sources and rows, with its place and its reason. Nothing is lost.
select
    source_id,
    file,
    line,
    null::varchar as figure_id,
    null::varchar as locator,
    column_name,
    rule,
    printed_value,
    message_en,
    message_zh,
    'door' as refused_at
from {{ source('landing', 'quarantine') }}
where rule <> 'for_review'

union all by name

select
    source_id,
    file,
    line,
    figure_id,
    locator,
    column_name,
    rule,
    printed_value,
    message_en,
    message_zh,
    'coding' as refused_at
from {{ ref('stg_refusals') }}

union all by name

select
    source_id,
    file,
    line,
    null::varchar as figure_id,
    null::varchar as locator,
    column_name,
    rule,
    printed_value,
    message_en,
    message_zh,
    'source' as refused_at
from {{ ref('held_back') }}
