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
        first_value({{ whole_figure() }}) over in_order as first,
        first_value(year_number) over in_order as first_year,
        lag({{ whole_figure() }}) over in_order as before,
        lag(year_number) over in_order as year_before
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
    lined_up.qualifier,
    lined_up.obs_value_low,
    lined_up.obs_value_high,
    {{ within_prints(
        'year_on_year_percent', "indicators.measure = 'level' and year_before = year_number - 1 and before.low > 0",
        '(lined_up.obs_value / before.value - 1) * 100',
        '(lined_up.obs_value_low / before.high - 1) * 100',
        '(lined_up.obs_value_high / before.low - 1) * 100',
        'decimal(18, 4)'
    ) }},
    {{ within_prints(
        'year_on_year_points', "indicators.measure <> 'level' and year_before = year_number - 1",
        'lined_up.obs_value - before.value',
        'lined_up.obs_value_low - before.high',
        'lined_up.obs_value_high - before.low',
        'decimal(18, 4)'
    ) }},
    {{ within_prints(
        'cagr_since_first_percent',
        "indicators.measure = 'level' and year_number > first_year and first.low > 0 and lined_up.obs_value_low > 0",
        '(power(lined_up.obs_value / first.value, 1.0 / (year_number - first_year)) - 1) * 100',
        '(power(lined_up.obs_value_low / first.high, 1.0 / (year_number - first_year)) - 1) * 100',
        '(power(lined_up.obs_value_high / first.low, 1.0 / (year_number - first_year)) - 1) * 100',
        'decimal(18, 4)'
    ) }},
    {{ within_prints(
        'index_first_100', "indicators.measure = 'level' and first.low > 0",
        'lined_up.obs_value / first.value * 100',
        'lined_up.obs_value_low / first.high * 100',
        'lined_up.obs_value_high / first.low * 100',
        'decimal(18, 2)'
    ) }},
    first.time_period as first_period,
    cast(lined_up.observations_in_series as integer) as observations_in_series,
    list_sort(list_distinct(list_filter(
        [lined_up.figure_id, before.figure_id, first.figure_id], lambda id: id is not null  -- noqa: PRS
    ))) as figure_ids,
    greatest(lined_up.confidence, before.confidence, first.confidence) as lowest_confidence
from lined_up
inner join {{ ref('indicators') }} as indicators
    on lined_up.indicator = indicators.indicator
inner join {{ ref('latest_areas') }} as areas
    on lined_up.ref_area = areas.ref_area
where lined_up.observations_in_series > 1
