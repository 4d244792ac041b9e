-- Figures with a label that is known, and something else that cannot be right: one row per figure and rule that it
-- breaks. The rules' words are the seed refusal_rules; what breaks each is the list below.
with contradicted as (
    select
        figure_id,
        max(obs_value_low) over same_figure > min(obs_value_high) over same_figure
        or (
            -- the upper end of an exact print does not belong to it any more
            max(obs_value_low) over same_figure = min(obs_value_high) over same_figure
            and bool_and(qualifier = 'exact') over same_figure
        ) as is_contradicted
    from {{ ref('stg_valued_figures') }}
    where indicator is not null and ref_area is not null
    window same_figure as (
        partition by
            source_id, indicator, breakdown, ref_area, time_period, period_start, period_end, time_basis,
            base_period, obs_status
    )
),

-- a change over a day on which the code passed to another territory, where no row says how the two compare
across_breaks as (
    select
        figures.figure_id,
        max(changes.changed_on) as broke_on
    from {{ ref('stg_coded_figures') }} as figures
    inner join {{ ref('area_changes') }} as changes
        on figures.ref_area = changes.from_area and changes.kind = 'territory'
    left join {{ ref('area_concordance') }} as concordance
        on changes.from_area = concordance.ref_area and changes.changed_on = concordance.changed_on
    where
        figures.time_basis = 'change'
        and try_cast(left(figures.base_period, 4) as integer) is not null
        and changes.changed_on > cast(left(figures.base_period, 4) || '-12-31' as date)
        and changes.changed_on <= figures.period_end
        and concordance.ref_area is null
    group by figures.figure_id
),

dropped as (
    select
        figure_id,
        file,
        entry,
        reason
    from {{ ref('corrections') }}
    where action = 'drop' and status <> 'withdrawn'
),

broken as (
    select
        figures.*,
        across_breaks.broke_on,
        dropped.file as ledger,
        dropped.entry,
        dropped.reason,
        unnest(list_filter([
            case when time_period is null or period_start is null or period_end is null then 'period_unknown' end,
            case when not is_place_known then 'area_unknown' end,
            case
                when is_place_known and ref_area is null and may_be_areas is null and period_end is not null
                    then 'area_not_valid'
            end,
            case when may_be_areas is not null then 'area_ambiguous' end,
            case when unit_measure is null and indicator is not null then 'unit_unknown' end,
            case when unit_measure <> indicator_unit_measure then 'unit_does_not_fit' end,
            case when qualifier is null then 'qualifier_unknown' end,
            case when {{ is_too_large('number', 'unit_mult', 'factor') }} then 'value_too_large' end,
            case when contradicted.is_contradicted then 'two_values' end,
            case when across_breaks.broke_on is not null then 'across_boundary_break' end,
            case when dropped.figure_id is not null then 'corrected_drop' end
        ], lambda rule: rule is not null)) as rule  -- noqa: PRS
    from {{ ref('stg_coded_figures') }} as figures
    left join contradicted
        on figures.figure_id = contradicted.figure_id
    left join across_breaks
        on figures.figure_id = across_breaks.figure_id
    left join dropped
        on figures.figure_id = dropped.figure_id
)

select
    broken.figure_id,
    broken.source_id,
    broken.file,
    broken.line,
    broken.locator,
    rules.column_name,
    broken.rule,
    case rules.column_name
        when 'period' then broken.period_printed
        when 'place' then broken.place_printed
        when 'unit' then broken.unit_words
        when 'qualifier' then broken.qualifier_printed
        else broken.value_printed
    end as printed_value,
    {{ refusal_in_words('rules.message_en', 'en') }} as message_en,
    {{ refusal_in_words('rules.message_zh', 'zh') }} as message_zh
from broken
inner join {{ ref('refusal_rules') }} as rules
    on broken.rule = rules.rule
