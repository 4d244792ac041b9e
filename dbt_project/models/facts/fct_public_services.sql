-- Education, health and culture for all.
{{ domain_facts('public_services', {'kind': 'all'}) }}
