"""Figures as a panel: a row for each place and year, a column for each indicator; every cell keeps its figure whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipelines.asking.observations import counted, observations

if TYPE_CHECKING:
    from pipelines.asking.observations import Observation, Wanted
    from pipelines.asking.warehouse import Warehouse

#: What needs no mention in a column's code: it is what figures of an indicator usually are.
_USUAL_BASES = frozenset({"flow", "stock", "change"})


@dataclass(frozen=True, order=True)
class PanelColumn:
    """What the figures of one column have in common, besides place and year.

    Attributes:
        basis: their time basis where it is not the indicator's usual one (`target`, `cumulative_since_start`); of a
            change `since_2017` where it is not one on the year before; `from_2019` where a period begins before its
            year. Empty for the usual.
    """

    indicator: str
    breakdown: str
    basis: str
    unit_measure: str

    @property
    def code(self) -> str:
        """Names the column: `gdp`, `income_disposable_per_capita[residence=rural]`, `gdp_growth@since_2017`."""
        part = f"[{self.breakdown}]" if self.breakdown else ""
        return f"{self.indicator}{part}{f'@{self.basis}' if self.basis else ''}"


@dataclass(frozen=True)
class PanelRow:
    """The figures of one place in one year, in the order of the panel's columns; None where there is none."""

    ref_area: str
    year: str
    cells: tuple[Observation | None, ...]


@dataclass(frozen=True)
class Panel:
    """The panel.

    Attributes:
        left_out: figures that were wanted too, of half-years, quarters, months or days.
    """

    columns: tuple[PanelColumn, ...]
    rows: tuple[PanelRow, ...]
    left_out: int


def panel(warehouse: Warehouse, wanted: Wanted) -> Panel:
    """The wanted figures of whole years, of each the print that stands, as a panel by place, then year."""
    of_years = replace(wanted, freqs=("A",), vintages="current")
    cells: dict[tuple[str, str], dict[PanelColumn, Observation]] = {}
    for each in observations(warehouse, of_years):
        cells.setdefault((each.ref_area, each.time_period), {})[_column(each)] = each
    columns = tuple(sorted({column for row in cells.values() for column in row}))
    rows = tuple(
        PanelRow(ref_area, year, tuple(row.get(column) for column in columns))
        for (ref_area, year), row in sorted(cells.items())
    )
    held = sum(cell is not None for row in rows for cell in row.cells)
    return Panel(columns, rows, counted(warehouse, replace(wanted, vintages="current")) - held)


def _column(figure: Observation) -> PanelColumn:
    year = int(figure.time_period[:4])
    basis = [] if figure.time_basis in _USUAL_BASES else [figure.time_basis]
    if figure.time_basis == "change" and figure.base_period != str(year - 1):
        basis.append(f"since_{figure.base_period or 'unstated'}")
    elif figure.base_period and figure.time_basis != "change":
        basis.append(f"base_{figure.base_period}")
    if figure.period_start.year != year:
        basis.append(f"from_{figure.period_start.year}")
    return PanelColumn(figure.indicator, figure.breakdown, "_".join(basis), figure.unit_measure)
