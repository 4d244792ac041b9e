-- Output and tax per mu of land, and the policy that ranks firms by them.
{{ domain_facts('land_productivity', {'sector': 'all', 'price': 'not_stated'}) }}
