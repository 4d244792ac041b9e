-- Employment of disabled persons; each population definition is an indicator of its own.
{{ domain_facts('disability_employment', {
    'population_definition': 'not_stated', 'channel': 'all', 'severity': 'all', 'disability_type': 'all',
    'age_group': 'all'
}) }}
