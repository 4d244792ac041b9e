-- What was revised, when, by how much? Of every figure that a later publication gives another value: the first print,
-- and each revision with its size and stage.
--
-- A print counts as a revision where it contradicts the print that stood the day before it became known. A coarser
-- restatement that agrees is none, and neither is a finer print of the same value: it takes the coarser one's place.
with figures as (
    select
        observations.figure_id,
        observations.known_from,
        observations.published_on,
        observations.time_basis,
        observations.obs_value,
        observations.obs_value_low,
        observations.obs_value_high,
        observations.decimals,
        observations.unit_mult,
        observations.qualifier,
        sources.confidence,
        -- one short key for what makes two prints the same figure: all that follows sorts by it
        min(observations.figure_id) over same_figure as first_figure_id
    from {{ ref('observations') }} as observations
    inner join {{ ref('sources') }} as sources
        on observations.source_id = sources.source_id
    where observations.time_basis <> 'target'
    window same_figure as (partition by {{ figure_identity() }})
    -- prints that all meet each other hold no revision
    qualify count(*) over same_figure > 1 and max(obs_value_low) over same_figure >= min(obs_value_high) over same_figure
),

-- every day on which a print of a figure became known, and the prints known by then
days as (
    select distinct
        first_figure_id,
        known_from as as_of_day
    from figures
),

known_then as (
    select
        figures.*,
        days.as_of_day
    from figures
    inner join days
        on figures.first_figure_id = days.first_figure_id and figures.known_from <= days.as_of_day
),

standing as (
    select
        *,
        lag(figure_id) over in_time as stood_before,
        lag(obs_value_low) over in_time as low_before,
        lag(obs_value_high) over in_time as high_before,
        lag(qualifier) over in_time as qualifier_before
    from ({{ ranked_prints('known_then', identity='first_figure_id, as_of_day') }})
    where place_in_line = 1
    window in_time as (partition by first_figure_id order by as_of_day)
),

counted as (
    select
        *,
        sum(
            case
                when stood_before is null then 0
                when
                    obs_value_low > high_before
                    or low_before > obs_value_high
                    -- the upper end of an exact print does not belong to it any more
                    or (obs_value_low = high_before and qualifier_before = 'exact')
                    or (low_before = obs_value_high and qualifier = 'exact')
                    then 1
                else 0
            end
        ) over (
            partition by first_figure_id order by as_of_day rows between unbounded preceding and current row
        ) as revision
    from standing
),

-- of the prints that agree with each other, the finest, and of equally fine ones the first
revisions as (
    select
        *,
        min(as_of_day) over (partition by first_figure_id, revision) as known_since,
        max(revision) over (partition by first_figure_id) as revisions
    from counted
    qualify row_number() over (
        partition by first_figure_id, revision
        order by coalesce(obs_value_high - obs_value_low, 1e24), as_of_day
    ) = 1
),

compared as (
    select
        *,
        lag(obs_value) over in_order as value_before,
        first_value(obs_value) over in_order as first_print
    from revisions
    where revisions > 0
    window in_order as (partition by first_figure_id order by revision)
)

select
    compared.figure_id,
    cast(compared.revision as integer) as revision,
    cast(compared.revisions as integer) as revisions,
    observations.indicator,
    indicators.name_zh as indicator_name_zh,
    indicators.name_en as indicator_name_en,
    observations.ref_area,
    areas.name_zh as area_name_zh,
    areas.name_en as area_name_en,
    observations.breakdown,
    observations.freq,
    observations.time_period,
    observations.time_basis,
    observations.base_period,
    observations.unit_measure,
    compared.obs_value,
    compared.value_before,
    compared.first_print,
    case when revision > 0 then cast(compared.obs_value - compared.value_before as decimal(38, 6)) end
        as revision_size,
    cast(
        (compared.obs_value - compared.value_before) / nullif(abs(compared.first_print), 0) * 100 as decimal(18, 4)
    ) as revision_percent_of_first,
    case
        when compared.obs_value > compared.value_before then 'up'
        when compared.obs_value < compared.value_before then 'down'
    end as revision_direction,
    cast(compared.obs_value - compared.first_print as decimal(38, 6)) as change_since_first,
    cast((compared.obs_value - compared.first_print) / nullif(abs(compared.first_print), 0) * 100 as decimal(18, 4))
        as change_since_first_percent,
    observations.stage,
    observations.obs_status,
    compared.known_since,
    observations.published_on,
    observations.source_id
from compared
inner join {{ ref('observations') }} as observations
    on compared.figure_id = observations.figure_id
inner join {{ ref('indicators') }} as indicators
    on observations.indicator = indicators.indicator
inner join {{ ref('latest_areas') }} as areas
    on observations.ref_area = areas.ref_area
