-- What households spend.
{{ domain_facts('household_consumption', {'residence': 'all', 'category': 'total'}) }}
