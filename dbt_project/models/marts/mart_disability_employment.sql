-- Who are the disabled persons, how many of them work and by which channel, and at which rate: each rate under its
-- own population definition, with its numerator and denominator where they are printed.
with answers as (
    {{ domain_answers(['disability_employment']) }}
),

terms as (
    select
        ratio_terms.indicator,
        coalesce(ratio_terms.breakdown, '') as breakdown,
        numerators.ref_area,
        numerators.time_period,
        numerators.obs_value as numerator,
        numerators.figure_id as numerator_figure_id,
        denominators.obs_value as denominator,
        denominators.figure_id as denominator_figure_id
    from {{ ref('ratio_terms') }} as ratio_terms
    inner join {{ ref('fct_disability_employment') }} as numerators
        on
            ratio_terms.numerator_indicator = numerators.indicator
            and coalesce(ratio_terms.numerator_breakdown, '') = numerators.breakdown
            and numerators.is_current
    inner join {{ ref('fct_disability_employment') }} as denominators
        on
            ratio_terms.denominator_indicator = denominators.indicator
            and coalesce(ratio_terms.denominator_breakdown, '') = denominators.breakdown
            and numerators.ref_area = denominators.ref_area
            and numerators.time_period = denominators.time_period
            and numerators.time_basis = denominators.time_basis
            and denominators.is_current
)

select
    case
        when answers.measure in ('rate', 'share', 'difference') then 'rate'
        when answers.indicator like 'disabled_persons_registered%' then 'population'
        when answers.indicator in ('disabled_employed', 'disabled_sheltered_service_users') then 'employment'
        else 'support'
    end as topic,
    answers.figure_id,
    answers.indicator,
    answers.indicator_name_zh,
    answers.indicator_name_en,
    answers.ref_area,
    answers.area_name_zh,
    answers.area_name_en,
    answers.time_period,
    answers.time_basis,
    coalesce({{ breakdown_code('population_definition', 'answers.breakdown') }}, 'not_stated') as population_definition,
    coalesce({{ breakdown_code('channel', 'answers.breakdown') }}, 'all') as channel,
    coalesce({{ breakdown_code('severity', 'answers.breakdown') }}, 'all') as severity,
    coalesce({{ breakdown_code('age_group', 'answers.breakdown') }}, 'all') as age_group,
    answers.breakdown,
    answers.breakdown_zh,
    answers.breakdown_en,
    answers.obs_value,
    answers.unit_measure,
    answers.qualifier,
    terms.numerator,
    terms.denominator,
    cast(terms.numerator / terms.denominator * 100 as decimal(9, 4)) as rate_of_printed_terms,
    terms.numerator_figure_id,
    terms.denominator_figure_id
from answers
left join terms
    on
        answers.indicator = terms.indicator
        and answers.breakdown = terms.breakdown
        and answers.ref_area = terms.ref_area
        and answers.time_period = terms.time_period
