-- How unequal are the places of a level: counties within their province, cities within it, provinces within the nation?
--
-- Gini, Theil (parted into between and within the places above) and coefficient of variation, each weighted by
-- residents; the highest over the lowest. It is inequality between places by their means: what lies within a place is
-- not in it. Only places with both figures count. With f a place's share of the residents, r its value over the mean,
-- and R the mean of the places with the same one above, over the mean: Gini is half the sum of f_i f_j |r_i - r_j|,
-- Theil the sum of f r ln r, and between that of f R ln R.
--
-- The interval of highest over lowest is exact. The others are bounds that hold for all values and all residents that
-- the prints allow: by the mean value theorem a measure moves at most by the sum, over the prints, of how far each may
-- lie from its value times the steepest slope of the measure anywhere within the prints. They are wider than the exact
-- interval by a second-order share only.
{% set whole = 'partition by subject, area_level, within_area, time_period' %}
{% set above = whole ~ ', place_above' %}
{% set measures = {
    'gini': {
        'x': furthest('above_least', 'above_most', 'gini_least', 'gini_most'),
        'weight': furthest(
            'distance_least', 'distance_most', 'gini_least * (1 + r_low)', 'gini_most * (1 + r_high)'
        )
    },
    'theil': {
        'x': furthest('ln(r_low)', 'ln(r_high)', 'theil_least', 'theil_most'),
        'weight': furthest('term_least', 'term_most', 'theil_least * r_low', 'theil_most * r_high')
    },
    'theil_between': {
        'x': furthest('ln(above_r_low)', 'ln(above_r_high)', 'theil_between_least', 'theil_between_most'),
        'weight': furthest(
            'least(r_low * ln(above_r_low), r_high * ln(above_r_low)) - above_r_high + 1',
            'greatest(r_low * ln(above_r_high), r_high * ln(above_r_high)) - above_r_low + 1',
            'r_low * theil_between_least',
            'r_high * theil_between_most'
        )
    },
    'theil_within': {
        'x': furthest(
            'ln(within_r_low)', 'ln(within_r_high)', 'theil_within_least', 'theil_within_most'
        ),
        'weight': furthest(
            'above_r_low * within_term_least',
            'above_r_high * within_term_most',
            'theil_within_least * r_low',
            'theil_within_most * r_high'
        )
    },
    'squared_variation': {
        'x': '2 * ' ~ furthest(
            'r_low - 1', 'r_high - 1', 'squared_variation_least', 'squared_variation_most'
        ),
        'weight': furthest(
            'square_least',
            'square_most',
            'least(squared_variation_least * (2 * r_low - 1), squared_variation_most * (2 * r_low - 1))',
            'greatest(squared_variation_least * (2 * r_high - 1), squared_variation_most * (2 * r_high - 1))'
        )
    }
} %}
with measured as (
    select
        ref_area,
        time_period,
        'income_disposable_per_capita' || case when residence = 'all' then '' else ':' || residence end as subject,
        figure
    from {{ ref('int_incomes') }}
    union all
    select
        ref_area,
        time_period,
        'gdp_per_capita' as subject,
        {{ one_figure_each({'figure': 'true'}) }}
    from {{ ref('fct_economy') }}
    where
        indicator = 'gdp_per_capita'
        and industry = 'all'
        and freq = 'A'
        and time_basis = 'flow'
        and qualifier in ('exact', 'about')
        and is_current
    group by ref_area, time_period
),

places as (
    select
        measured.subject,
        areas.area_level,
        case when areas.area_level = 'province' then areas.parent else left(measured.ref_area, 2) || '0000' end
            as within_area,
        areas.parent as place_above,
        measured.time_period,
        measured.ref_area,
        cast(residents.figure.value as double) as weight,
        cast(residents.figure.low as double) as weight_low,
        cast(residents.figure.high as double) as weight_high,
        residents.figure.figure_id as weight_figure_id,
        residents.figure.confidence as weight_confidence,
        measured.figure.figure_id,
        measured.figure.confidence,
        measured.figure.unit as unit_measure,
        cast(measured.figure.value as double) as x,
        cast(measured.figure.low as double) as low,
        cast(measured.figure.high as double) as high
    from measured
    inner join {{ ref('latest_areas') }} as areas
        on measured.ref_area = areas.ref_area
    inner join {{ ref('int_residents') }} as residents
        on measured.ref_area = residents.ref_area and measured.time_period = residents.time_period
    where areas.area_level in ('county', 'city', 'province') and measured.figure.low > 0
),

-- every place with the sums over its whole and over the places with the same one above
summed as (
    select
        *,
        dense_rank() over (order by subject, area_level, within_area, time_period) as comparison,
        sum(weight) over ({{ whole }}) as total,
        sum(weight_low) over ({{ whole }}) as total_low,
        sum(weight_high) over ({{ whole }}) as total_high,
        sum(weight * x) over ({{ whole }}) / sum(weight) over ({{ whole }}) as mean,
        sum(weight_low * low) over ({{ whole }}) / sum(weight_high) over ({{ whole }}) as mean_low,
        sum(weight_high * high) over ({{ whole }}) / sum(weight_low) over ({{ whole }}) as mean_high,
        sum(weight * x) over ({{ above }}) / sum(weight) over ({{ above }}) as above_mean,
        sum(weight_low * low) over ({{ above }}) / sum(weight_high) over ({{ above }}) as above_mean_low,
        sum(weight_high * high) over ({{ above }}) / sum(weight_low) over ({{ above }}) as above_mean_high
    from places
    qualify count(*) over ({{ whole }}) > 2
),

related as (
    select
        *,
        weight / total as f,
        weight_low / total_high as f_low,
        weight_high / total_low as f_high,
        x / mean as r,
        low / mean_high as r_low,
        high / mean_low as r_high,
        above_mean / mean as above_r,
        above_mean_low / mean_high as above_r_low,
        above_mean_high / mean_low as above_r_high,
        x / above_mean as within_r,
        low / above_mean_high as within_r_low,
        high / above_mean_low as within_r_high,
        greatest(high - x, x - low) as x_reach,
        greatest(weight_high - weight, weight - weight_low) as weight_reach
    from summed
),

-- Gini's terms: how far a place lies from all others, and the share of residents below it less that above it
distances as (
    select
        one.comparison,
        one.ref_area,
        sum(other.f * abs(one.r - other.r)) as distance,
        sum(other.f_low * greatest(one.low - other.high, other.low - one.high, 0)) / one.mean_high as distance_least,
        sum(other.f_high * greatest(one.high - other.low, other.high - one.low)) / one.mean_low as distance_most,
        sum(case when one.low > other.high then other.f_low else -other.f_high end) as above_least,
        sum(case when one.high < other.low then -other.f_low else other.f_high end) as above_most
    from related as one
    inner join related as other
        on one.comparison = other.comparison and one.ref_area <> other.ref_area
    group by one.comparison, one.ref_area, one.mean_low, one.mean_high
),

termed as (
    select
        related.*,
        distances.* exclude (comparison, ref_area),
        {{ theil_term('r') }} as term,
        {{ theil_term_least('r_low', 'r_high') }} as term_least,
        {{ theil_term_greatest('r_low', 'r_high') }} as term_most,
        {{ theil_term('above_r') }} as above_term,
        {{ theil_term_least('above_r_low', 'above_r_high') }} as above_term_least,
        {{ theil_term_greatest('above_r_low', 'above_r_high') }} as above_term_most,
        {{ theil_term_least('within_r_low', 'within_r_high') }} as within_term_least,
        {{ theil_term_greatest('within_r_low', 'within_r_high') }} as within_term_most,
        power(r - 1, 2) as square,
        power(greatest(r_low - 1, 1 - r_high, 0), 2) as square_least,
        power(greatest(abs(r_low - 1), abs(r_high - 1)), 2) as square_most
    from related
    inner join distances
        on related.comparison = distances.comparison and related.ref_area = distances.ref_area
),

-- each measure, and a first coarse interval of it, term by term, in which its slopes are looked for
measured_wholes as (
    select
        comparison,
        sum(f * distance) / 2 as gini,
        sum(f_low * distance_least) / 2 as gini_least,
        sum(f_high * distance_most) / 2 as gini_most,
        sum(f * term) as theil,
        sum(f_low * term_least) as theil_least,
        sum(f_high * term_most) as theil_most,
        sum(f * above_term) as theil_between,
        sum(f_low * above_term_least) as theil_between_least,
        sum(f_high * above_term_most) as theil_between_most,
        sum(f * term) - sum(f * above_term) as theil_within,
        sum(f_low * above_r_low * within_term_least) as theil_within_least,
        sum(f_high * above_r_high * within_term_most) as theil_within_most,
        sum(f * square) as squared_variation,
        sum(f_low * square_least) as squared_variation_least,
        sum(f_high * square_most) as squared_variation_most
    from termed
    group by comparison
),

bounded as (
    select
        termed.comparison,
        {%- for measure, slopes in measures.items() %}
            sum(
                termed.x_reach * termed.f_high / termed.mean_low * {{ slopes['x'] }}
                + termed.weight_reach / termed.total_low * {{ slopes['weight'] }}
            ) as {{ measure }}_reach{% if not loop.last %},{% endif %}
        {%- endfor %}
    from termed
    inner join measured_wholes
        on termed.comparison = measured_wholes.comparison
    group by termed.comparison
),

wholes as (
    select
        comparison,
        subject,
        area_level,
        within_area,
        time_period,
        count(*) as places,
        any_value(mean) as mean,
        max(x) / min(x) as max_over_min,
        greatest(max(low) / min(high), 1) as max_over_min_least,
        max(high) / min(low) as max_over_min_most,
        any_value(unit_measure) as unit_measure,
        list_sort(list_concat(list(figure_id), list(weight_figure_id))) as figure_ids,
        greatest(max(confidence), max(weight_confidence)) as lowest_confidence
    from summed
    group by comparison, subject, area_level, within_area, time_period
)

select
    wholes.subject,
    wholes.area_level,
    wholes.within_area,
    wholes.time_period,
    wholes.places,
    cast(wholes.mean as decimal(18, 2)) as mean_value,
    cast(wholes.max_over_min as decimal(9, 4)) as max_over_min,
    {{ outward('wholes.max_over_min_least', 'down') }} as max_over_min_low,
    {{ outward('wholes.max_over_min_most', 'up') }} as max_over_min_high,
    cast(sqrt(parts.squared_variation) as decimal(9, 6)) as coefficient_of_variation,
    {{ outward('sqrt(greatest(parts.squared_variation - bounded.squared_variation_reach, 0))', 'down') }}
        as coefficient_of_variation_low,
    {{ outward('sqrt(parts.squared_variation + bounded.squared_variation_reach)', 'up') }}
        as coefficient_of_variation_high,
    {%- for measure in ['gini', 'theil', 'theil_between', 'theil_within'] %}
        {%- if measure == 'theil_within' %}
            cast(parts.theil as decimal(9, 6)) - cast(parts.theil_between as decimal(9, 6)) as theil_within,
        {%- else %}
            cast(parts.{{ measure }} as decimal(9, 6)) as {{ measure }},
        {%- endif %}
        {{ outward('greatest(parts.' ~ measure ~ ' - bounded.' ~ measure ~ '_reach, 0)', 'down') }}
            as {{ measure }}_low,
        {{ outward('parts.' ~ measure ~ ' + bounded.' ~ measure ~ '_reach', 'up') }} as {{ measure }}_high,
    {%- endfor %}
    wholes.unit_measure,
    wholes.figure_ids,
    wholes.lowest_confidence
from wholes
inner join measured_wholes as parts
    on wholes.comparison = parts.comparison
inner join bounded
    on wholes.comparison = bounded.comparison
