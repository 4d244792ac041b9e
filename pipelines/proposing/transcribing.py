"""Figures of a file that may not be handed on, typed off by a reader: each with its cell, and the hash of the file.

The facts go into a figures table (`figures.csv`); `table` says where each stands: `file sha256=… cell=…`.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, NamedTuple

from pipelines.problems import BuildStopped, SourceRefused
from pipelines.rules import Words
from pipelines.sources.card import sha256_of, undescribed

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.problems import Problem
    from pipelines.project import Project
    from pipelines.readers import Reading

COLUMNS = ("label", "breakdown", "place", "period", "qualifier", "value", "unit", "table")
_ORIGIN = re.compile(r"(?P<file>.+) sha256=(?P<sha256>[0-9a-f]{64}) (?:sheet=(?P<sheet>.+) )?cell=(?P<cell>\S+)")


class Transcription(NamedTuple):
    """The text of a figures table, how many figures it has, and what of the file was put aside."""

    text: str
    figures: int
    put_aside: list[Problem]


class Differing(NamedTuple):
    """A figure that is read otherwise now: where it stands, what was typed, what is read (None: no figure there)."""

    cell: str
    typed: tuple[str, ...]
    read: tuple[str, ...] | None


def transcribed(project: Project, file: Path, card: Path | None) -> Transcription:
    """The figures of a file as the text of a figures table.

    Args:
        project: for its reference data.
        file: the file, which stays where it is.
        card: a source.yaml that says how to read it; None where it needs no layout.

    Raises:
        BuildStopped: a question is open, or figures would be left behind.
    """
    reading = _read(project, file, card)
    sha256 = sha256_of(file)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in reading.figures.iter_rows(named=True):
        sheet = f"sheet={row['sheet']} " if row["sheet"] else ""
        origin = f"{file.name} sha256={sha256} {sheet}cell={row['cell']}"
        writer.writerow([*(row[name] for name in COLUMNS[:-1]), origin])
    return Transcription(text.getvalue(), len(reading.figures), reading.problems)


def differing(project: Project, figures: Path, file: Path, card: Path | None) -> list[Differing]:
    """What a figures table says otherwise than the file reads now.

    Raises:
        BuildStopped: the file is another one than was transcribed.
    """
    sha256 = sha256_of(file)
    read = {
        (row["sheet"] or "", row["cell"]): tuple(str(row[name]) for name in COLUMNS[:-1])
        for row in _read(project, file, card).figures.iter_rows(named=True)
    }
    found: list[Differing] = []
    seen = set()
    with figures.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            origin = _ORIGIN.fullmatch(row["table"])
            if not origin:
                continue
            if origin["sha256"] != sha256:
                en = f"{file.name} is another file than was transcribed (sha256 {sha256[:12]}…)"
                raise BuildStopped(en, 2, zh=f"{file.name}不是当初转抄的文件（sha256 {sha256[:12]}…）")
            key = (origin["sheet"] or "", origin["cell"])
            seen.add(key)
            typed = tuple(row[name] for name in COLUMNS[:-1])
            if read.get(key) != typed:
                found.append(Differing(origin["cell"], typed, read.get(key)))
    return found + [Differing(key[1], (), words) for key, words in read.items() if key not in seen]


def _read(project: Project, file: Path, card: Path | None) -> Reading:
    import yaml

    from pipelines.proposing.looking import look
    from pipelines.proposing.prose import with_cells
    from pipelines.readers import READERS
    from pipelines.readers.worker import Worker
    from pipelines.receiving.reading import reading_of

    if card is not None:
        said = yaml.safe_load(card.read_text(encoding="utf-8"))
        name = str(said.get("reader"))
        if name not in READERS:
            raise BuildStopped(f"{card}: no reader is called {name}", 2, zh=f"{card}：没有读取器{name}")
        source = undescribed(file, said.get("layout") or {}, name)
        try:
            with Worker(project.root) as worker:
                return with_cells(reading_of(project, source, file, worker))
        except SourceRefused as refused:
            raise _stopped(refused) from None
    try:
        _, proposals, reading = look(project, file)
    except SourceRefused as refused:
        raise _stopped(refused) from None
    questions = [question for proposal in proposals for question in proposal.questions]
    if questions or reading is None:
        open_one = questions[0] if questions else Words("the layout of its tables", "各表的版式")
        en = f"{file.name}: still open: {open_one.en}; answer it in a card (--card source.yaml)"
        raise BuildStopped(en, 2, zh=f"{file.name}：尚待回答：{open_one.zh}；请在说明文件中写明（--card source.yaml）")
    return reading


def _stopped(refused: SourceRefused) -> BuildStopped:
    first = refused.problems[0]
    return BuildStopped(str(first), zh=first.in_chinese)
