-- The names of places as printed, by the key that tells them apart (macro place_key), with the days on which each
-- name stood for its code: the forms of the seed area_names, and the English names of the places themselves.
--
-- A key that stands for several places at a time (two counties of one pinyin) stands for none.
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
),

keyed as (
    select
        {{ place_key('place_printed') }} as place_key,
        ref_area,
        min(coalesce(valid_from, date '0001-01-01')) as valid_from,
        max(coalesce(valid_to, date '9999-12-31')) as valid_to
    from printed
    group by all
)

select keyed.*
from keyed
where
    not exists (
        select 1
        from keyed as other
        where
            other.place_key = keyed.place_key
            and other.ref_area <> keyed.ref_area
            and other.valid_from < keyed.valid_to
            and keyed.valid_from < other.valid_to
    )
