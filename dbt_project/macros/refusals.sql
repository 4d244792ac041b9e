{#- A rule's message with what it names put in: columns of `broken` in stg_refusals. -#}
{% macro refusal_in_words(message, language) -%}
{%- set named = {
    'place': 'broken.place_printed',
    'may_be': 'broken.may_be_areas',
    'period': 'broken.period_printed',
    'indicator': 'broken.indicator',
    'indicator_unit': 'broken.indicator_unit_measure',
    'unit': 'broken.unit_measure',
    'broke_on': 'broken.broke_on',
    'base_period': 'broken.base_period',
    'time_period': 'broken.time_period',
    'ledger': 'broken.ledger',
    'entry': 'broken.entry',
    'reason': 'broken.reason',
    'existed_en': "case
            when broken.place_known_from is null then coalesce(': it ended on ' || broken.place_known_to, '')
            else ': it exists from ' || broken.place_known_from || coalesce(' to ' || broken.place_known_to, '')
        end",
    'existed_zh': "coalesce(
            '（' || nullif(concat(broken.place_known_from || '起', broken.place_known_to || '止'), '') || '）', ''
        )"
} -%}
{%- set text = namespace(sql=message) -%}
{%- for name, column in named.items() if not (name.startswith('existed') and not name.endswith(language)) -%}
    {%- set text.sql = "replace(" ~ text.sql ~ ", '{" ~ name ~ "}', coalesce(cast(" ~ column ~ " as varchar), ''))" -%}
{%- endfor -%}
{{ text.sql }}
{%- endmacro %}
