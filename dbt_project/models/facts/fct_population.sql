-- Residents and registered population: denominators.
{{ domain_facts('population', {'residence': 'all', 'sex': 'all', 'age_group': 'all'}) }}
