-- A growth rate against its twins: nominal beside real growth, all residents beside town and country.
with figures as (
    select * from {{ ref('int_plausibility_figures') }}
),

-- Nominal less real growth is the change of prices, which is small, and much the same in town and country.
price_changes as (
    select
        real_growth.figure_id,
        nominal.figure_id as nominal_figure_id,
        real_growth.obs_value as real_value,
        nominal.obs_value as nominal_value,
        nominal.obs_value - real_growth.obs_value as price_change,
        median(nominal.obs_value - real_growth.obs_value) over (
            partition by
                real_growth.indicator, real_growth.ref_area, real_growth.time_period, real_growth.base_period
        ) as middle
    from figures as real_growth
    inner join figures as nominal
        on
            real_growth.indicator = nominal.indicator
            and replace(real_growth.breakdown, 'price=real', 'price=nominal') = nominal.breakdown
            and real_growth.source_id = nominal.source_id
            and real_growth.ref_area = nominal.ref_area
            and real_growth.time_period = nominal.time_period
            and real_growth.base_period is not distinct from nominal.base_period
    where
        real_growth.breakdown like '%price=real%'
        -- over one year: prices add up over several
        and try_cast(left(real_growth.base_period, 4) as integer)
        = try_cast(left(real_growth.time_period, 4) as integer) - 1
),

apart_in_prices as (
    select
        figure_id,
        'prices' as rule,
        real_value as found,
        nominal_value - greatest(middle, {{ threshold('prices', 'lowest_usual') }})
        - {{ threshold('prices', 'leeway_points') }} as expected_low,
        nominal_value - least(middle, {{ threshold('prices', 'highest_usual') }})
        + {{ threshold('prices', 'leeway_points') }} as expected_high,
        nominal_figure_id as compared_with
    from price_changes
    where
        abs(price_change - middle) > {{ threshold('prices', 'leeway_points') }}
        or price_change not between {{ threshold('prices', 'lowest_points') }}
        and {{ threshold('prices', 'highest_points') }}
),

-- What all residents have grown by lies near what town and country have grown by.
siblings as (
    select
        wholes.figure_id,
        wholes.obs_value,
        least(urban.obs_value, rural.obs_value) as lower_sibling,
        greatest(urban.obs_value, rural.obs_value) as higher_sibling
    from figures as wholes
    inner join figures as urban
        on
            wholes.source_id = urban.source_id
            and wholes.indicator = urban.indicator
            and wholes.ref_area = urban.ref_area
            and wholes.time_period = urban.time_period
            and wholes.base_period is not distinct from urban.base_period
            and urban.breakdown = concat_ws(';', nullif(wholes.breakdown, ''), 'residence=urban')
    inner join figures as rural
        on
            wholes.source_id = rural.source_id
            and wholes.indicator = rural.indicator
            and wholes.ref_area = rural.ref_area
            and wholes.time_period = rural.time_period
            and wholes.base_period is not distinct from rural.base_period
            and rural.breakdown = concat_ws(';', nullif(wholes.breakdown, ''), 'residence=rural')
    where wholes.measure = 'growth'
),

apart_from_siblings as (
    select
        figure_id,
        'town_and_country' as rule,
        obs_value as found,
        lower_sibling - {{ threshold('town_and_country', 'leeway_points') }} as expected_low,
        higher_sibling + {{ threshold('town_and_country', 'leeway_points') }} as expected_high,
        null as compared_with
    from siblings
    where obs_value not between expected_low and expected_high
)

select * from apart_in_prices
union all
select * from apart_from_siblings
