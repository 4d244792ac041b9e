{# No source is due for a newer release. #}
{% test is_fresh(model) %}
select source_id, retrieved_on, refresh_days, age_days
from {{ model }}
where freshness = 'due'
{% endtest %}
