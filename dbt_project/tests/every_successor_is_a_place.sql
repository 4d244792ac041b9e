-- Every code in areas.succeeded_by is a place; several successors stand apart by a semicolon or a blank.
with successors as (
    select
        ref_area,
        unnest(regexp_split_to_array(succeeded_by, '[;、, ]+')) as successor
    from {{ ref('areas') }}
    where succeeded_by is not null
)

select *
from successors
where successor not in (select ref_area from {{ ref('areas') }})
