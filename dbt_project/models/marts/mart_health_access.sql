-- How near is a good doctor: alliances, what township clinics offer, visits within the county before and after.
{{ domain_answers(['health_alliances'], with_earlier=true) }}
