-- Figures as the audit meets them: the value's interval, and the print as a person would quote it.
select
    observations.figure_id,
    observations.source_id,
    observations.indicator,
    observations.breakdown,
    observations.ref_area,
    observations.freq,
    observations.time_period,
    observations.period_start,
    observations.period_end,
    observations.time_basis,
    observations.base_period,
    observations.obs_value,
    observations.obs_value_low,
    observations.obs_value_high,
    observations.unit_measure,
    observations.unit_mult,
    observations.decimals,
    observations.qualifier,
    observations.known_from,
    observations.published_on,
    observations.is_current,
    observations.confidence,
    -- the print that is used now, one of each figure, contradicts this one
    not observations.is_current
    and (
        observations.obs_value_low
        > any_value(observations.obs_value_high) filter (where observations.is_current) over same_figure
        or observations.obs_value_high
        < any_value(observations.obs_value_low) filter (where observations.is_current) over same_figure
    ) is true as is_revised,
    indicators.measure,
    indicators.is_additive,
    coalesce(areas.name_zh, observations.ref_area) as area_zh,
    coalesce(areas.name_en, observations.ref_area) as area_en,
    indicators.name_zh || case when observations.breakdown = '' then '' else '（' || coalesce(
        nullif(printed.breakdown_printed, ''), observations.breakdown
    ) || '）' end as figure_zh,
    indicators.name_en
    || case when observations.breakdown = '' then '' else ' (' || observations.breakdown || ')' end as figure_en,
    units.name_zh as unit_zh,
    units.name_en as unit_en,
    case
        when regexp_matches(printed.unit_printed, '^[0-9A-Za-z]')
            then printed.qualifier_printed || printed.value_printed || ' ' || printed.unit_printed
        when printed.qualifier_printed in ('多', '余')
            then printed.value_printed || printed.qualifier_printed || printed.unit_printed
        when printed.qualifier_printed in ('以上', '以内', '以下', '左右')
            then printed.value_printed || printed.unit_printed || printed.qualifier_printed
        else printed.qualifier_printed || printed.value_printed || printed.unit_printed
    end as print_zh,
    case observations.qualifier when 'exact' then '' else replace(observations.qualifier, '_', ' ') || ' ' end
    || {{ amount_en('observations.obs_value') }} as print_en
from {{ ref('observations') }} as observations
inner join {{ ref('indicators') }} as indicators
    on observations.indicator = indicators.indicator
inner join {{ ref('units') }} as units
    on observations.unit_measure = units.unit_measure
inner join {{ source('landing', 'printed_figures') }} as printed
    on observations.figure_id = printed.figure_id
left join {{ ref('latest_areas') }} as areas
    on observations.ref_area = areas.ref_area
window same_figure as (partition by {{ figure_identity('observations') }})
