-- Skilled workers, their training and their wages.
{{ domain_facts('skills', {'skill_level': 'all'}) }}
