-- Figures of prose that were read with less confidence than their source asks for: they wait here and are in no fact
-- until `gongfu review` has written what was decided into the source's ledger.
select
    source_id,
    file,
    line,
    column_name as locator,
    printed_value,
    message_en,
    message_zh
from {{ source('landing', 'quarantine') }}
where rule = 'for_review'
