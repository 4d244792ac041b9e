"""Observations as SDMX-CSV 2.0, written by pysdmx; the reader `sdmx_csv` gives them back as they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.asking.exchange import as_printed
from pipelines.readers.shapes.sdmx_csv import OWN_DATAFLOW
from pipelines.serving.delimited import harmless

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from pysdmx.model import Schema

    from pipelines.asking.warehouse import Warehouse

_DIMENSIONS = (
    "FREQ", "REF_AREA", "INDICATOR", "BREAKDOWN", "TIME_BASIS", "BASE_PERIOD", "SOURCE_ID", "LOCATOR", "TIME_PERIOD",
)  # fmt: skip


def write_sdmx_csv(
    warehouse: Warehouse, path: Path, sources: Collection[str] = (), indicators: Collection[str] = ()
) -> tuple[int, int]:
    """Write observations as SDMX-CSV 2.0.

    Returns:
        How many were written, and how many were left out because a ledger corrects them.

    Raises:
        Unanswered: none to write.
    """
    from pysdmx.io import write_sdmx
    from pysdmx.io.format import Format
    from pysdmx.io.pd import PandasDataset

    frame, left_out = as_printed(warehouse, sources, indicators)
    for name in frame.columns:
        if name != "OBS_VALUE":
            frame[name] = frame[name].map(harmless)
    dataset = PandasDataset(structure=_structure(list(frame.columns)), data=frame)
    write_sdmx(dataset, Format.DATA_SDMX_CSV_2_0_0, output_path=str(path))
    return len(frame), left_out


def _structure(names: Sequence[str]) -> Schema:
    """The dataflow of the observations: what tells them apart, the value, and what is said of it."""
    from pysdmx.model import Component, Components, Concept, DataType, Role, Schema

    agency, _, rest = OWN_DATAFLOW.partition(":")
    flow, _, version = rest.rstrip(")").partition("(")

    def role(name: str) -> Role:
        return Role.MEASURE if name == "OBS_VALUE" else Role.DIMENSION if name in _DIMENSIONS else Role.ATTRIBUTE

    components = [
        Component(
            name,
            required=role(name) is Role.DIMENSION,
            role=role(name),
            concept=Concept(name),
            local_dtype=DataType.STRING,
            attachment_level="O" if role(name) is Role.ATTRIBUTE else None,
        )
        for name in names
    ]
    return Schema("dataflow", agency, flow, Components(components), version)
