-- How unequal are the places of a level: counties within their province, cities within it, provinces within the nation?
--
-- Gini, Theil (parted into between and within the places above) and coefficient of variation, each weighted by
-- residents; the highest over the lowest. It is inequality between places by their means: what lies within a place is
-- not in it. Only places with both figures count. Gini: sum of w_i w_j |x_i - x_j| over 2 m W^2; Theil: sum of
-- w_i/W x_i/m ln(x_i/m).
-- The interval of Gini is what the prints allow, differences and mean taken apart, so it is wide enough.
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
    where areas.area_level in ('county', 'city', 'province')
),

wholes as (
    select
        subject,
        area_level,
        within_area,
        time_period,
        count(*) as places,
        sum(weight) as total_weight,
        sum(weight * x) / sum(weight) as mean,
        sum(weight * low) / sum(weight) as mean_low,
        sum(weight * high) / sum(weight) as mean_high,
        max(x) / min(x) as max_over_min,
        any_value(unit_measure) as unit_measure,
        list_sort(list_concat(list(figure_id), list(weight_figure_id))) as figure_ids,
        greatest(max(confidence), max(weight_confidence)) as lowest_confidence
    from places
    group by subject, area_level, within_area, time_period
    having count(*) > 2
),

pairs as (
    select
        one.subject,
        one.area_level,
        one.within_area,
        one.time_period,
        sum(one.weight * other.weight * abs(one.x - other.x)) as difference,
        sum(one.weight * other.weight * greatest(one.low - other.high, other.low - one.high, 0)) as difference_low,
        sum(
            case
                when one.ref_area <> other.ref_area
                    then one.weight * other.weight * greatest(one.high - other.low, other.high - one.low)
                else 0
            end
        ) as difference_high
    from places as one
    inner join places as other
        on
            one.subject = other.subject
            and one.area_level = other.area_level
            and one.within_area = other.within_area
            and one.time_period = other.time_period
    group by one.subject, one.area_level, one.within_area, one.time_period
),

groups_above as (
    select
        places.subject,
        places.area_level,
        places.within_area,
        places.time_period,
        places.place_above,
        sum(places.weight) / any_value(wholes.total_weight) as population_share,
        sum(places.weight * places.x) / sum(places.weight) / any_value(wholes.mean) as over_mean,
        sum(places.weight * power(places.x - wholes.mean, 2)) as squares,
        sum(
            places.weight / wholes.total_weight * places.x / wholes.mean * ln(places.x / wholes.mean)
        ) as theil_parts
    from places
    inner join wholes
        on
            places.subject = wholes.subject
            and places.area_level = wholes.area_level
            and places.within_area = wholes.within_area
            and places.time_period = wholes.time_period
    group by places.subject, places.area_level, places.within_area, places.time_period, places.place_above
),

theils as (
    select
        subject,
        area_level,
        within_area,
        time_period,
        sum(theil_parts) as theil,
        sum(population_share * over_mean * ln(over_mean)) as theil_between,
        sum(squares) as squares
    from groups_above
    group by subject, area_level, within_area, time_period
)

select
    wholes.subject,
    wholes.area_level,
    wholes.within_area,
    wholes.time_period,
    wholes.places,
    cast(wholes.mean as decimal(18, 2)) as mean_value,
    cast(wholes.max_over_min as decimal(9, 4)) as max_over_min,
    cast(sqrt(theils.squares / wholes.total_weight) / wholes.mean as decimal(9, 6)) as coefficient_of_variation,
    cast(pairs.difference / (2 * wholes.mean * power(wholes.total_weight, 2)) as decimal(9, 6)) as gini,
    cast(floor(
        pairs.difference_low / (2 * wholes.mean_high * power(wholes.total_weight, 2)) * 1e6
    ) / 1e6 as decimal(9, 6)) as gini_low,
    cast(ceil(
        pairs.difference_high / (2 * wholes.mean_low * power(wholes.total_weight, 2)) * 1e6
    ) / 1e6 as decimal(9, 6)) as gini_high,
    cast(theils.theil as decimal(9, 6)) as theil,
    cast(theils.theil_between as decimal(9, 6)) as theil_between,
    cast(theils.theil as decimal(9, 6)) - cast(theils.theil_between as decimal(9, 6)) as theil_within,
    wholes.unit_measure,
    wholes.figure_ids,
    wholes.lowest_confidence
from wholes
inner join pairs
    on
        wholes.subject = pairs.subject
        and wholes.area_level = pairs.area_level
        and wholes.within_area = pairs.within_area
        and wholes.time_period = pairs.time_period
inner join theils
    on
        wholes.subject = theils.subject
        and wholes.area_level = theils.area_level
        and wholes.within_area = theils.within_area
        and wholes.time_period = theils.time_period
