-- Counts of reviews by county and month; every measure of the register is one of them, or one over another.
{%- set poor = "given = 'actively' and grade <= " ~ var('plan').poor_at_most %}
select
    county,
    month,
    count(*) as reviews,
    sum(case when given = 'actively' then 1 else 0 end) as active,
    sum(case when {{ poor }} then 1 else 0 end) as poor,
    sum(case when {{ poor }} and mended_at <= due_at then 1 else 0 end) as mended_in_time,
    sum(case when {{ poor }} and rechecked_at is not null then 1 else 0 end) as rechecked,
    sum(case when {{ poor }} and result = 'passed' then 1 else 0 end) as passed
from {{ ref('stg_service_reviews') }}
group by county, month
