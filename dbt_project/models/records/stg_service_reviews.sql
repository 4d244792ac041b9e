-- One review for each case: that which was received last, then that with the higher number.
with ordered as (
    select
        *,
        row_number() over (partition by case_id order by received_at desc, review_no desc) as standing
    from {{ records_of('reviews') }}
    where case_id in (
        select case_id from {{ records_of('reviews') }}
        group by case_id
        having count(*) > 1
    )
),

repeated as (
    select case_id from ordered where standing = 1
)

select
    case_id, county, month, grade, given, reviewed_at, due_at, mended_at, rechecked_at, result
from {{ records_of('reviews') }}
where case_id not in (select case_id from repeated)
union all
select
    case_id, county, month, grade, given, reviewed_at, due_at, mended_at, rechecked_at, result
from ordered
where standing = 1
