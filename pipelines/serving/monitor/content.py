"""All that the pages are made of, asked once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.asking import breaks, catalogue, findings, headlines, names, prints, targets
from pipelines.asking.observations import Wanted, observations
from pipelines.asking.series import WantedSeries, in_series
from pipelines.serving.sdmx.rows import with_codes

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

    from pipelines.asking.breaks import TerritoryChange
    from pipelines.asking.catalogue import Area, Indicator, Practice, Source, Unit
    from pipelines.asking.findings import Relation
    from pipelines.asking.headlines import Headline
    from pipelines.asking.names import Names
    from pipelines.asking.observations import Observation
    from pipelines.asking.prints import Print
    from pipelines.asking.targets import TargetProgress
    from pipelines.asking.warehouse import Warehouse

Series = tuple[str, str, str, str, str]
#: Outcomes that contradict a figure.
CONTRADICTIONS = ("fail", "warn")


@dataclass(frozen=True)
class Content:
    """What the public may see of a warehouse.

    Attributes:
        areas: each place as it is today.
        breakdowns: names (zh, en) of each `key=value`.
        figures: every print, in the order of indicator, place, breakdown, time.
        current: of these the ones that stand.
        names: what codes are called in a workbook.
        series: of each indicator every print in the components of `GONGFU:CURRENT`, series by series.
        subjects: the places that the ten practices are about.
    """

    indicators: dict[str, Indicator]
    areas: dict[str, Area]
    units: dict[str, Unit]
    breakdowns: dict[str, tuple[str, str]]
    sources: dict[str, Source]
    practices: list[Practice]
    headlines: list[Headline]
    subjects: tuple[str, ...]
    figures: list[Observation]
    prints: dict[str, Print]
    relations: list[Relation]
    targets: list[TargetProgress]
    territories: list[TerritoryChange]
    names: Names
    series: dict[str, list[pl.DataFrame]]
    current: list[Observation] = field(init=False)
    by_id: dict[str, Observation] = field(init=False)
    by_indicator: dict[str, list[Observation]] = field(init=False)
    current_by_place: dict[str, list[Observation]] = field(init=False)
    by_source: dict[str, list[Observation]] = field(init=False)
    relations_of: dict[str, list[Relation]] = field(init=False)

    def __post_init__(self) -> None:
        current = [each for each in self.figures if each.is_current]
        relations_of: dict[str, list[Relation]] = defaultdict(list)
        for relation in self.relations:
            for figure_id in relation.figure_ids:
                relations_of[figure_id].append(relation)
        object.__setattr__(self, "current", current)
        object.__setattr__(self, "by_id", {each.figure_id: each for each in self.figures})
        object.__setattr__(self, "by_indicator", _grouped((each.indicator, each) for each in self.figures))
        object.__setattr__(self, "current_by_place", _grouped((each.ref_area, each) for each in current))
        object.__setattr__(self, "by_source", _grouped((each.source_id, each) for each in self.figures))
        object.__setattr__(self, "relations_of", relations_of)


def gathered(warehouse: Warehouse) -> Content:
    """Ask a warehouse for all that the pages show; as the public."""
    return Content(
        indicators={each.indicator: each for each in catalogue.indicators(warehouse)},
        areas={each.ref_area: each for each in catalogue.areas(warehouse)},
        units={each.unit_measure: each for each in catalogue.units(warehouse)},
        breakdowns={
            f"{each.dimension}={each.code}": (each.name_zh, each.name_en)
            for each in catalogue.breakdown_codes(warehouse)
        },
        sources={each.source_id: each for each in catalogue.sources(warehouse)},
        practices=catalogue.practices(warehouse),
        headlines=headlines.headlines(warehouse),
        subjects=headlines.subjects(warehouse),
        figures=list(observations(warehouse, Wanted(vintages="all"))),
        prints={each.figure_id: each for each in prints.prints(warehouse)},
        relations=findings.relations(warehouse, outcomes=CONTRADICTIONS, with_revisions=False),
        targets=targets.targets(warehouse),
        territories=breaks.territory_changes(warehouse),
        names=names.names(warehouse),
        series=_series(warehouse),
    )


def _series(warehouse: Warehouse) -> dict[str, list[pl.DataFrame]]:
    found: dict[str, list[pl.DataFrame]] = {}
    for batch in with_codes(in_series(warehouse, WantedSeries(vintages="all"))):
        for own in batch.partition_by("INDICATOR", maintain_order=True):
            found.setdefault(own["INDICATOR"][0], []).append(own)
    return found


def series_of(figure: Observation) -> Series:
    """What a figure is one point of: place, breakdown, frequency, basis, unit."""
    return (figure.ref_area, figure.breakdown, figure.freq, figure.time_basis, figure.unit_measure)


def _grouped(pairs: Iterable[tuple[str, Observation]]) -> dict[str, list[Observation]]:
    groups: dict[str, list[Observation]] = defaultdict(list)
    for key, figure in pairs:
        groups[key].append(figure)
    return groups
