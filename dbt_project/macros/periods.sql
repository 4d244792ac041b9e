{#- Whether printed words say that a figure counts from January on: 地区生产总值累计值, 固定资产投资_累计增长, GDP_累计,
    年初至今. 当季 and 当月 say the contrary, and what was counted since some other beginning (累计派遣) is neither. -#}
{% macro counts_from_january(label, breakdown) -%}
    (
        regexp_matches(
            concat_ws('_', {{ label }}, {{ breakdown }}),
            '累计(值|增长|增速|同比|比上年)?([_/:：（(）)]|$)|累计(值|增长)|年初至今|自年初|年初累计|本年累计|季度累计'
            || '|1[-—–~至]本?月'
        )
        and not regexp_matches(concat_ws('_', {{ label }}, {{ breakdown }}), '当[季月]|本[季月][值数]')
    )
{%- endmacro %}
