-- Why do all residents' incomes grow otherwise than those in town and in the country? The change from one year to the
-- next, parted without residue into what urban income, rural income and the moving of people into towns did.
--
-- The share of town people is the one that the three prints imply: (all - rural) / (urban - rural). Each effect is a
-- change times the mean of the other term at both ends, so the three add up to the change of all residents' income
-- exactly. The change of the ratio of town to country is parted by logarithms: that of a ratio is a difference.
--
-- The intervals are exact. While rural < all < urban in both years, and urban income of either year is above rural
-- income of the other, each effect moves one way with each single print whatever the other five are, so its least and
-- greatest values lie where every print is at one of its ends: at one of 2 ^ 6 corners. A pair of years without that
-- order is left out, for what it implies is no share.
{% set prints = ['all_before', 'all_after', 'urban_before', 'urban_after', 'rural_before', 'rural_after'] %}
{% set parts = {
    'urban_effect': ['(share_before + share_after) / 2 * (urban_after - urban_before)', 'decimal(18, 6)'],
    'rural_effect': ['(2 - share_before - share_after) / 2 * (rural_after - rural_before)', 'decimal(18, 6)'],
    'urbanisation_effect': [
        '(urban_before + urban_after - rural_before - rural_after) / 2 * (share_after - share_before)',
        'decimal(18, 6)'
    ],
    'implied_urban_share_before': ['100 * share_before', 'decimal(9, 4)'],
    'implied_urban_share_after': ['100 * share_after', 'decimal(9, 4)'],
    'growth_all': ['100 * (all_after / all_before - 1)', 'decimal(9, 4)'],
    'growth_urban': ['100 * (urban_after / urban_before - 1)', 'decimal(9, 4)'],
    'growth_rural': ['100 * (rural_after / rural_before - 1)', 'decimal(9, 4)'],
    'log_ratio_by_urban': ['ln(urban_after / urban_before)', 'decimal(9, 6)'],
    'log_ratio_by_rural': ['-ln(rural_after / rural_before)', 'decimal(9, 6)']
} %}
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

ordered as (
    select *
    from incomes
    where rural.low > 0 and rural.high < all_residents.low and all_residents.high < urban.low
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
        later.rural as rural_after
    from ordered as earlier
    inner join ordered as later
        on
            earlier.ref_area = later.ref_area
            and earlier.income_year + 1 = later.income_year
            and earlier.rural.high < later.urban.low
            and earlier.urban.low > later.rural.high
),

-- the corners, numbered by their six ends in binary, and after them the prints themselves
readings as (
    select
        steps.ref_area,
        steps.to_year,
        corners.corner < 64 as is_corner,
        {%- for print in prints %}
            cast(
                case
                    when corners.corner = 64 then steps.{{ print }}.value
                    when (corners.corner >> {{ loop.index0 }}) % 2 = 1 then steps.{{ print }}.high
                    else steps.{{ print }}.low
                end as double
            ) as {{ print }}{% if not loop.last %},{% endif %}
        {%- endfor %}
    from steps
    cross join range(65) as corners (corner)
),

shared as (
    select
        *,
        (all_before - rural_before) / (urban_before - rural_before) as share_before,
        (all_after - rural_after) / (urban_after - rural_after) as share_after
    from readings
),

parted as (
    select
        ref_area,
        to_year,
        {%- for part, (formula, type) in parts.items() %}
            max({{ formula }}) filter (where not is_corner) as {{ part }},
            min({{ formula }}) filter (where is_corner) as {{ part }}_least,
            max({{ formula }}) filter (where is_corner) as {{ part }}_greatest{% if not loop.last %},{% endif %}
        {%- endfor %}
    from shared
    group by ref_area, to_year
)

select
    steps.ref_area,
    areas.name_zh as area_name_zh,
    areas.name_en as area_name_en,
    cast(steps.from_year as varchar) as from_period,
    cast(steps.to_year as varchar) as time_period,
    cast(steps.all_after.value - steps.all_before.value as decimal(18, 2)) as change_all,
    cast(steps.all_after.low - steps.all_before.high as decimal(38, 7)) as change_all_low,
    cast(steps.all_after.high - steps.all_before.low as decimal(38, 7)) as change_all_high,
    {%- for part, (formula, type) in parts.items() %}
        cast(parted.{{ part }} as {{ type }}) as {{ part }},
        {{ outward('parted.' ~ part ~ '_least', 'down') }} as {{ part }}_low,
        {{ outward('parted.' ~ part ~ '_greatest', 'up') }} as {{ part }}_high,
    {%- endfor %}
    {{ standing_on(
        [],
        also=prints,
        units={
            'change_all': 'yuan', 'urban_effect': 'yuan', 'rural_effect': 'yuan', 'urbanisation_effect': 'yuan',
            'implied_urban_share_before': 'percent', 'implied_urban_share_after': 'percent', 'growth_all': 'percent',
            'growth_urban': 'percent', 'growth_rural': 'percent'
        }
    ) }}
from steps
inner join parted
    on steps.ref_area = parted.ref_area and steps.to_year = parted.to_year
inner join {{ ref('latest_areas') }} as areas
    on steps.ref_area = areas.ref_area
