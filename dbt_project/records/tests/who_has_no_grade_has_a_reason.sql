{{ config(tags=['enterprise']) }}
select * from {{ ref('fct_enterprise_evaluation') }}
where (grade is null and status_reason is null) or (grade is null) <> (status <> 'evaluated')
