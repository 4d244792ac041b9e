-- One row per place code, with its latest names: for labelling. What a code meant on a day is in reference.areas.
select
    ref_area,
    name_zh,
    name_en,
    area_level,
    parent
from {{ ref('areas') }}
qualify row_number() over (partition by ref_area order by valid_from desc nulls last) = 1
