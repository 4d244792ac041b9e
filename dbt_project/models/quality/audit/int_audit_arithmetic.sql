-- Each instance's terms brought together: the interval that they allow, by interval arithmetic, rounded outward.
-- An end that is open (超, 近 …) is infinite here; what cannot be computed (a missing term, a divisor that may be
-- zero) is not a number.
with terms as (
    select
        terms.*,
        figures.obs_value_low as exact_low,
        figures.obs_value_high as exact_high,
        coalesce(figures.obs_value_low, cast('-infinity' as double)) as low,
        coalesce(figures.obs_value_high, cast('infinity' as double)) as high,
        figures.source_id,
        figures.known_from,
        figures.is_revised,
        editions.known_from as dated,
        editions.stood_from,
        editions.stood_until
    from {{ ref('int_audit_terms') }} as terms
    left join {{ ref('int_audit_figures') }} as figures
        on terms.figure_id = figures.figure_id
    left join {{ ref('int_audit_editions') }} as editions
        on terms.figure_id = editions.figure_id
),

gathered as (
    select
        instance,
        as_of,
        any_value(relation) as relation,
        any_value(kind) as kind,
        any_value(severity) as severity,
        any_value(stated_by) as stated_by,
        any_value(scale) as exact_scale,
        any_value(shift) as exact_shift,
        cast(any_value(scale) as double) as scale,
        cast(any_value(shift) as double) as shift,
        any_value(printed_figure_id) as printed_figure_id,
        bool_and(figure_id is not null) as is_complete,
        count(distinct source_id) as sources_of_terms,
        min(source_id) as a_source_of_terms,
        max(known_from) as terms_known_from,
        min(dated) as first_dated,
        max(dated) as last_dated,
        max(stood_from) as terms_stood_from,
        min(stood_until) as terms_stood_until,
        coalesce(bool_or(is_revised), false) as is_of_revised_terms,
        bool_or(came_later) as came_later,
        list(figure_id order by term, wanted_area) filter (figure_id is not null) as term_figure_ids,
        count(*) filter (role = 'addend') as addends,
        count(*) filter (role = 'divisor') as divisors,
        count(*) filter (role = 'factor') as factors,
        -- sums stay exact; an end that is open in any term is open in the sum
        case
            when
                bool_and(
                    case role when 'addend' then exact_low is not null when 'subtrahend' then exact_high is not null end
                )
                then sum(case role when 'addend' then exact_low when 'subtrahend' then -exact_high end)
        end as exact_sum_low,
        case
            when
                bool_and(
                    case role when 'addend' then exact_high is not null when 'subtrahend' then exact_low is not null end
                )
                then sum(case role when 'addend' then exact_high when 'subtrahend' then -exact_low end)
        end as exact_sum_high,
        case when bool_and(exact_low is not null) then min(exact_low) end as exact_min_low,
        case when bool_and(exact_high is not null) then max(exact_high) end as exact_max_high,
        sum(case role when 'addend' then low when 'subtrahend' then -high end order by term, wanted_area) as sum_low,
        sum(case role when 'addend' then high when 'subtrahend' then -low end order by term, wanted_area) as sum_high,
        sum(case role when 'divisor' then low end order by term, wanted_area) as divisor_low,
        sum(case role when 'divisor' then high end order by term, wanted_area) as divisor_high,
        product(case role when 'factor' then low end order by term, wanted_area) as product_low,
        product(case role when 'factor' then high end order by term, wanted_area) as product_high,
        min(case role when 'factor' then low end) as lowest_factor,
        min(low) filter (role = 'addend') as min_low,
        min(high) filter (role = 'addend') as min_high,
        max(low) filter (role = 'addend') as max_low,
        max(high) filter (role = 'addend') as max_high
    from terms
    group by instance, as_of
),

meeting as (
    select
        gathered.*,
        printed.obs_value_low as printed_low,
        printed.obs_value_high as printed_high,
        printed.source_id,
        printed.freq,
        printed.time_period,
        printed.base_period,
        printed.known_from,
        printed.published_on is not null as is_dated,
        -- a disagreement of prints that were not known together is none (int_audit_editions)
        coalesce(
            greatest(gathered.terms_stood_from, editions.stood_from)
            <= least(gathered.first_dated, editions.known_from),
            true
        )
        and coalesce(
            least(gathered.terms_stood_until, editions.stood_until)
            > greatest(gathered.last_dated, editions.known_from),
            true
        )
        -- half a year after a print its terms are verified; what came later may never have stood beside it
        and not coalesce(gathered.came_later and gathered.last_dated - editions.known_from > 183, false)
            as is_of_one_edition,
        try_cast(left(printed.time_period, 4) as integer) - try_cast(left(printed.base_period, 4) as integer) as years
    from gathered
    inner join {{ ref('int_audit_figures') }} as printed
        on gathered.printed_figure_id = printed.figure_id
    left join {{ ref('int_audit_editions') }} as editions
        on gathered.printed_figure_id = editions.figure_id
),

computed as (
    select
        *,
        kind in ('between', 'part_of_whole')
        or (kind not in ('range_ratio', 'average_growth') and factors + divisors = 0) as is_exact,
        case
            when kind in ('between', 'part_of_whole') then true
            when kind = 'range_ratio' then min_low >= 0 and min_high > 0
            when kind = 'average_growth' then years > 0 and freq = 'A'
            when factors > 0 then lowest_factor >= 0
            when divisors > 0 then divisor_low >= 0 and divisor_high > 0
            else true
        end as is_computable
    from meeting
    where kind <> 'count_ratio'
),

approximate as (
    -- what needs a product, a quotient or a power: floating point, rounded outward afterwards
    select
        *,
        case
            when is_exact or not is_complete or not is_computable then null
            when kind = 'range_ratio' then max_low / min_high
            when kind = 'average_growth' then 100 * (pow(1 + sum_low / 100, years) - 1)
            when factors > 0 then scale * product_low + shift
            when sum_low >= 0 then scale * {{ quotient('sum_low', 'divisor_high') }} + shift
            else scale * {{ quotient('sum_low', 'divisor_low') }} + shift
        end as low,
        case
            when is_exact or not is_complete or not is_computable then null
            when kind = 'range_ratio' then {{ quotient('max_high', 'min_low') }}
            when kind = 'average_growth' then 100 * (pow(1 + sum_high / 100, years) - 1)
            when factors > 0 then scale * product_high + shift
            when sum_high >= 0 then scale * {{ quotient('sum_high', 'divisor_low') }} + shift
            else scale * {{ quotient('sum_high', 'divisor_high') }} + shift
        end as high
    from computed
),

bounded as (
    select
        * exclude (low, high),
        case
            when not is_complete then null
            when kind = 'between' then exact_min_low
            when kind = 'part_of_whole' then exact_sum_low
            when is_exact then cast(exact_sum_low * exact_scale + exact_shift as decimal(38, 7))
            else {{ outward('low', 'down') }}
        end as computed_low,
        case
            when not is_complete or kind = 'part_of_whole' then null
            when kind = 'between' then exact_max_high
            when is_exact then cast(exact_sum_high * exact_scale + exact_shift as decimal(38, 7))
            else {{ outward('high', 'up') }}
        end as computed_high
    from approximate
),

-- A share of n things is k of n for some whole k: which shares of this n can be printed at all?
shares as (
    select
        *,
        ceil(sum_low) as fewest,
        floor(sum_high) as most
    from meeting
    where kind = 'count_ratio'
),

whole_numbers as (
    select
        shares.*,
        case
            when shares.is_complete and isfinite(shares.sum_low) and isfinite(shares.sum_high) then shares.fewest
        end as things,
        -- among more things than the print has steps, some number of them always fits
        not shares.is_complete
        or shares.most - shares.fewest >= 1000
        or not isfinite(shares.sum_low)
        or not isfinite(shares.sum_high)
        or floor(coalesce(shares.printed_high, 100) * shares.fewest / 100)
        >= ceil(coalesce(shares.printed_low, 0) * shares.fewest / 100)
        or list_bool_or(list_transform(
            -- of what has no end, or more than any count, there are no numbers to try: something above holds
            generate_series(
                try_cast(shares.fewest as bigint), try_cast(least(shares.most, shares.fewest + 1000) as bigint)
            ),
            lambda n: floor(coalesce(shares.printed_high, 100) * n / 100)
            >= ceil(coalesce(shares.printed_low, 0) * n / 100)  -- noqa: PRS
        )) as is_reachable
    from shares
),

judged as (
    select
        *,
        is_complete and is_computable as is_evaluable,
        coalesce(computed_low <= printed_high, true)
        and (kind = 'part_of_whole' or coalesce(computed_high >= printed_low, true)) as holds
    from bounded
    union all by name
    select
        * exclude (fewest, most, things, is_reachable),
        case
            when is_reachable then printed_low
            else {{ outward('100 * floor(printed_high * things / 100) / things', 'down') }}
        end as computed_low,
        case
            when is_reachable then printed_high
            else {{ outward('100 * ceil(printed_low * things / 100) / things', 'up') }}
        end as computed_high,
        is_complete as is_evaluable,
        is_reachable as holds
    from whole_numbers
),

-- of the days as of which an undated print was tried: one on which it holds, else the last
settled as (
    select *
    from judged
    qualify row_number() over (partition by instance order by is_evaluable desc, holds desc, as_of desc) = 1
),

-- terms older than the print, which fit what had been printed of the same figure before it was revised
earlier_prints as (
    select
        settled.instance,
        earlier.figure_id as earlier_figure_id
    from settled
    inner join {{ ref('int_audit_figures') }} as printed
        on settled.printed_figure_id = printed.figure_id
    inner join {{ ref('int_audit_figures') }} as earlier
        on
            printed.indicator = earlier.indicator
            and printed.breakdown = earlier.breakdown
            and printed.ref_area = earlier.ref_area
            and printed.freq = earlier.freq
            and printed.time_period = earlier.time_period
            and printed.time_basis = earlier.time_basis
            and printed.period_start is not distinct from earlier.period_start
            and printed.base_period is not distinct from earlier.base_period
            and printed.known_from > earlier.known_from
    where
        settled.is_evaluable
        and not settled.holds
        and settled.is_dated
        and settled.kind <> 'count_ratio'
        and settled.terms_known_from < settled.known_from
        and earlier.published_on is not null
        and {{ intervals_meet('settled', 'earlier') }}
    qualify row_number() over (
        partition by settled.instance order by earlier.known_from desc, earlier.figure_id asc
    ) = 1
)

select
    settled.instance,
    settled.as_of,
    settled.relation,
    settled.kind,
    case
        when not settled.is_evaluable then 'not_evaluable'
        when settled.holds or earlier_prints.earlier_figure_id is not null then 'pass'
        when not settled.is_of_one_edition then 'not_evaluable'
        when
            settled.severity = 'error'
            and settled.sources_of_terms = 1
            and settled.a_source_of_terms = settled.source_id
            then 'fail'
        else 'warn'
    end as outcome,
    case
        when earlier_prints.earlier_figure_id is not null then 'earlier_print'
        when settled.is_evaluable and not settled.holds and not settled.is_of_one_edition then 'several_editions'
        when settled.came_later then 'later_terms'
        when settled.is_of_revised_terms then 'earlier_terms'
        else 'current'
    end as vintage,
    settled.computed_low,
    settled.computed_high,
    settled.printed_low,
    settled.printed_high,
    settled.printed_figure_id,
    settled.term_figure_ids,
    earlier_prints.earlier_figure_id,
    settled.exact_scale as scale,
    settled.exact_shift as shift,
    settled.addends,
    settled.divisors,
    settled.factors,
    settled.years
from settled
left join earlier_prints
    on settled.instance = earlier_prints.instance
