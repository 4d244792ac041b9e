"""From raw/ to Parquet, one set of files per source: read, checked at the door, typed and located.

Each source is landed on its own: a bad one never blocks another, and one that has not changed is not read again.
`pipelines.receiving.assembling` then lays all of them into the file being built, as schema `landing`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pipelines.fingerprint import hash_of_files, libraries, state_of_source
from pipelines.printed.code_lists import seed_paths
from pipelines.problems import Problem, SourceRefused
from pipelines.readers.worker import Worker
from pipelines.receiving import as_read
from pipelines.receiving.good_past import GoodPast
from pipelines.receiving.reading import readings_of
from pipelines.rules import broken
from pipelines.sources.card import CARD_NAME, Source, read_card
from pipelines.sources.ledger import Entry, read_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import polars as pl

    from pipelines.project import Project
    from pipelines.readers import Reading
    from pipelines.receiving.good_past import FiguresOf

#: The code that decides what a raw file becomes; when it changes, every source is read again.
READING_CODE = ("problems.py", "rules.py", "printed", "sources", "readers", "receiving")


@dataclass(frozen=True)
class Landed:
    """What became of one source folder.

    Attributes:
        folder: name of the folder under raw/.
        state: one hash over the folder's bytes, as they were read.
        source: fields of its card, or None where the source was refused whole.
        accepted: figures that came through the door.
        problems: why rows, or the whole source, did not.
        corrections: the entries of its ledger.
        numbers: by file and reason, what became of the cells that hold a digit: `figures`, `refused`, or why left out.
        unchanged: nothing about it changed, so the figures landed before are used.
    """

    folder: str
    state: str
    source: dict[str, Any] | None
    accepted: int
    problems: list[Problem] = field(default_factory=list)
    corrections: list[dict[str, Any]] = field(default_factory=list)
    unchanged: bool = False
    numbers: list[dict[str, Any]] = field(default_factory=list)

    @property
    def source_id(self) -> str:
        """The source's id, which is the folder's name, as UTF-8 can hold it."""
        return self.folder.encode("utf-8", "replace").decode("utf-8")

    @property
    def ids(self) -> tuple[str, ...]:
        """Its id, and those that it had before."""
        return (self.source_id, *(self.source["formerly"] if self.source else ()))


def land_all(project: Project, *, again: bool = False, past: GoodPast | None = None) -> Iterator[Landed]:
    """Land every source under raw/, one after another, in the order of their names.

    Args:
        project: whose raw/ to read.
        again: read sources that have not changed too.
        past: what was published of them, for the days on which figures were first seen.
    """
    project.landing.mkdir(parents=True, exist_ok=True)
    words = hash_of_files(seed_paths(project))
    code = hash_of_files(_files_of_code(), below=_package_folder(), salt=libraries() + words)
    known = project.source_folders
    with Worker(project.root) as worker, (past or GoodPast()).opened() as published:
        for folder in known:
            before = stamp_of(project, folder.name)
            if before and not again and before["code"] == code and before["state"] == state_of_source(folder):
                yield _landed_before(folder.name, before)
                continue
            read = as_read.copied(project, folder)
            landed, figures = _land(project, read, published, worker)
            _keep(project, code, landed, figures)
            yield landed
    as_read.forget(project)
    _forget_all_but(project, {folder.name for folder in known})


def _land(
    project: Project, read: as_read.AsRead, published: FiguresOf, worker: Worker
) -> tuple[Landed, pl.DataFrame | None]:
    from pipelines.readers.shapes.bulletin import keep_pages

    folder = read.folder.name
    try:
        if read.problems:
            raise SourceRefused(read.problems)
        source = read_card(read.project, read.folder, beside=project.raw)
        entries = read_ledger(read.project, source.source_id, read.folder)
        figures, problems, rows, numbers = _admitted(read.project, source, worker)
        _refuse_above_limit(source, rows - len(figures), rows, problems)
        figures, corrections = _as_landed(project, source, figures, entries, published)
        if source.reader == "bulletin":
            keep_pages(project, source)
    except SourceRefused as refused:
        return Landed(folder, read.state, None, 0, refused.problems), None
    fields = _card_fields(source)
    return Landed(folder, read.state, fields, len(figures), problems, corrections, numbers=numbers), figures


def _admitted(
    project: Project, source: Source, worker: Worker
) -> tuple[pl.DataFrame, list[Problem], int, list[dict[str, Any]]]:
    """The figures that came through the door, why others did not, how many rows there were, and every number's end."""
    import polars as pl

    from pipelines.receiving.door import admit, with_all_columns

    readings = readings_of(project, source, worker)
    read = pl.concat([with_all_columns(reading.figures) for reading in readings])
    admission = admit(source, read)
    cut = [problem for reading in readings for problem in reading.problems]
    numbers = _numbers(project, source, readings, admission.accepted)
    return admission.accepted, cut + admission.problems, len(read) + len(cut), numbers


def _numbers(project: Project, source: Source, readings: list[Reading], accepted: pl.DataFrame) -> list[dict[str, Any]]:
    """What became of the numbers of each file; what the door kept out of a reader's figures is refused too."""
    found: list[dict[str, Any]] = []
    for file, reading in zip(source.files, readings, strict=True):
        name = project.relative(file.path)
        left_out = sum(one.numbers for one in reading.left_out)
        figures = len(accepted.filter(file=name))
        refused = max(reading.numbers - left_out - figures, 0)
        rows = [("", "figures", "", figures), ("", "refused", "", refused)]
        rows += [(one.sheet, one.reason, one.cells, one.numbers) for one in reading.left_out]
        found += [
            {"source_id": source.source_id, "file": name, "sheet": sheet or None, "reason": reason, "cells": cells}
            | {"numbers": numbers}
            for sheet, reason, cells, numbers in rows
            if numbers
        ]
    return found


def _refuse_above_limit(source: Source, refused: int, rows: int, problems: list[Problem]) -> None:
    """Too many bad rows: the reason stands first, the rows follow.

    Raises:
        SourceRefused: more rows than the card allows were refused.
    """
    limit = source.refused_share_limit
    if limit is None or refused <= limit * rows:
        return
    reason = broken(
        "too_many_refused",
        source_id=source.source_id,
        file=f"raw/{source.source_id}/{CARD_NAME}",
        column="refused_share_limit",
        value=f"{refused}/{rows}",
        refused=refused,
        rows=rows,
        limit=f"{limit:g}",
    )
    raise SourceRefused([reason, *problems])


def _as_landed(
    project: Project, source: Source, figures: pl.DataFrame, entries: list[Entry], published: FiguresOf
) -> tuple[pl.DataFrame, list[dict[str, Any]]]:
    """The figures in their final columns, and the ledger's entries each with the figure that it means.

    Raises:
        SourceRefused: an entry was written against another value than is printed now, or means no figure.
    """
    from pipelines.receiving.columns import PRINTED_FIGURE, as_landed
    from pipelines.receiving.editions import figures_meant, with_first_sight, with_former_ids

    now = datetime.now(UTC).replace(microsecond=0)
    whole = as_landed(figures)
    earlier = _earlier(project, source, published)
    meant, problems = figures_meant(entries, whole, earlier)
    if problems:
        raise SourceRefused(problems)
    whole = with_former_ids(with_first_sight(whole, earlier, now), earlier)
    whole = whole.select(column.name for column in PRINTED_FIGURE)
    corrections = [
        {"figure_id": figure, "source_id": each.source_id, "file": each.file, "entry": each.entry}
        | each.correction.model_dump(exclude={"figure"})
        for figure, each in zip(meant, entries, strict=True)
    ]
    return whole, corrections


def _earlier(project: Project, source: Source, published: FiguresOf) -> list[pl.DataFrame]:
    """The editions of the source that were landed or published before."""
    import polars as pl

    from pipelines.receiving.columns import PRINTED_FIGURE

    found = []
    names = [column.name for column in PRINTED_FIGURE]
    ids = (source.source_id, *source.formerly)
    for each in ids:
        path = project.landing / f"{each}.parquet"
        if path.is_file() and list(pl.read_parquet_schema(path)) == names:
            found.append(pl.read_parquet(path))
    as_published = published(ids)
    return found if as_published is None else [*found, as_published.cast(found[0].schema) if found else as_published]


def _keep(project: Project, code: str, landed: Landed, figures: pl.DataFrame | None) -> None:
    parquet = project.landing / f"{landed.folder}.parquet"
    if figures is not None:
        beside = parquet.with_suffix(".parquet.new")
        figures.write_parquet(beside, compression="zstd")
        beside.replace(parquet)
    stamp = asdict(landed) | {"code": code}
    beside = project.landing / f"{landed.folder}.json.new"
    beside.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    beside.replace(project.landing / f"{landed.folder}.json")


def problems_landed(project: Project) -> list[Problem]:
    """The problems of every source as it was landed last."""
    stamps = (stamp_of(project, folder.name) for folder in project.source_folders)
    return [Problem(**problem) for stamp in stamps if stamp for problem in stamp["problems"]]


def stamp_of(project: Project, folder: str) -> dict[str, Any] | None:
    """What was kept beside a landed source's Parquet; None where nothing whole is."""
    try:
        stamp = json.loads((project.landing / f"{folder}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    whole = isinstance(stamp, dict) and stamp.keys() == {*Landed.__dataclass_fields__, "code"}
    if whole and stamp["source"] and not (project.landing / f"{folder}.parquet").is_file():
        return None
    return stamp if whole else None


def _landed_before(folder: str, stamp: dict[str, Any]) -> Landed:
    problems = [Problem(**problem) for problem in stamp["problems"]]
    kept = {name: stamp[name] for name in ("state", "source", "accepted", "corrections", "numbers")}
    return Landed(folder=folder, problems=problems, unchanged=True, **kept)


def _forget_all_but(project: Project, names: set[str]) -> None:
    for path in project.landing.iterdir():
        if path.name.partition(".")[0] not in names:
            path.unlink()


def _card_fields(source: Source) -> dict[str, Any]:
    """What is kept of a card: everything but how to read the files."""
    fields = source.model_dump(mode="json", exclude={"files", "layout"})
    fields["known_from"] = source.known_from.isoformat()
    fields["sha256"] = " ".join(file.sha256 for file in source.files)
    return fields


def _package_folder() -> Path:
    from pathlib import Path

    return Path(__file__).resolve().parents[1]


def _files_of_code() -> Iterator[Path]:
    for name in READING_CODE:
        path = _package_folder() / name
        tables = (".py", ".csv", ".yaml")  # the rules of prose stand in tables beside their code
        yield from [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.suffix in tables)
