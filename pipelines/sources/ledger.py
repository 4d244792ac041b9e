"""The corrections ledger of a source: `raw/<source_id>/corrections.yaml`, read and checked.

A raw file is never edited. What it prints wrongly is corrected here, in the open: which figure, what is done, why, who
says so, and the printed value that the correction was written against, so that it fails once the source has changed.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from pipelines.printed.numerals import parse_number
from pipelines.problems import Problem, SourceRefused
from pipelines.rules import broken
from pipelines.sources.card import Filled
from pipelines.sources.form import PROBLEMS_AT_MOST, fault, problems_of, text_of, written_in
from pipelines.sources.identity import figure_id

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.project import Project
    from pipelines.sources.yaml_text import Written

LEDGER_NAME = "corrections.yaml"
LEDGER_BYTES_AT_MOST = 512 * 1024
#: What is done, and the field that it needs.
ACTIONS = {"drop": None, "override": "value", "scale": "factor", "flag": None, "accept": None}
STATUSES = ("open", "confirmed", "withdrawn")
#: What a figure is, as printed: what an entry may name it by, whatever cell it moves to in a later edition.
IDENTITY = ("table", "label", "breakdown", "place", "period", "unit")
_FACTOR_DECIMALS = 6
_FACTOR_AT_MOST = Decimal(10) ** 9


class Correction(BaseModel):
    """One entry of a ledger.

    Attributes:
        figure: which figure: by its place, as the figure's whole id, or by what it is, some of `IDENTITY`.
        action: drop, override, scale or flag; accept, for a figure of prose that was read with doubt.
        value: for override, the number to put in the printed one's place, in the printed unit, as text; else None.
        factor: for scale, what the value is multiplied by, as text; else None.
        reason, who, entered_on: why, who says so, and since when (ISO date).
        status: open or confirmed (both are applied), or withdrawn (kept for the record).
        expect: the printed value that it was written against.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    figure: str | dict[str, str]
    action: Filled
    value: str | None = Field(default=None, validate_default=True)
    factor: str | None = Field(default=None, validate_default=True)
    reason: Filled
    who: Filled
    entered_on: Filled = Field(alias="date")
    status: Filled
    expect: Filled

    @property
    def figure_words(self) -> str:
        """The figure as a person names it."""
        if isinstance(self.figure, str):
            return self.figure
        return ", ".join(f"{name} {self.figure[name]}" for name in IDENTITY if name in self.figure)

    @field_validator("figure", mode="before")
    @classmethod
    def _is_named(cls, figure: object, info: ValidationInfo) -> object:
        if isinstance(figure, dict):
            if not figure or figure.keys() - set(IDENTITY) or not all(isinstance(v, str) for v in figure.values()):
                raise fault("figure_form", figure)
            return {name: text.strip() for name, text in figure.items()}
        if isinstance(figure, list):
            raise fault("figure_form", figure)
        text = text_of(figure)
        if not text:
            raise fault("*_missing")
        return figure_id(info.context["source_id"], text) if info.context else text

    @field_validator("action")
    @classmethod
    def _is_done(cls, action: str) -> str:
        if action not in ACTIONS:
            raise fault("action_unknown", action, known=", ".join(ACTIONS))
        return action

    @field_validator("value", "factor", mode="before")
    @classmethod
    def _goes_with_the_action(cls, written: object, info: ValidationInfo) -> object:
        action, name = info.data.get("action"), str(info.field_name)
        text = text_of(written)
        if action is None:
            return None
        if ACTIONS[action] != name:
            if text:
                raise fault("action_field", name, action=action)
            return None
        if not text:
            raise fault("*_missing")
        if (parse_number(text) is None) if name == "value" else not _is_factor(text):
            raise fault(name, text)
        return text

    @field_validator("entered_on")
    @classmethod
    def _is_a_day(cls, text: str) -> str:
        try:
            date.fromisoformat(text)
        except ValueError:
            raise fault("date", text) from None
        return text

    @field_validator("status")
    @classmethod
    def _is_a_status(cls, status: str) -> str:
        if status not in STATUSES:
            raise fault("status_unknown", status, known=", ".join(STATUSES))
        return status


class Entry(BaseModel):
    """A correction and where it is written.

    Attributes:
        source_id: whose ledger.
        file: the ledger, from the project's root.
        entry: its place in the ledger, counted from 1.
        line: the line on which it begins.
        correction: what it says.
    """

    model_config = ConfigDict(frozen=True)

    source_id: str
    file: str
    entry: int
    line: int
    correction: Correction

    def broken(self, rule: str, value: object = None, **words: Any) -> Problem:  # noqa: ANN401 - as `rules.broken`
        """A problem of this entry."""
        return broken(
            rule,
            source_id=self.source_id,
            file=self.file,
            line=self.line,
            column=f"entry {self.entry}",
            value=value,
            **words,
        )


def read_ledger(project: Project, source_id: str, folder: Path) -> list[Entry]:
    """The entries of a source's ledger; none where it has no ledger.

    Raises:
        SourceRefused: with every problem of the ledger.
    """
    path = folder / LEDGER_NAME
    if not path.exists() and not path.is_symlink():
        return []
    file = f"{project.relative(folder)}/{LEDGER_NAME}"
    written = written_in(path, file, source_id, "ledger", bytes_at_most=LEDGER_BYTES_AT_MOST, typed=None)
    if not isinstance(written.content, list):
        raise SourceRefused(
            [broken("ledger_shape", source_id=source_id, file=file, expected="list of `- figure: …` entries")]
        )
    entries: list[Entry] = []
    problems: list[Problem] = []
    for number, content in enumerate(written.content, start=1):
        try:
            entries.append(_entry(source_id, file, number, content, written))
        except SourceRefused as refused:
            problems += refused.problems
        if len(problems) >= PROBLEMS_AT_MOST:
            break
    problems += _twice(entries)
    if problems:
        raise SourceRefused(problems)
    return entries


def _entry(source_id: str, file: str, number: int, content: object, written: Written) -> Entry:
    where = (number - 1,)
    line = written.lines.get(where, 1)
    if not isinstance(content, dict):
        problem = broken(
            "entry_form", source_id=source_id, file=file, line=line, column=f"entry {number}", value=content
        )
        raise SourceRefused([problem])
    try:
        correction = Correction.model_validate(content, context={"source_id": source_id})
    except ValidationError as error:
        known = [field.alias or name for name, field in Correction.model_fields.items()]
        raise SourceRefused(
            problems_of(error, written, where, source_id=source_id, file=file, known=known, column=f"entry {number}")
        ) from None
    return Entry(source_id=source_id, file=file, entry=number, line=line, correction=correction)


def _twice(entries: list[Entry]) -> list[Problem]:
    seen: set[str] = set()
    found = []
    for each in entries:
        if each.correction.status == "withdrawn":
            continue
        figure = each.correction.figure_words
        if figure in seen:
            found.append(each.broken("figure_twice", figure, figure=figure))
        seen.add(figure)
    return found


def _is_factor(text: str) -> bool:
    try:
        factor = Decimal(text)
    except InvalidOperation:
        return False
    if not factor.is_finite() or not 0 < factor <= _FACTOR_AT_MOST:
        return False
    exponent = factor.normalize().as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -_FACTOR_DECIMALS
