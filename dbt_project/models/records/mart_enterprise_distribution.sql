-- Scores in steps of ten, by scale: how many firms lie in each.
select
    run,
    period,
    scale,
    cast(floor(score / 10) * 10 as integer) as score_from,
    count(*) as firms
from {{ ref('fct_enterprise_evaluation') }}
where score is not null and unit_id = firm_id
group by run, period, scale, cast(floor(score / 10) * 10 as integer)
