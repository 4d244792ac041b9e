-- How well do government services at hand work: the online service rate, users, poor reviews per million, and what
-- became of the poor reviews (put right in time, then passed the re-check).
with figures as (
    select
        ref_area,
        time_period,
        max(case when indicator = 'online_service_rate' then obs_value end) as online_service_rate,
        max(case when indicator = 'government_app_users' then obs_value end) as registered_users,
        max(case when indicator = 'government_app_users' then qualifier end) as registered_users_qualifier,
        max(case when indicator = 'government_app_daily_active_users' then obs_value end) as daily_active_users,
        max(case when indicator = 'service_reviews' then obs_value end) as reviews,
        max(case when indicator = 'service_poor_reviews' then obs_value end) as poor_reviews,
        max(case when indicator = 'service_poor_reviews_rectified_in_time_rate' then obs_value end)
            as rectified_in_time_rate,
        max(case when indicator = 'service_poor_reviews_recheck_pass_rate' then obs_value end) as recheck_pass_rate
    from {{ ref('fct_government_services') }}
    where is_current and time_basis <> 'target'
    group by ref_area, time_period
)

select
    figures.ref_area,
    areas.name_zh as area_name_zh,
    areas.name_en as area_name_en,
    figures.time_period,
    figures.online_service_rate,
    figures.registered_users,
    figures.registered_users_qualifier,
    figures.daily_active_users,
    cast(figures.daily_active_users / figures.registered_users * 100 as decimal(9, 4)) as daily_active_share,
    figures.reviews,
    figures.poor_reviews,
    cast(figures.poor_reviews / figures.reviews * 1000000 as decimal(18, 4)) as poor_reviews_per_million,
    figures.rectified_in_time_rate,
    cast(figures.poor_reviews * figures.rectified_in_time_rate / 100 as decimal(18, 2)) as implied_rectified_in_time,
    figures.recheck_pass_rate,
    cast(
        figures.poor_reviews * figures.rectified_in_time_rate / 100 * figures.recheck_pass_rate / 100
        as decimal(18, 2)
    ) as implied_passed_recheck
from figures
inner join {{ ref('latest_areas') }} as areas
    on figures.ref_area = areas.ref_area
where coalesce(figures.online_service_rate, figures.registered_users, figures.reviews) is not null
