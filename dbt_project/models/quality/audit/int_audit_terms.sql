-- Instances of the relations that are in the figures: one row per instance and term, the printed one included.
--
-- An instance is a printed figure that a relation is about. Its other terms are the figures of the place and the
-- period that the relation asks for: those that its source prints beside it, else the vintage that was known when it
-- was printed, else the earliest later one (macro known_together). A print without a date is tried as of every day on
-- which a vintage of a term became known: `as_of` is part of the key. A term that nobody printed stays, without a
-- figure.
with figures as (
    select * from {{ ref('int_audit_figures') }}
),

-- a part is at most the whole: found in every figure with a breakdown, no relation need be written
breakdown_parts as (
    select
        figures.*,
        unnest(string_split(figures.breakdown, ';')) as dropped
    from figures
    where figures.breakdown <> '' and figures.is_additive
),

parts as (
    select
        *,
        array_to_string(
            list_filter(string_split(breakdown, ';'), lambda pair: pair <> dropped), ';'  -- noqa: PRS
        ) as breakdown_of_whole
    from breakdown_parts
),

found_wholes as (
    select
        parts.figure_id as part_figure_id,
        wholes.figure_id as whole_figure_id,
        wholes.known_from as as_of,
        parts.dropped
    from parts
    inner join figures as wholes
        on
            parts.indicator = wholes.indicator
            and parts.breakdown_of_whole = wholes.breakdown
            and parts.ref_area = wholes.ref_area
            and parts.time_period = wholes.time_period
            and parts.time_basis = wholes.time_basis
            and parts.source_id = wholes.source_id
    qualify row_number() over (partition by parts.figure_id, parts.dropped order by wholes.figure_id) = 1
),

part_terms as (
    select
        'part_of_whole:' || found_wholes.part_figure_id || ':' || found_wholes.dropped as instance,
        found_wholes.as_of,
        'part_of_whole' as relation,
        'part_of_whole' as kind,
        '其中项不超过合计' as name_zh,
        'A part is at most the whole' as name_en,
        1 as scale,
        0 as shift,
        'error' as severity,
        'definition' as stated_by,
        unnest([
            { 'term': 0, 'role': 'printed', 'figure_id': found_wholes.whole_figure_id },
            { 'term': 1, 'role': 'addend', 'figure_id': found_wholes.part_figure_id }
        ]) as meant
    from found_wholes
),

instances as (
    select
        relations.relation || ':' || figures.figure_id as instance,
        relations.relation,
        figures.figure_id,
        figures.source_id,
        figures.ref_area,
        figures.time_period,
        figures.period_end,
        figures.base_period,
        figures.known_from,
        figures.published_on is not null as is_dated
    from {{ ref('int_audit_relations') }} as relations
    inner join figures
        on
            relations.indicator = figures.indicator
            and relations.breakdown = figures.breakdown
            and (relations.ref_area = 'same' or relations.ref_area = figures.ref_area)
            and (relations.time_period = 'same' or relations.time_period = figures.time_period)
            and (
                relations.time_basis = figures.time_basis
                or (relations.time_basis is null and figures.time_basis <> 'target')
            )
            and (relations.source_id is null or relations.source_id = figures.source_id)
    where relations.role = 'printed'
),

-- the cities of a printed figure's place, on the last day of its period
cities as (
    select distinct
        instances.ref_area,
        instances.period_end,
        areas.ref_area as city
    from instances
    inner join {{ ref('areas') }} as areas
        on instances.ref_area = areas.parent
    where
        areas.area_level = 'city'
        and coalesce(areas.valid_from, date '1900-01-01') <= instances.period_end
        and coalesce(areas.valid_to, date '9999-12-31') > instances.period_end
),

terms_of_instances as (
    select
        instances.*,
        relations.kind,
        relations.term,
        relations.role,
        relations.indicator,
        relations.breakdown,
        relations.time_basis,
        relations.source_id as wanted_source_id,
        case relations.ref_area when 'children' then instances.ref_area end as parent_area,
        case relations.ref_area
            when 'same' then instances.ref_area when 'children' then null else relations.ref_area
        end as named_area,
        case relations.time_period
            when 'same' then instances.time_period
            when 'previous'
                then
                    cast(cast(left(instances.time_period, 4) as integer) - 1 as varchar)
                    || substr(instances.time_period, 5)
            when 'base' then instances.base_period
            else relations.time_period
        end as wanted_period
    from instances
    inner join {{ ref('int_audit_relations') }} as relations
        on instances.relation = relations.relation and relations.role <> 'printed'
),

wanted as (
    select
        terms_of_instances.* exclude (parent_area, named_area),
        coalesce(terms_of_instances.named_area, cities.city) as wanted_area
    from terms_of_instances
    left join cities
        on
            terms_of_instances.parent_area = cities.ref_area
            and terms_of_instances.period_end = cities.period_end
),

candidates as (
    select
        wanted.instance,
        wanted.term,
        wanted.wanted_area,
        wanted.known_from as instance_known_from,
        wanted.is_dated,
        wanted.source_id = figures.source_id as is_own,
        figures.figure_id,
        figures.time_basis,
        figures.obs_value_low,
        figures.obs_value_high,
        figures.qualifier,
        figures.published_on,
        figures.known_from,
        figures.confidence,
        figures.decimals,
        figures.unit_mult
    from wanted
    inner join figures
        on
            wanted.indicator = figures.indicator
            and wanted.breakdown = figures.breakdown
            and wanted.wanted_area = figures.ref_area
            and wanted.wanted_period = figures.time_period
    where
        (wanted.time_basis = figures.time_basis or (wanted.time_basis is null and figures.time_basis <> 'target'))
        and (wanted.wanted_source_id is null or wanted.wanted_source_id = figures.source_id)
        and wanted.figure_id <> figures.figure_id
),

-- the days as of which the terms are put together: the print's own, or for one without a date every day of a vintage
days as (
    select
        instance,
        known_from as as_of
    from instances
    where is_dated
    union
    select
        instance,
        known_from as as_of
    from candidates
    where not is_dated
    union
    select
        instance,
        known_from as as_of
    from instances
    where not is_dated
),

dated_candidates as (
    select
        candidates.* exclude (instance_known_from, is_dated),
        days.as_of
    from candidates
    inner join days
        on candidates.instance = days.instance
),

chosen as (
    {{ known_together('dated_candidates', 'instance, as_of, term, wanted_area') }}
),

found as (
    select
        wanted.*,
        days.as_of,
        chosen.figure_id as term_figure_id,
        coalesce(chosen.came_later, false) as came_later
    from wanted
    inner join days
        on wanted.instance = days.instance
    left join chosen
        on
            wanted.instance = chosen.instance
            and days.as_of = chosen.as_of
            and wanted.term = chosen.term
            and wanted.wanted_area = chosen.wanted_area
),

-- Whoever prints a rate, a growth or a difference claims its relation to its terms, found or not. A total, or a
-- whole, claims nothing until one of its parts is printed too.
claimed as (
    select *
    from found
    qualify
        kind not in ('parts_and_total', 'part_of_whole', 'between', 'product')
        or bool_or(term_figure_id is not null) over (partition by instance)
)

select
    claimed.instance,
    claimed.as_of,
    claimed.relation,
    relations.kind,
    relations.name_zh,
    relations.name_en,
    relations.scale,
    relations.shift,
    relations.severity,
    relations.stated_by,
    claimed.term,
    claimed.role,
    claimed.term_figure_id as figure_id,
    claimed.came_later,
    claimed.indicator as wanted_indicator,
    claimed.breakdown as wanted_breakdown,
    claimed.wanted_area,
    claimed.wanted_period,
    claimed.figure_id as printed_figure_id
from claimed
inner join {{ ref('int_audit_relations') }} as relations
    on claimed.relation = relations.relation and relations.role = 'printed'
union all
select
    part_terms.instance,
    part_terms.as_of,
    part_terms.relation,
    part_terms.kind,
    part_terms.name_zh,
    part_terms.name_en,
    part_terms.scale,
    part_terms.shift,
    part_terms.severity,
    part_terms.stated_by,
    part_terms.meant.term,
    part_terms.meant.role,
    part_terms.meant.figure_id,
    false as came_later,
    null as wanted_indicator,
    null as wanted_breakdown,
    null as wanted_area,
    null as wanted_period,
    max(case when part_terms.meant.role = 'printed' then part_terms.meant.figure_id end)
        over (partition by part_terms.instance) as printed_figure_id
from part_terms
qualify part_terms.meant.role <> 'printed'
