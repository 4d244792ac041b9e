-- How many skilled workers are there, how many of them highly skilled, what share of all employed, and how many were
-- trained? The implied number of employed is the stock over its printed share of them.
with figures as (
    select
        ref_area,
        time_period,
        max(case when indicator = 'skilled_workers' and skill_level = 'all' then obs_value end) as skilled_workers,
        max(case when indicator = 'skilled_workers' and skill_level = 'high' then obs_value end)
            as high_skilled_workers,
        -- 近700万 is a bound: nothing is derived from it
        bool_and(qualifier in ('exact', 'about')) filter (where indicator = 'skilled_workers') as is_stock_closed,
        max(case when indicator = 'high_skilled_share_of_skilled' then obs_value end) as printed_high_skilled_share,
        max(case when indicator = 'high_skilled_share_of_skilled' then qualifier end)
            as printed_high_skilled_share_qualifier,
        max(case when indicator = 'skilled_workers_share_of_employed' then obs_value end)
            as printed_share_of_employed,
        max(case when indicator = 'skilled_workers_share_of_employed' then qualifier end)
            as printed_share_of_employed_qualifier,
        max(case when indicator = 'skilled_workers_new' and skill_level = 'all' then obs_value end)
            as new_skilled_workers,
        max(case when indicator = 'skilled_workers_new' and skill_level = 'high' then obs_value end)
            as new_high_skilled_workers,
        max(case when indicator = 'vocational_training' then obs_value end) as training_person_times
    from {{ ref('fct_skills') }}
    where is_current and time_basis <> 'target'
    group by ref_area, time_period
)

select
    figures.ref_area,
    areas.name_zh as area_name_zh,
    areas.name_en as area_name_en,
    figures.time_period,
    figures.skilled_workers,
    figures.high_skilled_workers,
    case
        when figures.is_stock_closed
            then cast(figures.high_skilled_workers / figures.skilled_workers * 100 as decimal(9, 4))
    end as high_skilled_share,
    figures.printed_high_skilled_share,
    figures.printed_high_skilled_share_qualifier,
    figures.printed_share_of_employed,
    figures.printed_share_of_employed_qualifier,
    cast(figures.skilled_workers / figures.printed_share_of_employed * 100 as decimal(38, 0)) as implied_employed,
    figures.new_skilled_workers,
    figures.new_high_skilled_workers,
    figures.training_person_times
from figures
inner join {{ ref('latest_areas') }} as areas
    on figures.ref_area = areas.ref_area
where
    coalesce(
        figures.skilled_workers, figures.high_skilled_workers, figures.printed_high_skilled_share,
        figures.printed_share_of_employed, figures.new_skilled_workers, figures.training_person_times
    ) is not null
