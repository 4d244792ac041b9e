-- Period words to periods: every distinct printed form once. Words that no rule reads (截至目前, 至今) come from
-- the seed period_words, where a source's own reading of a word goes before the general one.
with printed as (
    select distinct
        source_id,
        period_printed,
        {{ counts_from_january('label', 'breakdown_printed') }} as is_from_january,
        translate(
            regexp_replace(period_printed, '\s|（[^）]*）|\([^)]*\)', '', 'g'), '０１２３４５６７８９', '0123456789'
        ) as words_outside,
        translate(
            regexp_extract(regexp_replace(period_printed, '\s', '', 'g'), '[（(]([^）)]*)[）)]', 1),
            '０１２３４５６７８９',
            '0123456789'
        ) as note
    from {{ source('landing', 'printed_figures') }}
),

-- words in brackets count: a part of the year, a forecast, a target; what they else say, no rule reads
noted as (
    select
        * exclude (words_outside),
        case
            when
                regexp_full_match(
                    note, '第?[一二三四1234]季度|上半年|前三季度|1[-—–~至][0-9]{1,2}月份?(累计)?|[0-9]{1,2}月份?'
                )
                then regexp_replace(words_outside, '年?$', '年') || note
            when
                regexp_full_match(
                    note, '|累计|全年|年度|末|年末|初步|初步核算|初步数|快报|快报数|预计|预测|预估|预计数|预测数|目标|目标值|计划|规划'
                )
                then words_outside
        end as words_without_notes,
        case
            when regexp_full_match(note, '预计|预测|预估|预计数|预测数') then 'F'
            when regexp_full_match(note, '初步|初步核算|初步数|快报|快报数') then 'P'
        end as obs_status,
        regexp_full_match(note, '目标|目标值|计划|规划') as is_target
    from printed
),

-- 第二季度 under a head that says 累计值 is January to June, 3月 is January to March
worded as (
    select
        * exclude (words_without_notes, note),
        case
            when is_from_january and regexp_full_match(words_without_notes, '[0-9]{4}年第?[一二三四1234]季度')
                then
                    left(words_without_notes, 5) || '1-'
                    || 3 * cast(
                        translate(regexp_extract(words_without_notes, '(.)季度', 1), '一二三四', '1234') as integer
                    ) || '月'
            when is_from_january and regexp_full_match(words_without_notes, '[0-9]{4}年[0-9]{1,2}月')
                then left(words_without_notes, 5) || '1-' || substr(words_without_notes, 6)
            else words_without_notes
        end as words
    from noted
),

read_by_rule as (
    select
        source_id,
        period_printed,
        is_from_january,
        words,
        regexp_extract(words, '^(?:约|到|至|截至)?([0-9]{4})', 1) as year,
        case
            when regexp_full_match(words, '(约|到|至|截至)?[0-9]{4}年?(末|底)?') then 'year'
            when regexp_full_match(words, '[0-9]{4}年上半年') then 'half'
            when regexp_full_match(words, '[0-9]{4}年前三季度') then 'three_quarters'
            when regexp_full_match(words, '[0-9]{4}年第?[一二三四1234]季度') then 'quarter'
            when regexp_full_match(words, '[0-9]{4}年1[-—–~至][0-9]{1,2}月份?(累计)?') then 'months'
            when regexp_full_match(words, '(到|至|截至)?[0-9]{4}年[0-9]{1,2}月(末|底|份)?') then 'month'
            when regexp_full_match(words, '[0-9]{4}-[0-9]{2}-[0-9]{2}') then 'day'
            when regexp_full_match(words, '[0-9]{4}[-—–~至][0-9]{4}年?') then 'years'
        end as shape,
        regexp_extract(words, '年(?:1[-—–~至])?([0-9]{1,2})月', 1) as month,
        regexp_extract(words, '第?([一二三四1234])季度', 1) as quarter,
        regexp_extract(words, '[0-9]{4}[-—–~至]([0-9]{4})', 1) as last_year
    from worded
),

numbered as (
    select
        *,
        try_cast(nullif(month, '') as integer) as month_number,
        case quarter
            when '一' then 1 when '二' then 2 when '三' then 3 when '四' then 4
            else try_cast(nullif(quarter, '') as integer)
        end as quarter_number
    from read_by_rule
),

shaped as (
    select
        source_id,
        period_printed,
        is_from_january,
        case shape
            when 'year' then 'A' when 'years' then 'A' when 'half' then 'S' when 'three_quarters' then 'Q'
            when 'quarter' then 'Q' when 'months' then 'M' when 'month' then 'M' when 'day' then 'D'
        end as freq,
        case shape
            when 'year' then year
            when 'years' then last_year
            when 'half' then year || '-S1'
            when 'three_quarters' then year || '-Q3'
            when 'quarter' then year || '-Q' || quarter_number
            when 'months' then year || '-' || lpad(month, 2, '0')
            when 'month' then year || '-' || lpad(month, 2, '0')
            when 'day' then words
        end as time_period,
        case shape
            when 'month' then try_cast(year || '-' || lpad(month, 2, '0') || '-01' as date)
            when 'quarter' then make_date(cast(year as integer), 3 * quarter_number - 2, 1)
            when 'day' then try_cast(words as date)
            else try_cast(year || '-01-01' as date)
        end as period_start,
        case shape
            when 'year' then make_date(cast(year as integer), 12, 31)
            when 'years' then make_date(cast(last_year as integer), 12, 31)
            when 'half' then make_date(cast(year as integer), 6, 30)
            when 'three_quarters' then make_date(cast(year as integer), 9, 30)
            when 'quarter' then last_day(make_date(cast(year as integer), 3 * quarter_number, 1))
            when 'day' then try_cast(words as date)
            else last_day(try_cast(year || '-' || lpad(month, 2, '0') || '-01' as date))
        end as period_end,
        case
            when shape in ('half', 'three_quarters') then 'year_to_date'
            when shape = 'months' then 'year_to_date'
            when shape = 'years' then 'cumulative_since_start'
        end as time_basis
    from numbered
    where shape is not null
),

-- periods in SDMX's codes (2022-Q3, 2022-11); the warehouse's own export adds the days: 2022-Q3 2022-01-01/2022-09-30
coded as (
    select
        source_id,
        period_printed,
        is_from_january,
        case
            when regexp_matches(code, '-Q[1-4]$') then 'Q'
            when regexp_matches(code, '-S[12]$') then 'S'
            when regexp_full_match(code, '[0-9]{4}') then 'A'
            when regexp_full_match(code, '[0-9]{4}-[0-9]{2}') then 'M'
            else 'D'
        end as freq,
        code as time_period,
        case
            when days <> '' then try_cast(split_part(days, '/', 1) as date)
            when code like '%-Q_'
                then make_date(cast(left(code, 4) as integer), 3 * cast(right(code, 1) as integer) - 2, 1)
            when code like '%-S_'
                then make_date(cast(left(code, 4) as integer), 6 * cast(right(code, 1) as integer) - 5, 1)
            else try_cast(code || '-01' as date)
        end as period_start,
        case
            when days <> '' then try_cast(split_part(days, '/', 2) as date)
            when code like '%-Q_'
                then last_day(make_date(cast(left(code, 4) as integer), 3 * cast(right(code, 1) as integer), 1))
            when code like '%-S_'
                then last_day(make_date(cast(left(code, 4) as integer), 6 * cast(right(code, 1) as integer), 1))
            else last_day(try_cast(code || '-01' as date))
        end as period_end
    from (
        select
            *,
            split_part(period_printed, ' ', 1) as code,
            split_part(period_printed, ' ', 2) as days
        from worded
        where
            regexp_full_match(
                period_printed,
                '[0-9]{4}(-Q[1-4]|-S[12]|-[0-9]{2}(-[0-9]{2})?)?'
                || ' [0-9]{4}-[0-9]{2}-[0-9]{2}/[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-(Q[1-4]|S[12]|[0-9]{2})'
            )
    ) as in_codes
),

spoken as (
    select distinct
        printed.source_id,
        printed.period_printed,
        coalesce(own.freq, general.freq) as freq,
        coalesce(own.time_period, general.time_period) as time_period,
        coalesce(own.period_start, general.period_start) as period_start,
        coalesce(own.period_end, general.period_end) as period_end,
        coalesce(own.time_basis, general.time_basis) as time_basis,
        coalesce(own.is_stated, general.is_stated) as is_stated
    from printed
    left join {{ ref('period_words') }} as own
        on printed.source_id = own.source_id and printed.period_printed = own.period_printed
    left join {{ ref('period_words') }} as general
        on general.source_id = '*' and printed.period_printed = general.period_printed
)

select
    printed.source_id,
    printed.period_printed,
    printed.is_from_january,
    coalesce(spoken.freq, coded.freq, shaped.freq) as freq,
    coalesce(spoken.time_period, coded.time_period, shaped.time_period) as time_period,
    coalesce(spoken.period_start, coded.period_start, shaped.period_start) as period_start,
    coalesce(spoken.period_end, coded.period_end, shaped.period_end) as period_end,
    case
        when spoken.freq is not null then spoken.time_basis
        when printed.is_target then 'target'
        else shaped.time_basis
    end as time_basis,
    printed.obs_status,
    coalesce(spoken.is_stated, true) as period_is_stated
from noted as printed
left join spoken
    on printed.source_id = spoken.source_id and printed.period_printed = spoken.period_printed
left join coded
    on
        printed.source_id = coded.source_id
        and printed.period_printed = coded.period_printed
        and printed.is_from_january = coded.is_from_january
left join shaped
    on
        printed.source_id = shaped.source_id
        and printed.period_printed = shaped.period_printed
        and printed.is_from_january = shaped.is_from_january
