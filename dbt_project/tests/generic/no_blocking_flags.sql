{# Nothing stands out by a rule whose flags stop the publish (seed plausibility_rules). #}
{% test no_blocking_flags(model) %}
select figure_id, finding_en, finding_zh
from {{ model }}
where severity = 'error'
{% endtest %}
