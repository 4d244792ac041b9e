-- How much of the year's task was done, which target does that imply, and was the target far too soft?
with completions as (
    select
        observations.*,
        indicators.of_indicator
    from {{ ref('current_observations') }} as observations
    inner join {{ ref('indicators') }} as indicators
        on observations.indicator = indicators.indicator
    where indicators.measure = 'completion'
),

paired as (
    select
        completions.ref_area,
        completions.time_period,
        completions.of_indicator as indicator,
        completions.breakdown,
        actuals.obs_value as actual,
        actuals.obs_value_low as actual_low,
        actuals.obs_value_high as actual_high,
        actuals.unit_measure,
        completions.obs_value as completion_rate,
        completions.obs_value_low as completion_rate_low,
        completions.obs_value_high as completion_rate_high,
        actuals.figure_id as actual_figure_id,
        completions.figure_id as completion_figure_id
    from completions
    left join {{ ref('current_observations') }} as actuals
        on
            completions.of_indicator = actuals.indicator
            and completions.ref_area = actuals.ref_area
            and completions.time_period = actuals.time_period
            and completions.breakdown = actuals.breakdown
            and actuals.time_basis <> 'target'
)

select
    paired.ref_area,
    areas.name_zh as area_name_zh,
    areas.name_en as area_name_en,
    paired.time_period,
    paired.indicator,
    indicators.name_zh as indicator_name_zh,
    indicators.name_en as indicator_name_en,
    paired.breakdown,
    paired.actual,
    paired.unit_measure,
    paired.completion_rate,
    cast(paired.actual / paired.completion_rate * 100 as decimal(38, 0)) as implied_target,
    cast(paired.actual_low / paired.completion_rate_high * 100 as decimal(38, 0)) as implied_target_low,
    cast(paired.actual_high / paired.completion_rate_low * 100 as decimal(38, 0)) as implied_target_high,
    -- twice the task or more: the task said little about what could be done
    paired.completion_rate >= 200 as is_target_far_too_soft,
    paired.actual_figure_id,
    paired.completion_figure_id
from paired
inner join {{ ref('latest_areas') }} as areas
    on paired.ref_area = areas.ref_area
left join {{ ref('indicators') }} as indicators
    on paired.indicator = indicators.indicator
