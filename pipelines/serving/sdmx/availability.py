"""What is there: the values that the dimensions of some observations have, as a constraint of the standard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.asking.observations import available
from pipelines.serving.sdmx.flows import AGENCY, CURRENT, NOT_APPLICABLE, TIME, VERSION, Flow, breakdown_code
from pipelines.serving.sdmx.problems import SYNTAX, Refused
from pipelines.serving.sdmx.request import ANY
from pipelines.serving.sdmx.rows import batches_of, rows_of, wanted_of

if TYPE_CHECKING:
    from pysdmx.model import AvailabilityConstraint

    from pipelines.asking.following import Edition
    from pipelines.serving.sdmx.request import DataQuery

#: Every print has its own; it is named to whoever asks for it alone.
_OF_EACH_PRINT = "LOCATOR"


@dataclass(frozen=True)
class Held:
    """The values that each dimension of some observations has, and how many series and observations these are."""

    values: dict[str, tuple[str, ...]]
    series: int
    observations: int


def held(edition: Edition, query: DataQuery) -> Held | None:
    """What a query would give; None where that is nothing."""
    if query.flow is not CURRENT or query.keys:
        return _counted(edition, query)
    found = available(edition.warehouse, wanted_of(query))
    if found is None:
        return None
    values = {
        "FREQ": found.freq,
        "REF_AREA": found.ref_area,
        "INDICATOR": found.indicator,
        "BREAKDOWN": tuple(breakdown_code(each) for each in found.breakdown),
        "TIME_BASIS": found.time_basis,
        "BASE_PERIOD": tuple(each or NOT_APPLICABLE for each in found.base_period),
    }
    return Held(values, found.series, found.figures)


def _counted(edition: Edition, query: DataQuery) -> Held | None:
    keys = query.flow.keys
    series: set[tuple[str | None, ...]] = set()
    observations = 0
    for row in rows_of(batches_of(edition, query)):
        series.add(row[: len(keys)])
        observations += 1
    values = {name: tuple(sorted({key[at] or "" for key in series} - {""})) for at, name in enumerate(keys)}
    return Held(values, len(series), observations) if observations else None


def constraint(flow: Flow, found: Held, component: str) -> AvailabilityConstraint:
    """The constraint that says what values there are.

    Args:
        flow: of which.
        found: the values.
        component: dimensions to be named, apart by `+` or commas; `all` for each whose values several prints share.

    Raises:
        Refused: one of them is none.
    """
    from pysdmx.model import AvailabilityConstraint, ConstraintAttachment, CubeKeyValue, CubeRegion, CubeValue

    shared = [each for each in flow.keys if each != _OF_EACH_PRINT]
    named = shared if component in ANY or not component else component.replace("+", ",").split(",")
    for each in named:
        if each not in (*flow.keys, TIME):
            raise Refused(SYNTAX, f"{flow.id} has no dimension {each[:80]}; it has {', '.join(flow.keys)}")
    cube = [
        CubeKeyValue(each, [CubeValue(value) for value in found.values[each]])
        for each in dict.fromkeys(named)
        if found.values.get(each)
    ]
    return AvailabilityConstraint(
        constraint_attachment=ConstraintAttachment(
            None, dataflows=[f"urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow={AGENCY}:{flow.id}({VERSION})"]
        ),
        cube_region=CubeRegion(cube),
        series_count=found.series,
        obs_count=found.observations,
    )
