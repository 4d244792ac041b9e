"""The corrections ledger of a source: `raw/<source_id>/corrections.yaml`, read and checked.

A raw file is never edited. What it prints wrongly is corrected here, in the open: which figure, what is done, why, who
says so, and the printed value that the correction was written against, so that it fails once the source has changed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from pipelines.printed.numerals import parse_number
from pipelines.problems import Problem, SourceRefused, shortened
from pipelines.sources.identity import figure_id

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.project import Project

LEDGER_NAME = "corrections.yaml"
LEDGER_BYTES_AT_MOST = 1024 * 1024
#: What is done, and the field that it needs.
ACTIONS = {"drop": None, "override": "value", "scale": "factor", "flag": None, "accept": None}
STATUSES = ("open", "confirmed", "withdrawn")
_REQUIRED = ("figure", "action", "reason", "who", "date", "status", "expect")
_FACTOR_DECIMALS = 6
_FACTOR_AT_MOST = Decimal(10) ** 9


@dataclass(frozen=True)
class Correction:
    """One entry of a ledger.

    Attributes:
        figure_id: which figure.
        source_id: whose.
        file: the ledger, from the project's root.
        entry: its place in the ledger, counted from 1.
        action: drop, override, scale or flag; accept, for a figure of prose that was read with doubt.
        value: for override, the number to put in the printed one's place, in the printed unit, as text; else None.
        factor: for scale, what the value is multiplied by, as text; else None.
        reason, who, entered_on: why, who says so, and since when (ISO date).
        status: open or confirmed (both are applied), or withdrawn (kept for the record).
        expect: the printed value that it was written against.
    """

    figure_id: str
    source_id: str
    file: str
    entry: int
    action: str
    value: str | None
    factor: str | None
    reason: str
    who: str
    entered_on: str
    status: str
    expect: str


def read_ledger(project: Project, source_id: str, folder: Path) -> list[Correction]:
    """The entries of a source's ledger; none where it has no ledger.

    Raises:
        SourceRefused: with every problem of the ledger.
    """
    path = folder / LEDGER_NAME
    if not path.exists():
        return []
    ledger = _Ledger(source_id, project.relative(path))
    entries = [ledger.entry(number, content) for number, content in enumerate(ledger.contents(path), start=1)]
    found = [entry for entry in entries if entry is not None]
    ledger.check_once(found)
    if ledger.problems:
        raise SourceRefused(ledger.problems)
    return found


class _Ledger:
    """One ledger while it is being checked; collects what is wrong with it."""

    def __init__(self, source_id: str, file: str) -> None:
        self.source_id = source_id
        self.file = file
        self.problems: list[Problem] = []

    def refuse(self, rule: str, column: str | None, value: object, en: str, zh: str) -> None:
        shown = None if value is None else shortened(value)
        self.problems.append(Problem(self.source_id, self.file, rule, en, zh, column=column, value=shown))

    def contents(self, path: Path) -> list[object]:
        import yaml

        loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # every scalar stays text: 12.50 is not 12.5
        content: object = None
        try:
            if path.stat().st_size > LEDGER_BYTES_AT_MOST:
                self.refuse("ledger_too_large", None, None, "larger than 1 MiB; split the source", "超过 1 MiB")
            else:
                content = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - builds text only
        except UnicodeDecodeError:
            self.refuse("ledger_encoding", None, None, "not UTF-8; save it as UTF-8", "请另存为 UTF-8")
        except (yaml.YAMLError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            at = f" at line {mark.line + 1}" if mark else ""
            self.refuse("ledger_yaml", None, None, f"not valid YAML{at}; mend its form", f"不是有效的 YAML{at}")
        if not self.problems and not isinstance(content, list):
            self.refuse(
                "ledger_yaml", None, None, "holds no list; write `- figure: …` entries", "应为 - figure: 的列表"
            )
        if self.problems:
            raise SourceRefused(self.problems)
        assert isinstance(content, list)  # noqa: S101 - refused above otherwise
        return content

    def entry(self, number: int, content: object) -> Correction | None:
        before = len(self.problems)
        if not isinstance(content, dict) or not all(isinstance(value, str) for value in content.values()):
            self.refuse("entry_form", f"entry {number}", content, "write `field: value` lines", "请写 字段: 值")
            return None
        fields = {str(key): str(value).strip() for key, value in content.items()}
        self._check_fields(number, fields)
        self._check_values(number, fields)
        if len(self.problems) > before:
            return None
        return Correction(
            figure_id=figure_id(self.source_id, fields["figure"]),
            source_id=self.source_id,
            file=self.file,
            entry=number,
            action=fields["action"],
            value=fields.get("value"),
            factor=fields.get("factor"),
            reason=fields["reason"],
            who=fields["who"],
            entered_on=fields["date"],
            status=fields["status"],
            expect=fields["expect"],
        )

    def _check_fields(self, number: int, fields: dict[str, str]) -> None:
        where = f"entry {number}"
        action = fields.get("action", "")
        if action and action not in ACTIONS:
            known = ", ".join(ACTIONS)
            self.refuse("action_unknown", where, action, f"unknown; known are {known}", f"未知操作，可用：{known}")
            return
        needed = ACTIONS.get(action)
        for name in (*_REQUIRED, *([needed] if needed else [])):
            if not fields.get(name):
                self.refuse(f"{name}_missing", where, None, f"{name} is missing; write it", f"缺少 {name}")
        for name in fields.keys() - {*_REQUIRED, *([needed] if needed else [])}:
            en = f"{name} is no field of {action or 'an entry'}; leave it out"
            self.refuse("field_unknown", where, name, en, f"{name} 不是该操作的字段")

    def _check_values(self, number: int, fields: dict[str, str]) -> None:
        where = f"entry {number}"
        status, day = fields.get("status", ""), fields.get("date", "")
        if status and status not in STATUSES:
            known = ", ".join(STATUSES)
            self.refuse(
                "status_unknown", where, status, f"unknown status; known are {known}", f"未知状态，可用 {known}"
            )
        if day and not _is_date(day):
            self.refuse("date", where, day, "not a date; write it as 2026-11-23", "不是日期，请写成 2026-11-23")
        value, factor = fields.get("value"), fields.get("factor")
        if value and parse_number(value) is None:
            self.refuse("value", where, value, "no number; write it as it should have been printed", "不是数字")
        if factor and not _is_factor(factor):
            en = "no factor; write a number such as 0.0001 or 10000, positive, of at most six decimals"
            self.refuse("factor", where, factor, en, "不是倍数，请写 0.0001 或 10000 之类的数")

    def check_once(self, entries: list[Correction]) -> None:
        seen: set[str] = set()
        for each in entries:
            if each.status == "withdrawn":
                continue
            if each.figure_id in seen:
                en = "this figure has an earlier entry; withdraw one of them"
                self.refuse("figure_twice", f"entry {each.entry}", each.figure_id, en, "同一数字有两条更正，请撤回一条")
            seen.add(each.figure_id)


def as_fields(corrections: list[Correction]) -> list[dict[str, Any]]:
    """Entries as plain fields, to be kept as JSON."""
    return [asdict(each) for each in corrections]


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_factor(text: str) -> bool:
    try:
        factor = Decimal(text)
    except InvalidOperation:
        return False
    if not factor.is_finite() or not 0 < factor <= _FACTOR_AT_MOST:
        return False
    exponent = factor.normalize().as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -_FACTOR_DECIMALS
