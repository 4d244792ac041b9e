-- The digital economy: its core industries, firms, factories and sales.
{{ domain_facts('digital_economy', {'segment': 'all', 'firm_kind': 'all', 'factory_kind': 'all'}) }}
