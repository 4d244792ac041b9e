{# What was printed lies within what the print allows. #}
{% test value_within_its_interval(model) %}
select *
from {{ model }}
where obs_value < obs_value_low or obs_value > obs_value_high
{% endtest %}
