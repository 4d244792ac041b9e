-- Every relation with its terms: those of the seeds, the ratios of the catalogue (seed ratio_terms), each with what
-- a blank in the seed means written out.
with seeded as (
    select
        relations.relation,
        relations.kind,
        relations.name_zh,
        relations.name_en,
        relations.scale,
        relations.shift,
        relations.severity,
        relations.stated_by,
        terms.term,
        terms.role,
        terms.indicator,
        coalesce(terms.breakdown, '') as breakdown,
        coalesce(terms.ref_area, 'same') as ref_area,
        coalesce(terms.time_period, 'same') as time_period,
        terms.time_basis,
        terms.source_id
    from {{ ref('audit_relations') }} as relations
    inner join {{ ref('audit_terms') }} as terms
        on relations.relation = terms.relation
),

catalogue as (
    select
        'ratio_' || ratios.indicator as relation,
        indicators.name_zh || '＝' || numerators.name_zh || '÷' || denominators.name_zh as name_zh,
        indicators.name_en || ' = ' || numerators.name_en || ' / ' || denominators.name_en as name_en,
        case indicators.unit_measure when 'percent' then 100 else 1 end as scale,
        ratios.severity,
        ratios.indicator,
        coalesce(ratios.breakdown, '') as breakdown,
        ratios.numerator_indicator,
        coalesce(ratios.numerator_breakdown, '') as numerator_breakdown,
        ratios.denominator_indicator,
        coalesce(ratios.denominator_breakdown, '') as denominator_breakdown
    from {{ ref('ratio_terms') }} as ratios
    inner join {{ ref('indicators') }} as indicators
        on ratios.indicator = indicators.indicator
    inner join {{ ref('indicators') }} as numerators
        on ratios.numerator_indicator = numerators.indicator
    inner join {{ ref('indicators') }} as denominators
        on ratios.denominator_indicator = denominators.indicator
),

catalogue_terms as (
    select
        *,
        unnest([
            { 'term': 0, 'role': 'printed', 'of': indicator, 'by': breakdown },
            { 'term': 1, 'role': 'addend', 'of': numerator_indicator, 'by': numerator_breakdown },
            { 'term': 2, 'role': 'divisor', 'of': denominator_indicator, 'by': denominator_breakdown }
        ]) as meant
    from catalogue
)

select * from seeded
union all
select
    relation,
    'ratio' as kind,
    name_zh,
    name_en,
    scale,
    0 as shift,
    severity,
    'definition' as stated_by,
    meant.term,
    meant.role,
    meant.of as indicator,
    meant.by as breakdown,
    'same' as ref_area,
    'same' as time_period,
    null as time_basis,
    null as source_id
from catalogue_terms
