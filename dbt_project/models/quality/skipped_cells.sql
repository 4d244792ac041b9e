-- Numbers of files that became no figure, as ranges, each with its reason. Figures + left out + refused are all cells
-- of a file that hold a digit (landing.numbers); where they are not, the file is refused.
select
    numbers.source_id,
    numbers.file,
    numbers.sheet,
    numbers.reason,
    reasons.name_en as reason_en,
    reasons.name_zh as reason_zh,
    numbers.cells,
    numbers.numbers
from {{ source('landing', 'numbers') }} as numbers
inner join {{ ref('skip_reasons') }} as reasons
    on numbers.reason = reasons.reason
