-- Firms by county, industry, scale and grade; those without a grade stand under their status. Counts only, still to pass
-- disclosure before they leave.
select
    run,
    period,
    county,
    industry,
    scale,
    status,
    coalesce(grade, '') as grade,
    count(*) as firms
from {{ ref('fct_enterprise_evaluation') }}
group by run, period, county, industry, scale, status, coalesce(grade, '')
