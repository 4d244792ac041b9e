-- Science, money and people moving to the countryside (两进两回).
{{ domain_facts('rural_vitalisation', {'kind': 'all'}) }}
