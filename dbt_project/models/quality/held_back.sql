-- Sources whose newest version is not in this file, with every reason; of each its last good version is, or nothing.
select
    source_id,
    kept is not null as last_good_version_is_used,
    file,
    line,
    column_name,
    rule,
    printed_value,
    message_en,
    message_zh
from {{ source('landing', 'held_back') }}
