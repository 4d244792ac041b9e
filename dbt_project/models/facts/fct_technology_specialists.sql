-- Rural technology specialists (农村科技特派员).
{{ domain_facts('technology_specialists', {'specialist_kind': 'all', 'admin_level': 'all'}) }}
