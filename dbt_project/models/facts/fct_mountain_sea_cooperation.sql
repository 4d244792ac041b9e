-- Mountain-sea cooperation (山海协作) with the mountain counties.
{{ domain_facts('mountain_sea_cooperation', {'enclave_kind': 'all', 'kind': 'all'}) }}
