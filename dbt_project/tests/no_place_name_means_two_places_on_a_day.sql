-- A printed place resolves to one code on any day.
select
    one.place_printed,
    one.ref_area,
    other.ref_area as other_ref_area
from {{ ref('area_names') }} as one
inner join {{ ref('area_names') }} as other
    on
        one.place_printed = other.place_printed
        and one.ref_area < other.ref_area
        and coalesce(one.valid_from, date '0001-01-01') < coalesce(other.valid_to, date '9999-12-31')
        and coalesce(other.valid_from, date '0001-01-01') < coalesce(one.valid_to, date '9999-12-31')
