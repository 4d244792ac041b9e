-- Income of residents and households.
{{ domain_facts('income', {'residence': 'all', 'component': 'total', 'income_group': 'all', 'price': 'not_stated'}) }}
