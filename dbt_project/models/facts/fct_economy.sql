-- Product, industry, trade, finance and research: context and denominators.
{{ domain_facts('economy', {'industry': 'all', 'price': 'current'}) }}
