{{ config(tags=['enterprise']) }}
select run, scheme_no, ranking_group, count(*) as ranked, max(rank_in_group) as last_rank
from {{ ref('fct_enterprise_evaluation') }}
where rank_in_group is not null and unit_id = firm_id
group by run, scheme_no, ranking_group
having count(*) <> max(rank_in_group) or count(distinct rank_in_group) <> count(*)
