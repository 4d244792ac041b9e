"""The words of every figure as they stand in its file, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.asking.audience import may_see_source

if TYPE_CHECKING:
    from pipelines.asking.audience import Audience
    from pipelines.asking.warehouse import Warehouse


@dataclass(frozen=True)
class Print:
    """One figure as printed.

    Attributes:
        file: from the project's root; line from 1.
        sheet, cell: of a sheet; char_start, char_end: of prose, counted in characters.
        unit: the words of the unit, from the figure's cell or its head.
    """

    figure_id: str
    source_id: str
    file: str
    line: int | None
    sheet: str | None
    cell: str | None
    char_start: int | None
    char_end: int | None
    label: str
    breakdown: str | None
    place: str | None
    period: str | None
    qualifier: str | None
    value: str
    unit: str | None


_PRINTS = f"""
    select
        printed.figure_id, printed.source_id, printed.file, printed.line, printed.sheet, printed.cell,
        printed.char_start, printed.char_end, printed.label,
        printed.breakdown_printed as breakdown, printed.place_printed as place, printed.period_printed as period,
        printed.qualifier_printed as qualifier, printed.value_printed as value, coded.unit_words as unit
    from landing.printed_figures as printed
    inner join facts.observations as observations on printed.figure_id = observations.figure_id
    inner join staging.stg_coded_figures as coded on printed.figure_id = coded.figure_id
    where {may_see_source("printed.source_id")}
    order by
        printed.source_id, printed.file, printed.line, printed.sheet, printed.cell, printed.char_start,
        printed.figure_id
"""


def prints(warehouse: Warehouse, audience: Audience = "public") -> list[Print]:
    """The prints of all observations, in the order of their files."""
    return warehouse.all(Print, _PRINTS, audience=audience)
