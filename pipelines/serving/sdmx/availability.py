"""What is there: the values that the dimensions of some observations have, as a constraint of the standard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.serving.sdmx.flows import AGENCY, NOT_APPLICABLE, TIME, VERSION, Flow, breakdown_code
from pipelines.serving.sdmx.problems import NOT_IMPLEMENTED, SYNTAX, Refused
from pipelines.serving.sdmx.request import ANY

if TYPE_CHECKING:
    from pysdmx.model import AvailabilityConstraint

    from pipelines.asking.observations import Available


def constraint(flow: Flow, found: Available, component: str) -> AvailabilityConstraint:
    """The constraint that says what values there are.

    Args:
        flow: of which.
        found: the values.
        component: dimensions to be named, apart by `+` or commas; `all` for each.

    Raises:
        Refused: one of them is none.
    """
    from pysdmx.model import AvailabilityConstraint, ConstraintAttachment, CubeKeyValue, CubeRegion, CubeValue

    values = {
        "FREQ": found.freq,
        "REF_AREA": found.ref_area,
        "INDICATOR": found.indicator,
        "BREAKDOWN": tuple(breakdown_code(each) for each in found.breakdown),
        "TIME_BASIS": found.time_basis,
        "BASE_PERIOD": tuple(each or NOT_APPLICABLE for each in found.base_period),
        "SOURCE_ID": found.source_id,
    }
    if flow.id != "CURRENT":
        raise Refused(NOT_IMPLEMENTED, "what is available is said of CURRENT; OBSERVATIONS names every print itself")
    named = list(flow.keys) if component in ANY or not component else component.replace("+", ",").split(",")
    for each in named:
        if each not in (*flow.keys, TIME):
            raise Refused(SYNTAX, f"{flow.id} has no dimension {each[:80]}; it has {', '.join(flow.keys)}")
    return AvailabilityConstraint(
        constraint_attachment=ConstraintAttachment(
            None, dataflows=[f"urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow={AGENCY}:{flow.id}({VERSION})"]
        ),
        cube_region=CubeRegion(
            [CubeKeyValue(each, [CubeValue(value) for value in values[each]]) for each in named if each in values]
        ),
        series_count=found.series,
        obs_count=found.figures,
    )
