-- What was revised, when, by how much? Of every figure that a later publication gives another value: the first print,
-- and each revision with its size and stage.
--
-- A print counts as a revision where it contradicts the print that stood the day before it became known. A coarser
-- restatement that agrees is none, and neither is a finer print of the same value: it takes the coarser one's place.
with figures as (
    select
        observations.figure_id,
        observations.known_from,
        observations.obs_value,
        observations.obs_value_low,
        observations.obs_value_high,
        observations.qualifier,
        observations.confidence,
        observations.source_id,
        observations.unit_measure,
        observations.base_period,
        observations.time_period,
        observations.period_end,
        -- one short key for what makes two prints the same figure: all that follows sorts by it
        min(observations.figure_id) over same_figure as first_figure_id
    from {{ ref('observations') }} as observations
    where observations.time_basis <> 'target'
    window same_figure as (partition by {{ figure_identity() }})
    -- prints that all meet each other hold no revision
    qualify
        count(*) over same_figure > 1
        and max(obs_value_low) over same_figure >= min(obs_value_high) over same_figure
),

standing as (
    select
        figures.*,
        vintages.valid_from,
        lag(figures.figure_id) over in_time as stood_before,
        lag(figures.obs_value_low) over in_time as low_before,
        lag(figures.obs_value_high) over in_time as high_before,
        lag(figures.qualifier) over in_time as qualifier_before
    from figures
    inner join {{ ref('vintages') }} as vintages
        on figures.figure_id = vintages.figure_id and vintages.seen_by in ('everybody', 'internal')
    window in_time as (partition by figures.first_figure_id order by vintages.valid_from)
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
            partition by first_figure_id order by valid_from rows between unbounded preceding and current row
        ) as revision
    from standing
),

-- of the prints that agree with each other, the finest, and of equally fine ones the first
revisions as (
    select
        *,
        min(valid_from) over (partition by first_figure_id, revision) as known_since,
        max(revision) over (partition by first_figure_id) as revisions
    from counted
    qualify row_number() over (
        partition by first_figure_id, revision
        order by coalesce(obs_value_high - obs_value_low, 1e24), valid_from
    ) = 1
),

compared as (
    select
        *,
        lag({{ whole_figure() }}) over in_order as before,
        first_value({{ whole_figure() }}) over in_order as first
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
    observations.unit_measure,
    compared.obs_value,
    compared.qualifier,
    before.value as value_before,
    before.qualifier as value_before_qualifier,
    first.value as first_print,
    first.qualifier as first_print_qualifier,
    {{ derived_columns(
        'revision_size', ['compared', 'before'], 'compared.obs_value - before.value',
        'compared.obs_value_low - before.high', 'compared.obs_value_high - before.low', 'decimal(38, 6)'
    ) }},
    {{ derived_columns(
        'revision_percent_of_first', ['compared', 'before', 'first'],
        '(compared.obs_value - before.value) / nullif(abs(first.value), 0) * 100',
        revision_percent('low'), revision_percent('high'), 'decimal(18, 4)'
    ) }},
    case
        when compared.obs_value > before.value then 'up'
        when compared.obs_value < before.value then 'down'
    end as revision_direction,
    {{ derived_columns(
        'change_since_first', ['compared', 'first'], 'compared.obs_value - first.value',
        since_first('compared.obs_value_low - first.high'), since_first('compared.obs_value_high - first.low'),
        'decimal(38, 6)'
    ) }},
    {{ derived_columns(
        'change_since_first_percent', ['compared', 'first'],
        '(compared.obs_value - first.value) / nullif(abs(first.value), 0) * 100',
        since_first(change_percent('low')), since_first(change_percent('high')), 'decimal(18, 4)'
    ) }},
    observations.stage,
    observations.obs_status,
    compared.known_since,
    observations.published_on,
    observations.source_id,
    list_sort(list_distinct(list_filter(
        [compared.figure_id, before.figure_id, first.figure_id], lambda id: id is not null  -- noqa: PRS
    ))) as figure_ids,
    greatest(compared.confidence, before.confidence, first.confidence) as lowest_confidence
from compared
inner join {{ ref('observations') }} as observations
    on compared.figure_id = observations.figure_id
inner join {{ ref('indicators') }} as indicators
    on observations.indicator = indicators.indicator
inner join {{ ref('latest_areas') }} as areas
    on observations.ref_area = areas.ref_area
