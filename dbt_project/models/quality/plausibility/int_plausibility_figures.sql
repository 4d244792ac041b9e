-- Every observation with what the rules of plausibility need to know of its indicator.
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
    observations.known_from,
    observations.published_on,
    observations.time_basis,
    observations.base_period,
    observations.is_current,
    observations.locator,
    observations.decimals,
    observations.unit_mult,
    indicators.domain,
    cast(observations.obs_value as double) as obs_value,
    observations.obs_value_low,
    observations.obs_value_high,
    indicators.measure,
    indicators.is_additive,
    indicators.plausible_low,
    indicators.plausible_high,
    indicators.unit_measure,
    indicators.measure in ('share', 'rate', 'growth', 'difference', 'completion')
    and indicators.unit_measure in ('percent', 'per_mille', 'percentage_point') as is_percentage
from {{ ref('observations') }} as observations
inner join {{ ref('indicators') }} as indicators
    on observations.indicator = indicators.indicator
