-- The names of places as printed, by the key that tells them apart (macro place_key), with the days on which each
-- name stood for its code: the forms of the seed area_names, and the names of the places themselves. A key may stand
-- for several places at a time (江北区 of Chongqing and of Ningbo): stg_places says which one a table means.
with printed as (
    select
        place_printed,
        ref_area,
        valid_from,
        valid_to
    from {{ ref('area_names') }}
    union
    select
        split_part(name_en, ',', 1) as place_printed,
        ref_area,
        valid_from,
        valid_to
    from {{ ref('areas') }}
    union
    select
        name_zh as place_printed,
        ref_area,
        valid_from,
        valid_to
    from {{ ref('areas') }}
    union
    -- the whole of a province, in a table of its parts
    select
        unnest(['全省', '全自治区', '全区合计', '全省合计', '全省总计']) as place_printed,
        ref_area,
        valid_from,
        valid_to
    from {{ ref('areas') }}
    where area_level = 'province'
)

select
    {{ place_key('place_printed') }} as place_key,
    ref_area,
    min(coalesce(valid_from, date '0001-01-01')) as valid_from,
    max(coalesce(valid_to, date '9999-12-31')) as valid_to
from printed
group by all
