-- County health alliances (医共体): access, referral, mutual recognition.
{{ domain_facts('health_alliances', {'kind': 'all', 'direction': 'all'}) }}
