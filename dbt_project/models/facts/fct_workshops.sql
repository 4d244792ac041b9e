-- Common-prosperity workshops (共富工坊): jobs, gains, services.
{{ domain_facts('workshops', {'worker_group': 'all'}) }}
