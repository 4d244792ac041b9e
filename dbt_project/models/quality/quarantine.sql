-- Everything that was not taken, whole sources and rows, with its place and its reason. Nothing is lost.
{% set refusals = {
    'door': source('landing', 'quarantine'),
    'coding': ref('stg_refusals'),
    'source': ref('held_back')
} %}
{% for refused_at, relation in refusals.items() %}
    select
        source_id,
        file,
        line,
        {% if refused_at == 'coding' %}
            figure_id,
            locator,
        {% else %}
            null::varchar as figure_id,
            null::varchar as locator,
        {% endif %}
        column_name,
        rule,
        printed_value,
        message_en,
        message_zh,
        '{{ refused_at }}' as refused_at
    from {{ relation }}
    {% if refused_at == 'door' %}
        where rule <> 'for_review'
    {% endif %}
    {{ 'union all by name' if not loop.last }}
{% endfor %}
