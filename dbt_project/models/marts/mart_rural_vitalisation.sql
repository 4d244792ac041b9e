-- What moved to the countryside: science, money, young people, worthies; loans, subsidies, coverage rates.
{{ domain_answers(['rural_vitalisation']) }}
