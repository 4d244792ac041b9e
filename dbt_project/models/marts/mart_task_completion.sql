-- How much of the year's task was done, which target does that imply, and was the target far too soft? What was done is
-- taken as it was known when the rate was printed.
with completions as (
    select
        observations.*,
        indicators.of_indicator
    from {{ ref('current_observations') }} as observations
    inner join {{ ref('indicators') }} as indicators
        on observations.indicator = indicators.indicator
    where indicators.measure = 'completion'
),

candidates as (
    select
        completions.figure_id as completion_figure_id,
        completions.known_from as as_of,
        completions.source_id = actuals.source_id as is_own,
        actuals.*
    from completions
    inner join {{ ref('observations') }} as actuals
        on
            completions.of_indicator = actuals.indicator
            and completions.ref_area = actuals.ref_area
            and completions.time_period = actuals.time_period
            and completions.breakdown = actuals.breakdown
    where actuals.time_basis <> 'target'
),

known_then as (
    {{ known_together('candidates', 'completion_figure_id') }}
),

figures as (
    select
        completions.ref_area,
        completions.time_period,
        completions.of_indicator as indicator,
        completions.breakdown,
        known_then.unit_measure,
        case when known_then.figure_id is not null then {{ whole_figure('known_then') }} end as actual,
        {{ whole_figure('completions') }} as completion_rate
    from completions
    left join known_then
        on completions.figure_id = known_then.completion_figure_id
)

select
    figures.ref_area,
    areas.name_zh as area_name_zh,
    areas.name_en as area_name_en,
    figures.time_period,
    figures.indicator,
    indicators.name_zh as indicator_name_zh,
    indicators.name_en as indicator_name_en,
    figures.breakdown,
    figures.unit_measure,
    {{ printed_columns(['actual', 'completion_rate']) }},
    {{ quotient_columns('implied_target', 'actual', 'completion_rate', 100, 'decimal(38, 0)') }},
    -- twice the task or more: the task said little about what could be done
    completion_rate.value >= 200 as is_target_far_too_soft,
    actual.figure_id as actual_figure_id,
    completion_rate.figure_id as completion_figure_id,
    {{ standing_on(['actual', 'completion_rate'], units={}) }}
from figures
inner join {{ ref('latest_areas') }} as areas
    on figures.ref_area = areas.ref_area
left join {{ ref('indicators') }} as indicators
    on figures.indicator = indicators.indicator
