{# Nothing stands out by this rule of quality.plausibility. #}
{% test no_flags(model, rule) %}
select figure_id, finding_en, finding_zh
from {{ model }}
where rule = '{{ rule }}'
{% endtest %}
