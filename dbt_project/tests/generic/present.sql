{# None of the columns is empty in any row: one test instead of one per column. #}
{% test present(model, columns) %}
select *
from {{ model }}
where {% for column in columns %}{{ column }} is null{% if not loop.last %} or {% endif %}{% endfor %}
{% endtest %}
