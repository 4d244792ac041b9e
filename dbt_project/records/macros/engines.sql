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

{# What prevails among the records of one item, as one value that sorts: the written precedence, the later, the higher
   number. DuckDB compares one wide number faster than three: numbers and microseconds stay under 10^19, departments under 17. #}
{% macro standing() %}{{ return(adapter.dispatch('standing')()) }}{% endmacro %}
{% macro duckdb__standing() -%}
  cast(epoch_us(received_at) as hugeint) * {{ 10 ** 19 }} + record_no - cast(precedence as hugeint) * {{ 10 ** 37 }}
{%- endmacro %}
{% macro spark__standing() %}struct(-precedence, received_at, record_no){% endmacro %}

{# The percentile between the two nearest values, share from 0 to 1; also over a window. #}
{% macro percentile_of(value, share) %}{{ return(adapter.dispatch('percentile_of')(value, share)) }}{% endmacro %}
{% macro duckdb__percentile_of(value, share) %}quantile_cont({{ value }}, {{ share }}){% endmacro %}
{% macro spark__percentile_of(value, share) %}percentile({{ value }}, {{ share }}){% endmacro %}
