-- Targets: where it began, where it stands, what was set and for when; how much of the way is done against how much of
-- the time is gone; met or not.
--
-- The baseline is the figure of the latest period that had ended when the target was published, as it was known then;
-- the latest is the latest figure up to the due date, as it stands today; a flow is only compared with flows of the
-- same frequency. A target that is a bound (1.9以内, 8.5万以上) is met at the bound. A status is told from a figure for
-- the due date alone: an earlier one that already reaches the target does not say that it will hold. Where the print
-- for the due date is open (突破7万) and stops short of the target, no figure decides.
with today as (
    -- the last day on which anything was fetched: what is known is known up to then
    select max(retrieved_on) as day
    from {{ ref('sources') }}
),

targets as (
    select
        observations.*,
        indicators.direction
    from {{ ref('observations') }} as observations
    inner join {{ ref('indicators') }} as indicators
        on observations.indicator = indicators.indicator
    where observations.time_basis = 'target'
),

actuals as (
    select *
    from {{ ref('observations') }}
    where time_basis in ('flow', 'stock', 'cumulative_since_start', 'change')
),

candidates as (
    select
        targets.figure_id as target_figure_id,
        targets.known_from as as_of,
        targets.source_id = actuals.source_id as is_own,
        targets.known_from >= actuals.period_end and targets.period_end > actuals.period_end as is_before_target,
        actuals.*
    from targets
    inner join actuals
        on
            targets.indicator = actuals.indicator
            and targets.ref_area = actuals.ref_area
            and targets.breakdown = actuals.breakdown
            and (targets.freq = actuals.freq or actuals.time_basis = 'stock')
            and targets.period_end >= actuals.period_end
),

last_periods_before as (
    select *
    from candidates
    where is_before_target
    qualify
        rank() over (
            partition by target_figure_id order by period_end desc, freq asc, time_basis asc, period_start desc
        ) = 1
),

baselines as (
    select
        target_figure_id,
        {{ whole_figure() }} as figure
    from ({{ known_together('last_periods_before', 'target_figure_id') }})
),

latest_figures as (
    select
        target_figure_id,
        {{ whole_figure() }} as figure
    from candidates
    where is_current
    qualify row_number() over (
        partition by target_figure_id order by period_end desc, freq asc, figure_id asc
    ) = 1
),

figures as (
    select
        targets.*,
        today.day as known_until,
        {{ whole_figure('targets') }} as target,
        baselines.figure as baseline,
        latest_figures.figure as latest
    from targets
    cross join today
    left join baselines
        on targets.figure_id = baselines.target_figure_id
    left join latest_figures
        on targets.figure_id = latest_figures.target_figure_id
),

compared as (
    select
        *,
        case
            when latest is null then null
            when target.qualifier in ('at_most', 'less_than', 'nearly') or direction = 'lower'
                then
                    case
                        when latest.value <= target.value
                            then case when latest.qualifier in ('at_least', 'more_than') then null else true end
                        when latest.qualifier in ('at_most', 'less_than', 'nearly') then null
                        else false
                    end
            when direction = 'higher' or target.qualifier in ('at_least', 'more_than')
                then
                    case
                        when latest.value >= target.value
                            then
                                case
                                    when latest.qualifier in ('at_most', 'less_than', 'nearly') then null
                                    else true
                                end
                        when latest.qualifier in ('at_least', 'more_than') then null
                        else false
                    end
        end as is_reached,
        target.value not between baseline.low and baseline.high as has_way
    from figures
)

select
    compared.figure_id,
    compared.source_id,
    compared.published_on,
    compared.indicator,
    indicators.name_zh as indicator_name_zh,
    indicators.name_en as indicator_name_en,
    compared.ref_area,
    areas.name_zh as area_name_zh,
    areas.name_en as area_name_en,
    compared.breakdown,
    compared.unit_measure,
    compared.direction,
    case
        when not compared.period_is_stated then 'no_due_date_printed'
        when latest.period_end = compared.period_end and is_reached then 'met'
        when latest.period_end = compared.period_end and not is_reached then 'not_met'
        when compared.period_end > compared.known_until then 'on_the_way'
        else 'no_figure_for_due_date'
    end as status,
    target.value as target_value,
    target.qualifier as target_qualifier,
    case when compared.period_is_stated then compared.time_period end as due_period,
    case when compared.period_is_stated then compared.period_end end as due_on,
    baseline.time_period as baseline_period,
    baseline.value as baseline_value,
    baseline.qualifier as baseline_qualifier,
    baseline.known_from as baseline_known_from,
    latest.time_period as latest_period,
    latest.value as latest_value,
    latest.qualifier as latest_qualifier,
    latest.known_from as latest_known_from,
    compared.is_reached as latest_reaches_target,
    case
        when latest.qualifier in ('exact', 'about') and baseline.qualifier in ('exact', 'about')
            then
                cast(
                    (latest.value - baseline.value) / nullif(target.value - baseline.value, 0) as decimal(12, 4)
                )
    end as share_of_way_done,
    case
        when has_way and latest.low is not null and latest.high is not null
            then {{ outward(corners_of_way('least'), 'down') }}
    end as share_of_way_done_low,
    case
        when has_way and latest.low is not null and latest.high is not null
            then {{ outward(corners_of_way('greatest'), 'up') }}
    end as share_of_way_done_high,
    case
        when compared.period_is_stated
            then
                cast(
                    (latest.period_end - baseline.period_end)
                    / nullif(compared.period_end - baseline.period_end, 0) as decimal(12, 4)
                )
    end as share_of_time_gone,
    list_sort(list_distinct(list_filter(
        [target.figure_id, baseline.figure_id, latest.figure_id], lambda id: id is not null  -- noqa: PRS
    ))) as figure_ids,
    greatest(target.confidence, baseline.confidence, latest.confidence) as lowest_confidence
from compared
inner join {{ ref('indicators') }} as indicators
    on compared.indicator = indicators.indicator
inner join {{ ref('latest_areas') }} as areas
    on compared.ref_area = areas.ref_area
