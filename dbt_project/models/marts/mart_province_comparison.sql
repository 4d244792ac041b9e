-- Where does a province stand among the provinces: by indicator, year and vintage, its value, its rank, how far it is
-- from the nation and from the best?
--
-- A vintage is a source: provinces are ranked within one publication, never across two. The best is the highest or the
-- lowest as the indicator's direction says; without a direction there is a rank from the highest and no best.
with printed as (
    select
        observations.figure_id,
        observations.source_id,
        observations.indicator,
        observations.breakdown,
        observations.ref_area,
        observations.time_period,
        observations.obs_value,
        observations.unit_measure,
        observations.is_current,
        observations.confidence,
        indicators.direction,
        areas.name_zh as area_name_zh,
        areas.name_en as area_name_en
    from {{ ref('observations') }} as observations
    inner join {{ ref('indicators') }} as indicators
        on observations.indicator = indicators.indicator
    inner join {{ ref('latest_areas') }} as areas
        on observations.ref_area = areas.ref_area
    where
        areas.area_level = 'province'
        and observations.freq = 'A'
        and observations.time_basis <> 'target'
        and observations.qualifier in ('exact', 'about')
    qualify
        row_number() over (
            partition by
                observations.source_id, observations.indicator, observations.breakdown, observations.ref_area,
                observations.time_period
            order by observations.is_current desc, observations.decimals desc, observations.figure_id asc
        ) = 1
),

nations as (
    select
        observations.indicator,
        observations.breakdown,
        observations.time_period,
        first(observations.obs_value order by observations.decimals desc, observations.figure_id asc) as of_nation,
        first(observations.figure_id order by observations.decimals desc, observations.figure_id asc)
            as nation_figure_id,
        first(observations.confidence order by observations.decimals desc, observations.figure_id asc)
            as nation_confidence
    from {{ ref('observations') }} as observations
    inner join {{ ref('latest_areas') }} as areas
        on observations.ref_area = areas.ref_area
    where
        areas.area_level = 'nation'
        and observations.freq = 'A'
        and observations.time_basis <> 'target'
        and observations.qualifier in ('exact', 'about')
        and observations.is_current
    group by observations.indicator, observations.breakdown, observations.time_period
),

ranked as (
    select
        *,
        rank() over (
            vintage
            order by case when direction = 'lower' then obs_value else -obs_value end
        ) as rank_among_provinces,
        count(*) over vintage as provinces_ranked,
        case direction
            when 'higher' then max(obs_value) over vintage
            when 'lower' then min(obs_value) over vintage
        end as best_value
    from printed
    window vintage as (partition by source_id, indicator, breakdown, time_period)
)

select
    ranked.ref_area,
    ranked.area_name_zh,
    ranked.area_name_en,
    ranked.indicator,
    ranked.breakdown,
    ranked.time_period,
    ranked.source_id,
    ranked.obs_value,
    ranked.unit_measure,
    ranked.is_current,
    ranked.rank_among_provinces,
    ranked.provinces_ranked,
    ranked.best_value,
    nations.of_nation,
    cast(ranked.obs_value / nullif(nations.of_nation, 0) as decimal(18, 6)) as over_nation,
    cast(ranked.obs_value / nullif(ranked.best_value, 0) as decimal(18, 6)) as over_best,
    list_filter([ranked.figure_id, nations.nation_figure_id], lambda id: id is not null) as figure_ids,  -- noqa: PRS
    greatest(ranked.confidence, nations.nation_confidence) as lowest_confidence
from ranked
left join nations
    on
        ranked.indicator = nations.indicator
        and ranked.breakdown = nations.breakdown
        and ranked.time_period = nations.time_period
where ranked.provinces_ranked > 1
