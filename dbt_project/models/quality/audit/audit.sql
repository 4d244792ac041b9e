-- What the published figures say about each other: every relation found among them, with its arithmetic, its
-- outcome, and a sentence for an analyst's mail.
with outcomes as (
    select
        instance as relation_id,
        relation,
        kind,
        outcome,
        vintage,
        computed_low,
        computed_high,
        printed_low,
        printed_high,
        list_concat(
            [printed_figure_id], term_figure_ids,
            case when earlier_figure_id is null then [] else [earlier_figure_id] end
        ) as figure_ids,
        printed_figure_id as figure_id
    from {{ ref('int_audit_arithmetic') }}
    union all
    select
        instance as relation_id,
        'same_figure' as relation,
        'same_figure' as kind,
        outcome,
        null as vintage,
        computed_low,
        computed_high,
        printed_low,
        printed_high,
        [figure_id, earlier_figure_id] as figure_ids,
        figure_id
    from {{ ref('int_audit_same_figure') }}
)

select
    outcomes.relation_id,
    outcomes.relation,
    outcomes.kind,
    outcomes.outcome,
    outcomes.vintage,
    outcomes.computed_low,
    outcomes.computed_high,
    outcomes.printed_low,
    outcomes.printed_high,
    outcomes.figure_ids,
    printed.source_id,
    printed.ref_area,
    printed.time_period,
    printed.indicator,
    sentences.arithmetic_zh,
    sentences.arithmetic_en,
    sentences.finding_zh,
    sentences.finding_en,
    acknowledged.reason_zh as acknowledged_zh,
    acknowledged.reason_en as acknowledged_en
from outcomes
inner join {{ ref('int_audit_figures') }} as printed
    on outcomes.figure_id = printed.figure_id
inner join {{ ref('int_audit_sentences') }} as sentences
    on outcomes.relation_id = sentences.relation_id
left join {{ ref('audit_acknowledged') }} as acknowledged
    on
        outcomes.relation = acknowledged.relation
        and printed.source_id = acknowledged.source_id
        and printed.ref_area = acknowledged.ref_area
        and printed.time_period = acknowledged.time_period
        and printed.indicator = acknowledged.indicator
