-- Government services at hand (掌上办事).
{{ domain_facts('government_services', {'kind': 'all'}) }}
