-- Place words to places: every distinct printed place and period of a table once. A place counts that existed on any
-- day of the period; where a name passed from one code to another within it, the later one (龙港市 in 2019).
--
-- A name of several places is resolved within its surroundings, the nearer before the farther: what the file or the
-- card says that it lies in, the province and the level of the table's other places, the province of the publisher.
-- What still means two places means none, and both are named.
with printed as (
    select distinct
        figures.source_id,
        figures.file,
        figures.sheet,
        figures.place_within,
        figures.place_printed,
        {{ place_key('figures.place_printed') }} as place_key,
        {{ place_key('figures.place_within') }} as within_key,
        periods.period_start,
        periods.period_end
    from {{ source('landing', 'printed_figures') }} as figures
    inner join {{ ref('stg_periods') }} as periods
        on
            figures.source_id = periods.source_id
            and figures.period_printed = periods.period_printed
            and {{ counts_from_january('figures.label', 'figures.breakdown_printed') }} = periods.is_from_january
),

known as (
    select
        place_key,
        min(valid_from) as known_from,
        max(valid_to) as known_to
    from {{ ref('stg_area_names') }}
    group by place_key
),

-- the codes under which all places of a named surrounding stand: 33 for 浙江省, 3302 for 宁波市
surroundings as (
    select distinct
        place_key as within_key,
        case when ref_area like '%0000' then left(ref_area, 2) else left(ref_area, 4) end as code_within
    from {{ ref('stg_area_names') }}
    where ref_area like '%00' and ref_area <> '000000'
),

publishers as (
    select
        sources.source_id,
        min(left(names.ref_area, 2)) as province
    from {{ source('landing', 'sources') }} as sources
    inner join {{ ref('stg_area_names') }} as names
        on
            names.ref_area like '%00' and names.ref_area <> '000000' and length(names.place_key) > 1
            and contains(sources.publisher_zh, names.place_key)
    group by sources.source_id
    having count(distinct left(names.ref_area, 2)) = 1
),

candidates as (
    select
        printed.*,
        names.ref_area,
        names.valid_from,
        names.valid_to,
        case
            when names.ref_area like '%0000' then 'province' when names.ref_area like '____00' then 'city' else 'county'
        end as area_level
    from printed
    inner join {{ ref('stg_area_names') }} as names
        on
            printed.place_key = names.place_key
            and printed.period_end >= names.valid_from
            and printed.period_start < names.valid_to
),

-- of codes that followed one another within the period the last one
latest as (
    select candidates.*
    from candidates
    where
        not exists (
            select 1
            from candidates as later
            where
                later.source_id = candidates.source_id
                and later.place_printed = candidates.place_printed
                and later.period_start = candidates.period_start
                and later.period_end = candidates.period_end
                and left(later.ref_area, 2) = left(candidates.ref_area, 2)
                and later.valid_from >= candidates.valid_to
        )
),

counted as (
    select
        *,
        count(distinct ref_area) over (
            partition by source_id, file, sheet, place_within, place_printed, period_start, period_end
        ) as places
    from latest
),

neighbours as (
    select
        source_id,
        file,
        sheet,
        case
            when count(distinct left(ref_area, 2)) filter (where area_level <> 'province') = 1
                then any_value(left(ref_area, 2)) filter (where area_level <> 'province')
        end as province,
        mode(area_level) as area_level
    from counted
    where places = 1 and regexp_full_match(ref_area, '[1-9][0-9]{5}')
    group by source_id, file, sheet
),

scored as (
    select
        counted.*,
        case when starts_with(counted.ref_area, surroundings.code_within) then 16 else 0 end
        + case when left(counted.ref_area, 2) = neighbours.province then 8 else 0 end
        + case when counted.area_level = neighbours.area_level then 4 else 0 end
        + case when left(counted.ref_area, 2) = publishers.province then 2 else 0 end
        + case
            when counted.area_level = 'province' and counted.place_key not like '全%' then 1
            when counted.place_key = '全省' and counted.ref_area = '330000' then 1
            else 0
        end as score
    from counted
    left join surroundings
        on
            counted.within_key = surroundings.within_key
            and starts_with(counted.ref_area, surroundings.code_within)
    left join neighbours
        on
            counted.source_id = neighbours.source_id
            and counted.file is not distinct from neighbours.file
            and counted.sheet is not distinct from neighbours.sheet
    left join publishers
        on counted.source_id = publishers.source_id
),

best as (
    select
        source_id,
        file,
        sheet,
        place_within,
        place_printed,
        period_start,
        period_end,
        case when count(distinct ref_area) = 1 then min(ref_area) end as ref_area,
        case when count(distinct ref_area) > 1 then string_agg(distinct ref_area, ', ' order by ref_area) end
            as may_be_areas
    from (
        select *
        from scored
        qualify
            score = max(score) over (
                partition by source_id, file, sheet, place_within, place_printed, period_start, period_end
            )
    ) as likeliest
    group by all
)

select
    printed.source_id,
    printed.file,
    printed.sheet,
    printed.place_within,
    printed.place_printed,
    printed.period_start,
    printed.period_end,
    best.ref_area,
    known.place_key is not null as is_place_known,
    best.may_be_areas,
    nullif(known.known_from, date '0001-01-01') as place_known_from,
    nullif(known.known_to, date '9999-12-31') as place_known_to
from printed
left join known
    on printed.place_key = known.place_key
left join best
    on
        printed.source_id = best.source_id
        and printed.file is not distinct from best.file
        and printed.sheet is not distinct from best.sheet
        and printed.place_within is not distinct from best.place_within
        and printed.place_printed = best.place_printed
        and printed.period_start is not distinct from best.period_start
        and printed.period_end is not distinct from best.period_end
