-- Employed persons, new jobs, unemployment.
{{ domain_facts('employment', {'residence': 'all', 'labour_group': 'all'}) }}
