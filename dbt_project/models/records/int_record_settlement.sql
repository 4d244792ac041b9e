-- How the records of each item were settled: which stand, and which were repeated, restated or overruled. Nothing is lost.
with marked as (
    select
        item,
        period,
        precedence,
        value,
        row_number() over (
            partition by firm_id, item, period order by precedence asc, received_at desc, record_no desc
        ) as standing,
        first_value(value) over (
            partition by firm_id, item, period order by precedence asc, received_at desc, record_no desc
        ) as standing_value,
        min(precedence) over (partition by firm_id, item, period) as standing_precedence
    from {{ records_of('every_item') }}
)

select
    item,
    period,
    count(*) as records,
    sum(case when standing = 1 then 1 else 0 end) as stand,
    sum(case when standing > 1 and value = standing_value then 1 else 0 end) as repeated,
    sum(case when standing > 1 and value <> standing_value and precedence = standing_precedence then 1 else 0 end) as restated,
    sum(case when standing > 1 and value <> standing_value and precedence > standing_precedence then 1 else 0 end) as overruled
from marked
group by item, period
