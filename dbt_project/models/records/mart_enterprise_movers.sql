-- How many firms moved between which grades from one evaluated year to the next, by scale.
select
    earlier.period as from_period,
    later.period as to_period,
    later.scale,
    coalesce(earlier.grade, earlier.status) as from_grade,
    coalesce(later.grade, later.status) as to_grade,
    count(*) as firms
from {{ ref('fct_enterprise_evaluation') }} as later
inner join {{ ref('fct_enterprise_evaluation') }} as earlier
    on
        later.firm_id = earlier.firm_id
        and later.period = earlier.period + 1
where later.run = cast(later.period as {{ dbt.type_string() }}) and earlier.run = cast(earlier.period as {{ dbt.type_string() }})
group by earlier.period, later.period, later.scale, coalesce(earlier.grade, earlier.status), coalesce(later.grade, later.status)
