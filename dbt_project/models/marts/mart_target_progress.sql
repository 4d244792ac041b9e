-- Targets: where it began, where it stands, what was set and for when; how much of the way is done against how much of
-- the time is gone.
--
-- The baseline is the latest figure of a year that had ended when the target was published; the latest is the latest
-- figure up to the due date; a flow is only compared with flows of the same frequency. A target that is a bound
-- (1.9以内, 8.5万以上) is met at the bound. Where the latest print is open (突破7万) and stops short of the target,
-- whether it is met cannot be told, and is_met is null.
with targets as (
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
    from {{ ref('current_observations') }}
    where time_basis in ('flow', 'stock', 'cumulative_since_start', 'change')
),

with_baseline as (
    select
        targets.figure_id,
        actuals.time_period as baseline_period,
        actuals.period_end as baseline_end,
        actuals.obs_value as baseline_value
    from targets
    inner join actuals
        on
            targets.indicator = actuals.indicator
            and targets.ref_area = actuals.ref_area
            and targets.breakdown = actuals.breakdown
            and (targets.freq = actuals.freq or actuals.time_basis = 'stock')
            and targets.known_from >= actuals.period_end
            and targets.period_end > actuals.period_end
    qualify row_number() over (
        partition by targets.figure_id order by actuals.period_end desc, actuals.freq asc, actuals.figure_id asc
    ) = 1
),

with_latest as (
    select
        targets.figure_id,
        actuals.time_period as latest_period,
        actuals.period_end as latest_end,
        actuals.obs_value as latest_value,
        actuals.qualifier as latest_qualifier
    from targets
    inner join actuals
        on
            targets.indicator = actuals.indicator
            and targets.ref_area = actuals.ref_area
            and targets.breakdown = actuals.breakdown
            and (targets.freq = actuals.freq or actuals.time_basis = 'stock')
            and targets.period_end >= actuals.period_end
    qualify row_number() over (
        partition by targets.figure_id order by actuals.period_end desc, actuals.freq asc, actuals.figure_id asc
    ) = 1
)

select
    targets.figure_id,
    targets.source_id,
    targets.published_on,
    targets.indicator,
    indicators.name_zh as indicator_name_zh,
    indicators.name_en as indicator_name_en,
    targets.ref_area,
    areas.name_zh as area_name_zh,
    areas.name_en as area_name_en,
    targets.breakdown,
    targets.unit_measure,
    targets.direction,
    with_baseline.baseline_period,
    with_baseline.baseline_value,
    with_latest.latest_period,
    with_latest.latest_value,
    with_latest.latest_qualifier,
    targets.obs_value as target_value,
    targets.qualifier as target_qualifier,
    targets.time_period as due_period,
    targets.period_end as due_on,
    cast(
        (with_latest.latest_value - with_baseline.baseline_value)
        / nullif(targets.obs_value - with_baseline.baseline_value, 0) as decimal(12, 4)
    ) as share_of_way_done,
    cast(
        (with_latest.latest_end - with_baseline.baseline_end)
        / nullif(targets.period_end - with_baseline.baseline_end, 0) as decimal(12, 4)
    ) as share_of_time_gone,
    case
        when with_latest.latest_value is null then null
        when targets.qualifier in ('at_most', 'less_than', 'nearly') or targets.direction = 'lower'
            then
                case
                    when with_latest.latest_value <= targets.obs_value
                        then case when with_latest.latest_qualifier in ('at_least', 'more_than') then null else true end
                    when with_latest.latest_qualifier in ('at_most', 'less_than', 'nearly') then null
                    else false
                end
        when targets.direction = 'higher' or targets.qualifier in ('at_least', 'more_than') then
            case
                when with_latest.latest_value >= targets.obs_value
                    then
                        case
                            when with_latest.latest_qualifier in ('at_most', 'less_than', 'nearly') then null
                            else true
                        end
                when with_latest.latest_qualifier in ('at_least', 'more_than') then null
                else false
            end
    end as is_met
from targets
inner join {{ ref('indicators') }} as indicators
    on targets.indicator = indicators.indicator
inner join {{ ref('latest_areas') }} as areas
    on targets.ref_area = areas.ref_area
left join with_baseline
    on targets.figure_id = with_baseline.figure_id
left join with_latest
    on targets.figure_id = with_latest.figure_id
