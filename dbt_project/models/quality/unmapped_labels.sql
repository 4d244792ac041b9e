-- Printed labels that no crosswalk row knows, most frequent first: not lost, only not yet understood.
select
    source_id,
    label,
    breakdown_printed,
    unit_printed,
    count(*) as figures,
    min(figure_id) as example_figure_id,
    'no row of reference.crosswalk knows this label; add one' as message_en,
    '对照表中没有该指标名称，请补充' as message_zh
from {{ ref('stg_coded_figures') }}
where indicator is null
group by source_id, label, breakdown_printed, unit_printed
