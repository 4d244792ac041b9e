-- Place words to places: every distinct printed place and period once. A place counts that existed on any day of
-- the period; where a name passed from one code to another within it, the later one (龙港市 in 2019).
with printed as (
    select distinct
        figures.place_printed,
        {{ place_key('figures.place_printed') }} as place_key,
        periods.period_start,
        periods.period_end
    from {{ source('landing', 'printed_figures') }} as figures
    inner join {{ ref('stg_periods') }} as periods
        on
            figures.source_id = periods.source_id
            and figures.period_printed = periods.period_printed
            and {{ counts_from_january('figures.label') }} = periods.is_from_january
),

known as (
    select
        place_key,
        min(valid_from) as known_from,
        max(valid_to) as known_to
    from {{ ref('stg_area_names') }}
    group by place_key
)

select
    printed.place_printed,
    printed.period_start,
    printed.period_end,
    area_names.ref_area,
    known.place_key is not null as is_place_known,
    nullif(known.known_from, date '0001-01-01') as place_known_from,
    nullif(known.known_to, date '9999-12-31') as place_known_to
from printed
left join known
    on printed.place_key = known.place_key
left join {{ ref('stg_area_names') }} as area_names
    on
        printed.place_key = area_names.place_key
        and printed.period_end >= area_names.valid_from
        and printed.period_start < area_names.valid_to
qualify row_number() over (
    partition by printed.place_printed, printed.period_start, printed.period_end
    order by area_names.valid_from desc nulls last
) = 1
