"""Data messages, written little by little; SDMX-ML 2.1 generic and structure-specific."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from pipelines.serving.sdmx.delimited import csv_message
from pipelines.serving.sdmx.flows import AGENCY, CURRENT, TIME, VALUE, VERSION
from pipelines.serving.sdmx.formats import CSV_1, CSV_2, GENERIC
from pipelines.serving.sdmx.request import FLAT
from pipelines.serving.sdmx.rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import polars as pl

    from pipelines.serving.sdmx.request import DataQuery
    from pipelines.serving.sdmx.rows import Row

#: Bytes of an answer that are sent at once.
CHUNK = 1 << 18
_SCHEMAS = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
_CONTROL = {code: None for code in range(32) if chr(code) not in "\n\t\r"}


def message(query: DataQuery, batches: Iterable[pl.DataFrame], form: str, prepared: str, tag: str) -> Iterator[bytes]:
    """A data message, chunk by chunk.

    Args:
        query: what was asked for.
        batches: what it gave, series by series, in the order of the dataflow's components.
        form: one of `formats.DATA`.
        prepared: when the build ended, in ISO 8601.
        tag: names the build.
    """
    if form in {CSV_1, CSV_2}:
        return csv_message(query, batches, form)
    writer = _generic if form == GENERIC else _specific
    return _chunks(writer(query, rows_of(batches), prepared, tag))


def _chunks(texts: Iterable[str]) -> Iterator[bytes]:
    held: list[str] = []
    size = 0
    for text in texts:
        held.append(text)
        size += len(text)
        if size >= CHUNK:
            yield "".join(held).encode()
            held, size = [], 0
    if held:
        yield "".join(held).encode()


def _generic(query: DataQuery, rows: Iterator[Row], prepared: str, tag: str) -> Iterator[str]:
    written = _generic_flat if query.is_flat else _generic_series
    yield _head("GenericData", query, prepared, tag, "")
    for dataset, own in _datasets(query, rows):
        yield f'<mes:DataSet structureRef="{query.flow.id}"{dataset}>'
        yield from written(query, own)
        yield "</mes:DataSet>"
    yield "</mes:GenericData>\n"


def _generic_series(query: DataQuery, rows: Iterable[Row]) -> Iterator[str]:
    flow = query.flow
    for key, of_series in groupby(rows, key=lambda row: row[: len(flow.keys)]):
        yield "<gen:Series><gen:SeriesKey>"
        for name, value in zip(flow.keys, key, strict=True):
            yield f"<gen:Value id={quoteattr(name)} value={_attribute(value or '')}/>"
        yield "</gen:SeriesKey>"
        if query.detail in {"full", "dataonly"}:
            for row in of_series:
                dimension = f"<gen:ObsDimension value={_attribute(row[len(flow.keys)] or '')}/>"
                yield f"<gen:Obs>{dimension}{_generic_value(query, row)}</gen:Obs>"
        yield "</gen:Series>\n"


def _with_values(query: DataQuery, rows: Iterable[Row]) -> Iterator[Row]:
    """Observations by themselves: of keys alone one a series."""
    if query.detail in {"full", "dataonly"}:
        yield from rows
        return
    for key, _ in groupby(rows, key=lambda row: row[: len(query.flow.keys)]):
        yield key


def _generic_flat(query: DataQuery, rows: Iterable[Row]) -> Iterator[str]:
    names = (*query.flow.keys, TIME)
    for row in _with_values(query, rows):
        key = "".join(
            f'<gen:Value id="{name}" value={_attribute(value or "")}/>'
            for name, value in zip(names, row[: len(names)], strict=False)
        )
        yield f"<gen:Obs><gen:ObsKey>{key}</gen:ObsKey>{_generic_value(query, row)}</gen:Obs>\n"


def _generic_value(query: DataQuery, row: Row) -> str:
    flow = query.flow
    keys = len(flow.keys)
    if len(row) == keys:
        return ""
    text = f"<gen:ObsValue value={_attribute(row[keys + 1] or '')}/>"
    if query.detail == "full":
        said = "".join(
            f'<gen:Value id="{each.id}" value={_attribute(value)}/>'
            for each, value in zip(flow.attributes, row[keys + 2 :], strict=True)
            if value is not None
        )
        text += f"<gen:Attributes>{said}</gen:Attributes>"
    return text


def _specific(query: DataQuery, rows: Iterator[Row], prepared: str, tag: str) -> Iterator[str]:
    written = _specific_flat if query.is_flat else _specific_series
    yield _head("StructureSpecificData", query, prepared, tag, _namespace(query))
    for dataset, own in _datasets(query, rows):
        yield (
            f'<mes:DataSet ss:structureRef="{query.flow.id}" xsi:type="own:DataSetType" ss:dataScope="DataStructure"'
            f"{dataset.replace(' ', ' ss:')}>"
        )
        yield from written(query, own)
        yield "</mes:DataSet>"
    yield "</mes:StructureSpecificData>\n"


def _specific_series(query: DataQuery, rows: Iterable[Row]) -> Iterator[str]:
    flow, shown = query.flow, _of_observation(query)
    for key, of_series in groupby(rows, key=lambda row: row[: len(flow.keys)]):
        yield f"<Series{_attributes(flow.keys, key)}"
        if query.detail in {"full", "dataonly"}:
            yield ">"
            for row in of_series:
                yield f"<Obs{_attributes(shown, row[len(flow.keys) :])}/>"
            yield "</Series>\n"
        else:
            yield "/>\n"


def _specific_flat(query: DataQuery, rows: Iterable[Row]) -> Iterator[str]:
    names = (*query.flow.keys, *_of_observation(query))
    for row in _with_values(query, rows):
        yield f"<Obs{_attributes(names, row)}/>\n"


def _of_observation(query: DataQuery) -> tuple[str, ...]:
    """What is said of each observation: time, value, attributes."""
    names = (TIME, VALUE, *(each.id for each in query.flow.attributes))
    return names if query.detail == "full" else names[:2]


def _datasets(query: DataQuery, rows: Iterator[Row]) -> Iterator[tuple[str, Iterable[Row]]]:
    """One dataset; with history one for each day on which prints became known, and further ones where a day, or a
    source, prints a figure twice: within a dataset a key stands once.

    Prints with history are held in memory before they are sent, for they come series by series.
    """
    if not (query.with_history and query.flow is CURRENT):
        yield ' action="Information"', rows
        return
    keys, known = len(CURRENT.keys) + 1, [each.id for each in CURRENT.items].index("KNOWN_FROM")
    held: dict[tuple[str, int], list[Row]] = {}
    seen: dict[tuple[str | None, ...], int] = {}
    for row in rows:
        print_of_day = (row[known], *row[:keys])
        seen[print_of_day] = seen.get(print_of_day, 0) + 1
        held.setdefault((row[known] or "", seen[print_of_day]), []).append(row)
    for (day, _), own in sorted(held.items()):
        yield f' action="Information" validFromDate="{day}T00:00:00"', own


def _head(element: str, query: DataQuery, prepared: str, tag: str, own: str) -> str:
    flow = query.flow
    spaces = (
        f'xmlns:mes="{_SCHEMAS}/message" xmlns:com="{_SCHEMAS}/common" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    )
    if own:
        spaces += f' xmlns:ss="{_SCHEMAS}/data/structurespecific" xmlns:own="{own}"'
    else:
        spaces += f' xmlns:gen="{_SCHEMAS}/data/generic"'
    namespace = f' namespace="{own}"' if own else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<mes:{element} {spaces}>'
        f"<mes:Header><mes:ID>gongfu-{tag}</mes:ID><mes:Test>false</mes:Test><mes:Prepared>{prepared}</mes:Prepared>"
        f'<mes:Sender id="{AGENCY}"/>'
        f'<mes:Structure structureID="{flow.id}"{namespace} dimensionAtObservation="{FLAT if query.is_flat else TIME}">'
        "<com:StructureUsage>"
        f'<Ref agencyID="{AGENCY}" id="{flow.id}" version="{VERSION}" class="Dataflow"/>'
        "</com:StructureUsage></mes:Structure></mes:Header>\n"
    )


def _namespace(query: DataQuery) -> str:
    """The namespace of messages of one structure, as the standard composes it."""
    level = FLAT if query.is_flat else TIME
    return f"urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow={AGENCY}:{query.flow.id}({VERSION}):ObsLevelDim:{level}"


def _attributes(names: Sequence[str], values: Sequence[str | None]) -> str:
    return "".join(
        f" {name}={_attribute(value)}" for name, value in zip(names, values, strict=False) if value is not None
    )


def _attribute(text: str) -> str:
    return quoteattr(text.translate(_CONTROL))
