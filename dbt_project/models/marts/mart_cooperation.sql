-- What mountain-sea cooperation and the rural technology specialists brought: projects, funds, enclaves, people.
{{ domain_answers(['mountain_sea_cooperation', 'technology_specialists'], with_earlier=true) }}
