-- The stretches of a place code follow each other without overlap.
select
    earlier.ref_area,
    earlier.valid_from,
    later.valid_from as next_valid_from
from {{ ref('areas') }} as earlier
inner join {{ ref('areas') }} as later
    on
        earlier.ref_area = later.ref_area
        and coalesce(earlier.valid_from, date '0001-01-01') < coalesce(later.valid_from, date '0001-01-01')
        and coalesce(earlier.valid_to, date '9999-12-31') > coalesce(later.valid_from, date '0001-01-01')
