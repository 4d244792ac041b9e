-- Printed words to codes: label to indicator, place to area, unit words to unit, qualifier to code. A code that
-- cannot be found stays null here; quality.quarantine and quality.unmapped_labels say which and why.
with figures as (
    select
        printed.*,
        periods.freq,
        periods.time_period,
        periods.period_start,
        periods.period_end,
        periods.time_basis as period_time_basis,
        periods.obs_status as period_obs_status,
        periods.period_is_stated,
        year(periods.period_end) as period_year
    from {{ source('landing', 'printed_figures') }} as printed
    inner join {{ ref('stg_periods') }} as periods
        on
            printed.source_id = periods.source_id
            and printed.period_printed = periods.period_printed
            and {{ counts_from_january('printed.label', 'printed.breakdown_printed') }} = periods.is_from_january
),

labelled as (
    select
        figures.*,
        -- a source that brings its codes along (SDMX) is taken at its word; else its own crosswalk, then the general
        coalesce(coded.indicator, own.indicator, general.indicator) as indicator,
        case
            when coded.indicator is not null then figures.coded_breakdown
            when own.indicator is null then general.breakdown_code
            else own.breakdown_code
        end as breakdown_code,
        case
            when coded.indicator is not null then figures.coded_time_basis
            when own.indicator is null then general.time_basis
            else own.time_basis
        end as label_time_basis,
        case
            when coded.indicator is not null then figures.coded_base_period
            when own.indicator is null then general.base_period
            else own.base_period
        end as label_base_period,
        case
            when coded.indicator is not null then figures.coded_obs_status
            when own.indicator is null then general.obs_status
            else own.obs_status
        end as label_obs_status,
        case
            when coded.indicator is not null then null
            when own.indicator is null then general.unit_override
            else own.unit_override
        end as unit_override
    from figures
    left join {{ ref('indicators') }} as coded
        on figures.coded_indicator = coded.indicator
    left join {{ ref('crosswalk') }} as own
        on
            figures.source_id = own.source_id
            and figures.label = own.label
            and figures.breakdown_printed = coalesce(own.breakdown, '')
            and coalesce(figures.period_year, 0) between coalesce(own.period_from, 0) and coalesce(own.period_to, 9999)
    left join {{ ref('crosswalk') }} as general
        on
            general.source_id = '*'
            and figures.label = general.label
            and figures.breakdown_printed = coalesce(general.breakdown, '')
            and coalesce(figures.period_year, 0) between coalesce(general.period_from, 0) and coalesce(
                general.period_to, 9999
            )
)

{#- a ratio is a bare number: 城乡居民收入比为2.01 prints no unit -#}
{% set unit_words %}coalesce(
        labelled.unit_override,
        case when labelled.unit_printed = '' and indicators.unit_measure = 'ratio' then '倍' end,
        labelled.unit_printed
    ){% endset %}

select
    labelled.figure_id,
    labelled.source_id,
    labelled.file,
    labelled.line,
    labelled.locator,
    labelled.label,
    labelled.breakdown_printed,
    labelled.place_printed,
    labelled.period_printed,
    labelled.qualifier_printed,
    labelled.value_printed,
    labelled.unit_printed,
    labelled.number,
    labelled.decimals,
    labelled.last_digit_exponent,
    labelled.first_seen_at,
    labelled.freq,
    labelled.time_period,
    labelled.period_start,
    labelled.period_end,
    labelled.period_is_stated,
    labelled.indicator,
    indicators.unit_measure as indicator_unit_measure,
    indicators.measure,
    coalesce(labelled.breakdown_code, '') as breakdown,
    coalesce(
        labelled.label_time_basis,
        -- 2027年（目标） is a target, whatever the indicator
        case when labelled.period_time_basis = 'target' then 'target' end,
        -- 上半年 makes a flow a year-to-date figure; a stock or a rate stays what it is
        case when indicators.time_basis = 'flow' then labelled.period_time_basis end,
        indicators.time_basis
    ) as time_basis,
    case
        when labelled.label_base_period = '-1'
            then
                cast(cast(left(labelled.time_period, 4) as integer) - 1 as varchar)
                || substr(labelled.time_period, 5)
        else labelled.label_base_period
    end as base_period,
    coalesce(labelled.period_obs_status, labelled.label_obs_status, 'A') as obs_status,
    {{ stage_in_words('labelled.breakdown_printed') }} as stage,
    places.ref_area,
    places.is_place_known,
    places.may_be_areas,
    places.place_known_from,
    places.place_known_to,
    {{ unit_words }} as unit_words,
    unit_words.unit_measure,
    unit_words.unit_mult,
    unit_words.factor,
    qualifiers.qualifier_code as qualifier,
    qualifiers.low_rule,
    qualifiers.high_rule
from labelled
left join {{ ref('indicators') }} as indicators
    on labelled.indicator = indicators.indicator
left join {{ ref('stg_places') }} as places
    on
        labelled.source_id = places.source_id
        and labelled.file is not distinct from places.file
        and labelled.sheet is not distinct from places.sheet
        and labelled.place_within is not distinct from places.place_within
        and labelled.place_printed = places.place_printed
        and labelled.period_start is not distinct from places.period_start
        and labelled.period_end is not distinct from places.period_end
left join {{ ref('unit_words') }} as unit_words
    on {{ unit_words }} = unit_words.unit_printed
left join {{ ref('qualifiers') }} as qualifiers
    on labelled.qualifier_printed = coalesce(qualifiers.qualifier_printed, '')
