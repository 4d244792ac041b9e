-- Within a province and a level, a printed place resolves to one code on any day; of 江北区 in two provinces, or of 吉林
-- the province and 吉林 the city, the surroundings say which (stg_places).
select
    one.place_printed,
    one.ref_area,
    other.ref_area as other_ref_area
from {{ ref('area_names') }} as one
inner join {{ ref('area_names') }} as other
    on
        one.place_printed = other.place_printed
        and one.ref_area < other.ref_area
        and left(one.ref_area, 2) = left(other.ref_area, 2)
        and (one.ref_area like '%0000') = (other.ref_area like '%0000')
        and (one.ref_area like '%00') = (other.ref_area like '%00')
        and coalesce(one.valid_from, date '0001-01-01') < coalesce(other.valid_to, date '9999-12-31')
        and coalesce(other.valid_from, date '0001-01-01') < coalesce(one.valid_to, date '9999-12-31')
