{# No relation of this kind is broken, but for those that a person has acknowledged (seed audit_acknowledged). #}
{% test audit_agrees(model, kind) %}
select relation_id, finding_en, finding_zh
from {{ model }}
where kind = '{{ kind }}' and outcome = 'fail' and acknowledged_en is null
{% endtest %}
