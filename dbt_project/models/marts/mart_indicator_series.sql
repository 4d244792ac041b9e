-- Everything that can be compared over time: value, change on a year before, growth since the first, index.
--
-- A series never crosses two definitions (two indicators), two units, two time bases, a break (obs_status B), or a
-- change of the place's territory: `series_segment` counts the stretches between such breaks. Prints that are open at
-- one end (超, 近) are left out: nothing can be computed from them.
with figures as (
    select
        observations.*,
        areas.valid_from as territory_since
    from {{ ref('current_observations') }} as observations
    inner join {{ ref('areas') }} as areas
        on
            observations.ref_area = areas.ref_area
            and observations.period_end >= coalesce(areas.valid_from, date '0001-01-01')
            and observations.period_end < coalesce(areas.valid_to, date '9999-12-31')
    where
        observations.time_basis in ('flow', 'stock', 'year_to_date', 'change')
        and observations.qualifier in ('exact', 'about')
        and observations.obs_value_low is not null
        and observations.obs_value_high is not null
        and (observations.base_period is null or observations.time_basis = 'change')
),

placed as (
    select
        *,
        cast(left(time_period, 4) as integer) as year_number,
        substr(time_period, 5) as part_of_year,
        sum(case when obs_status = 'B' then 1 else 0 end) over (
            partition by indicator, ref_area, breakdown, unit_measure, time_basis, freq order by period_end
        ) as breaks_before
    from figures
),

segmented as (
    select
        *,
        dense_rank() over (
            partition by indicator, ref_area, breakdown, unit_measure, time_basis, freq
            order by territory_since nulls first, breaks_before
        ) as segment
    from placed
),

deduplicated as (
    -- a change may be printed against several bases; the series takes the change on the year before
    select *
    from segmented
    where time_basis <> 'change' or base_period = cast(year_number - 1 as varchar) || part_of_year
),

lined_up as (
    select
        *,
        count(*) over whole_series as observations_in_series,
        first_value(obs_value) over in_order as first_value,
        first_value(year_number) over in_order as first_year,
        first_value(time_period) over in_order as first_period,
        lag(obs_value) over same_part as value_before,
        lag(year_number) over same_part as year_before
    from deduplicated
    window
        whole_series as (
            partition by
                indicator, ref_area, breakdown, unit_measure, time_basis, freq, part_of_year, segment
        ),
        in_order as (
            partition by
                indicator, ref_area, breakdown, unit_measure, time_basis, freq, part_of_year, segment
            order by year_number
        ),
        same_part as (
            partition by
                indicator, ref_area, breakdown, unit_measure, time_basis, freq, part_of_year, segment
            order by year_number
        )
)

select
    lined_up.figure_id,
    lined_up.source_id,
    lined_up.indicator,
    indicators.name_zh as indicator_name_zh,
    indicators.name_en as indicator_name_en,
    indicators.measure,
    lined_up.ref_area,
    areas.name_zh as area_name_zh,
    areas.name_en as area_name_en,
    lined_up.breakdown,
    lined_up.freq,
    lined_up.time_basis,
    lined_up.unit_measure,
    cast(lined_up.segment as integer) as series_segment,
    lined_up.time_period,
    lined_up.period_end,
    lined_up.obs_value,
    case
        when indicators.measure = 'level' and year_before = year_number - 1 and value_before > 0 then
            cast((lined_up.obs_value / value_before - 1) * 100 as decimal(18, 4))
    end as year_on_year_percent,
    case
        when indicators.measure <> 'level' and year_before = year_number - 1 then
            cast(lined_up.obs_value - value_before as decimal(18, 4))
    end as year_on_year_points,
    case
        when indicators.measure = 'level' and year_number > first_year and first_value > 0 and lined_up.obs_value > 0
            then cast(
                (power(lined_up.obs_value / first_value, 1.0 / (year_number - first_year)) - 1) * 100
                as decimal(18, 4)
            )
    end as cagr_since_first_percent,
    case
        when indicators.measure = 'level' and first_value > 0 then
            cast(lined_up.obs_value / first_value * 100 as decimal(18, 2))
    end as index_first_100,
    lined_up.first_period,
    cast(lined_up.observations_in_series as integer) as observations_in_series
from lined_up
inner join {{ ref('indicators') }} as indicators
    on lined_up.indicator = indicators.indicator
inner join {{ ref('latest_areas') }} as areas
    on lined_up.ref_area = areas.ref_area
where lined_up.observations_in_series > 1
