-- How well do government services at hand work: the online service rate, users, poor reviews per million, and what
-- became of the poor reviews (put right in time, then passed the re-check).
{% set picks = {
    'online_service_rate': "indicator = 'online_service_rate'",
    'registered_users': "indicator = 'government_app_users'",
    'daily_active_users': "indicator = 'government_app_daily_active_users'",
    'reviews': "indicator = 'service_reviews'",
    'poor_reviews': "indicator = 'service_poor_reviews'",
    'rectified_in_time_rate': "indicator = 'service_poor_reviews_rectified_in_time_rate'",
    'recheck_pass_rate': "indicator = 'service_poor_reviews_recheck_pass_rate'"
} %}
with picked as (
    select
        ref_area,
        time_period,
        {{ one_figure_each(picks) }}
    from {{ ref('fct_government_services') }}
    where is_current and time_basis <> 'target'
    group by ref_area, time_period
),

poor_reviews_with_rate as (
    {{ known_with('rectified_in_time_rate', ref('fct_government_services'), picks['poor_reviews']) }}
),

figures as (
    select
        picked.*,
        poor_reviews_with_rate.figure as poor_reviews_with_rate
    from picked
    left join poor_reviews_with_rate
        on
            picked.ref_area = poor_reviews_with_rate.ref_area
            and picked.time_period = poor_reviews_with_rate.time_period
    where coalesce(picked.online_service_rate, picked.registered_users, picked.reviews) is not null
)

select
    figures.ref_area,
    areas.name_zh as area_name_zh,
    areas.name_en as area_name_en,
    figures.time_period,
    {{ printed_columns(picks) }},
    {{ quotient_columns('daily_active_share', 'daily_active_users', 'registered_users', 100, 'decimal(9, 4)') }},
    {{ quotient_columns('poor_reviews_per_million', 'poor_reviews', 'reviews', 1000000, 'decimal(18, 4)') }},
    {{ derived_columns(
        'implied_rectified_in_time', ['poor_reviews_with_rate', 'rectified_in_time_rate'],
        'poor_reviews_with_rate.value * rectified_in_time_rate.value / 100',
        'poor_reviews_with_rate.low * rectified_in_time_rate.low / 100',
        'poor_reviews_with_rate.high * rectified_in_time_rate.high / 100',
        'decimal(18, 2)'
    ) }},
    {{ derived_columns(
        'implied_passed_recheck', ['poor_reviews_with_rate', 'rectified_in_time_rate', 'recheck_pass_rate'],
        'poor_reviews_with_rate.value * rectified_in_time_rate.value / 100 * recheck_pass_rate.value / 100',
        'poor_reviews_with_rate.low * rectified_in_time_rate.low / 100 * recheck_pass_rate.low / 100',
        'poor_reviews_with_rate.high * rectified_in_time_rate.high / 100 * recheck_pass_rate.high / 100',
        'decimal(18, 2)'
    ) }},
    {{ standing_on(picks, also=['poor_reviews_with_rate'], units={
        'daily_active_share': 'percent',
        'poor_reviews_per_million': 'ratio',
        'implied_rectified_in_time': 'unit',
        'implied_passed_recheck': 'unit'
    }) }}
from figures
inner join {{ ref('latest_areas') }} as areas
    on figures.ref_area = areas.ref_area
