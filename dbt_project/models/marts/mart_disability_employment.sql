-- Who are the disabled persons, how many of them work and by which channel, and at which rate: each rate under its
-- own population definition, with its numerator and denominator where they are printed, as they were known then.
with answers as (
    {{ domain_answers(['disability_employment']) }}
),

{% for part in ['numerator', 'denominator'] %}
    {{ part }}_candidates as (
        select
            answers.figure_id as rate_figure_id,
            rates.known_from as as_of,
            rates.source_id = terms.source_id as is_own,
            terms.*
        from answers
        inner join {{ ref('fct_disability_employment') }} as rates
            on answers.figure_id = rates.figure_id
        inner join {{ ref('ratio_terms') }} as ratio_terms
            on answers.indicator = ratio_terms.indicator and answers.breakdown = coalesce(ratio_terms.breakdown, '')
        inner join {{ ref('fct_disability_employment') }} as terms
            on
                ratio_terms.{{ part }}_indicator = terms.indicator
                and coalesce(ratio_terms.{{ part }}_breakdown, '') = terms.breakdown
                and answers.ref_area = terms.ref_area
                and answers.time_period = terms.time_period
        where terms.time_basis <> 'target'
    ),

    {{ part }}s as (
        select
            rate_figure_id,
            {{ whole_figure() }} as figure
        from ({{ known_together(part ~ '_candidates', 'rate_figure_id') }})
    ),
{% endfor %}

figures as (
    select
        answers.*,
        {{ whole_figure('rates') }} as rate,
        numerators.figure as numerator,
        denominators.figure as denominator
    from answers
    inner join {{ ref('fct_disability_employment') }} as rates
        on answers.figure_id = rates.figure_id
    left join numerators
        on answers.figure_id = numerators.rate_figure_id
    left join denominators
        on answers.figure_id = denominators.rate_figure_id
)

select
    case
        when figures.measure in ('rate', 'share', 'difference') then 'rate'
        when figures.indicator like 'disabled_persons_registered%' then 'population'
        when figures.indicator in ('disabled_employed', 'disabled_sheltered_service_users') then 'employment'
        else 'support'
    end as topic,
    figures.figure_id,
    figures.indicator,
    figures.indicator_name_zh,
    figures.indicator_name_en,
    figures.ref_area,
    figures.area_name_zh,
    figures.area_name_en,
    figures.time_period,
    figures.time_basis,
    coalesce({{ breakdown_code('population_definition', 'figures.breakdown') }}, 'not_stated') as population_definition,
    coalesce({{ breakdown_code('channel', 'figures.breakdown') }}, 'all') as channel,
    coalesce({{ breakdown_code('severity', 'figures.breakdown') }}, 'all') as severity,
    coalesce({{ breakdown_code('age_group', 'figures.breakdown') }}, 'all') as age_group,
    figures.breakdown,
    figures.breakdown_zh,
    figures.breakdown_en,
    figures.obs_value,
    figures.unit_measure,
    figures.qualifier,
    figures.obs_value_low,
    figures.obs_value_high,
    {{ printed_columns(['numerator', 'denominator']) }},
    {{ quotient_columns('rate_of_printed_terms', 'numerator', 'denominator', 100, 'decimal(9, 4)') }},
    numerator.figure_id as numerator_figure_id,
    denominator.figure_id as denominator_figure_id,
    {{ standing_on(['numerator', 'denominator'], also=['rate'], units={'rate_of_printed_terms': 'percent'}) }}
from figures
