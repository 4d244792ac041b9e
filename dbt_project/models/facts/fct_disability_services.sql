-- Rehabilitation and other services for disabled persons.
{{ domain_facts('disability_services', {'disability_kind': 'all'}) }}
