{{ config(tags=['enterprise']) }}
select
    coalesce(firms.run, results.run) as run,
    coalesce(firms.firm_id, results.firm_id) as firm_id,
    count(*) as found
from {{ ref('stg_enterprises') }} as firms
full join {{ ref('fct_enterprise_evaluation') }} as results on firms.run = results.run and firms.firm_id = results.firm_id
group by coalesce(firms.run, results.run), coalesce(firms.firm_id, results.firm_id)
having count(*) <> 1 or count(firms.firm_id) <> 1 or count(results.firm_id) <> 1
