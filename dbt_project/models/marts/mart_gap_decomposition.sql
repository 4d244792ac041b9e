-- Why do all residents' incomes grow otherwise than those in town and in the country? The change from one year to the
-- next, parted without residue into what urban income, rural income and the moving of people into towns did.
--
-- The share of town people is the one that the three prints imply: (all - rural) / (urban - rural). Each effect is a
-- change times the mean of the other term at both ends, so the three add up to the change of all residents' income
-- exactly. The change of the ratio of town to country is parted by logarithms: that of a ratio is a difference.
with incomes as (
    select
        ref_area,
        cast(time_period as integer) as income_year,
        any_value(figure) filter (where residence = 'all') as all_residents,
        any_value(figure) filter (where residence = 'urban') as urban,
        any_value(figure) filter (where residence = 'rural') as rural
    from {{ ref('int_incomes') }}
    where regexp_matches(time_period, '^\d{4}$')
    group by ref_area, income_year
),

shared as (
    select
        ref_area,
        income_year,
        all_residents,
        urban,
        rural,
        cast(all_residents.value - rural.value as double) / cast(urban.value - rural.value as double) as urban_share
    from incomes
    where all_residents is not null and urban.value > rural.value
),

steps as (
    select
        later.ref_area,
        earlier.income_year as from_year,
        later.income_year as to_year,
        earlier.all_residents as all_before,
        later.all_residents as all_after,
        earlier.urban as urban_before,
        later.urban as urban_after,
        earlier.rural as rural_before,
        later.rural as rural_after,
        earlier.urban_share as share_before,
        later.urban_share as share_after,
        (earlier.urban_share + later.urban_share) / 2 as mean_share,
        cast(earlier.urban.value + later.urban.value - earlier.rural.value - later.rural.value as double) / 2
            as mean_gap
    from shared as earlier
    inner join shared as later
        on earlier.ref_area = later.ref_area and earlier.income_year + 1 = later.income_year
)

select
    steps.ref_area,
    areas.name_zh as area_name_zh,
    areas.name_en as area_name_en,
    cast(steps.from_year as varchar) as from_period,
    cast(steps.to_year as varchar) as time_period,
    cast(steps.all_after.value - steps.all_before.value as decimal(18, 2)) as change_all,
    cast(steps.mean_share * (steps.urban_after.value - steps.urban_before.value) as decimal(18, 6)) as urban_effect,
    cast((1 - steps.mean_share) * (steps.rural_after.value - steps.rural_before.value) as decimal(18, 6))
        as rural_effect,
    cast(steps.mean_gap * (steps.share_after - steps.share_before) as decimal(18, 6)) as urbanisation_effect,
    cast(100 * steps.share_before as decimal(9, 4)) as implied_urban_share_before,
    cast(100 * steps.share_after as decimal(9, 4)) as implied_urban_share_after,
    cast(100 * (steps.all_after.value / steps.all_before.value - 1) as decimal(9, 4)) as growth_all,
    cast(100 * (steps.urban_after.value / steps.urban_before.value - 1) as decimal(9, 4)) as growth_urban,
    cast(100 * (steps.rural_after.value / steps.rural_before.value - 1) as decimal(9, 4)) as growth_rural,
    cast(ln(steps.urban_after.value / steps.urban_before.value) as decimal(9, 6)) as log_ratio_by_urban,
    -cast(ln(steps.rural_after.value / steps.rural_before.value) as decimal(9, 6)) as log_ratio_by_rural,
    {{ standing_on(
        [],
        also=['all_before', 'all_after', 'urban_before', 'urban_after', 'rural_before', 'rural_after'],
        units={
            'change_all': 'yuan', 'urban_effect': 'yuan', 'rural_effect': 'yuan', 'urbanisation_effect': 'yuan',
            'implied_urban_share_before': 'percent', 'implied_urban_share_after': 'percent', 'growth_all': 'percent',
            'growth_urban': 'percent', 'growth_rural': 'percent'
        }
    ) }}
from steps
inner join {{ ref('latest_areas') }} as areas
    on steps.ref_area = areas.ref_area
