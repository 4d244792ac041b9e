{#- Whether the words of a label say that its figures count from January on: 地区生产总值累计值, 固定资产投资_累计增长. -#}
{% macro counts_from_january(label) -%}
    regexp_matches({{ label }}, '累计(值|增长|增速|同比|比上年)?([_（(]|$)|累计(值|增长)')
{%- endmacro %}
