{# What DuckDB and Spark write differently, and nothing else. #}

{% macro records_of(name) %}{{ return(adapter.dispatch('records_of')(name)) }}{% endmacro %}
{% macro duckdb__records_of(name) %}
  {%- set listed = [] -%}
  {%- for path in var('plan').records.get(name, []) %}{% do listed.append(quoted(path)) %}{% endfor -%}
  read_parquet([{{ listed | join(', ') }}], hive_partitioning = false)
{%- endmacro %}
{% macro spark__records_of(name) %}records.records_{{ 'items' if name == 'every_item' else name }}{% endmacro %}

{# The value of the record that prevails. #}
{% macro prevailing(value, order) %}{{ return(adapter.dispatch('prevailing')(value, order)) }}{% endmacro %}
{% macro duckdb__prevailing(value, order) %}arg_max({{ value }}, {{ order }}){% endmacro %}
{% macro spark__prevailing(value, order) %}max_by({{ value }}, {{ order }}){% endmacro %}

{# Several sort keys as one. #}
{% macro sort_key(parts) %}{{ return(adapter.dispatch('sort_key')(parts)) }}{% endmacro %}
{% macro duckdb__sort_key(parts) %}row({{ parts | join(', ') }}){% endmacro %}
{% macro spark__sort_key(parts) %}struct({{ parts | join(', ') }}){% endmacro %}

{# The percentile between the two nearest values, share from 0 to 1; also over a window. #}
{% macro percentile_of(value, share) %}{{ return(adapter.dispatch('percentile_of')(value, share)) }}{% endmacro %}
{% macro duckdb__percentile_of(value, share) %}quantile_cont({{ value }}, {{ share }}){% endmacro %}
{% macro spark__percentile_of(value, share) %}percentile({{ value }}, {{ share }}){% endmacro %}
