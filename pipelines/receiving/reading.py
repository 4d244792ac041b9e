"""What a source's reader makes of its files, each read within bounds; a reader that breaks down is a refused source."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, TypeVar

from pipelines.problems import SourceRefused, shortened
from pipelines.receiving.columns import GIVEN
from pipelines.rules import broken
from pipelines.sources.card import CARD_NAME

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipelines.project import Project
    from pipelines.readers import Reading
    from pipelines.readers.worker import Worker
    from pipelines.sources.card import Source

T = TypeVar("T")
_NOTES = logging.getLogger(__name__)


def readings_of(project: Project, source: Source, worker: Worker) -> list[Reading]:
    """What the source's reader makes of its files.

    Raises:
        SourceRefused: there is no such reader, a file cannot be read, or the reader broke down over it.
    """
    return [reading_of(project, source, file.path, worker) for file in source.files]


def reading_of(project: Project, source: Source, path: Path, worker: Worker) -> Reading:
    """What the source's reader makes of one file.

    Raises:
        SourceRefused: as `readings_of`.
    """
    from pipelines.readers import READERS

    if source.reader not in READERS:
        where: dict[str, Any] = {
            "source_id": source.source_id,
            "file": f"raw/{source.source_id}/{CARD_NAME}",
            "column": "reader",
        }
        known = ", ".join(READERS)
        raise SourceRefused([broken("reader_unknown", **where, value=source.reader, reader=source.reader, known=known)])
    return whole(lambda: _with_its_columns(worker.read(project, source, path)), project, source, path)


def _with_its_columns(reading: Reading) -> Reading:
    if missing := [name for name in GIVEN if name not in reading.figures.columns]:
        raise ValueError(f"its figures have no column {', '.join(missing)}")
    return reading


def whole(look: Callable[[], T], project: Project, source: Source, path: Path) -> T:
    """What a look at a file gives.

    Raises:
        SourceRefused: as it does itself, and where it broke down.
    """
    try:
        return look()
    except SourceRefused:
        raise
    except BaseException as error:  # a panic of polars is no Exception
        if isinstance(error, (KeyboardInterrupt, SystemExit, GeneratorExit)):
            raise
        _NOTES.debug("%s broke down", source.reader, exc_info=True)
        where: dict[str, Any] = {"source_id": source.source_id, "file": project.relative(path)}
        reason = shortened(f"{type(error).__name__}: {error}", 200)
        raise SourceRefused([broken("reader_crashed", **where, reader=source.reader, reason=reason)]) from error
