-- Place words to places: every distinct printed place and period once. A place counts that existed on any day of
-- the period; where a name passed from one code to another within it, the later one (龙港市 in 2019).
with printed as (
    select distinct
        figures.place,
        periods.period_start,
        periods.period_end
    from {{ source('landing', 'printed_figures') }} as figures
    inner join {{ ref('stg_periods') }} as periods
        on figures.source_id = periods.source_id and figures.period = periods.period_printed
)

select
    printed.place,
    printed.period_start,
    printed.period_end,
    area_names.ref_area,
    exists(
        select 1 from {{ ref('area_names') }} as known
        where known.place_printed = printed.place
    ) as is_place_known
from printed
left join {{ ref('area_names') }} as area_names
    on
        printed.place = area_names.place_printed
        and printed.period_end >= coalesce(area_names.valid_from, date '0001-01-01')
        and printed.period_start < coalesce(area_names.valid_to, date '9999-12-31')
qualify row_number() over (
    partition by printed.place, printed.period_start, printed.period_end
    order by area_names.valid_from desc nulls last
) = 1
