"""How a card or a ledger's entry is checked: pydantic's errors become problems in the words of the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError

from pipelines.problems import Problem, SourceRefused, shortened
from pipelines.rules import broken
from pipelines.sources.yaml_text import Place, Written, YamlRefused, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pydantic import ValidationError


#: Nobody reads more, and a file may be made to have a hundred thousand.
PROBLEMS_AT_MOST = 100


def fault(rule: str, value: object = None, *, at: Place = (), **words: object) -> PydanticCustomError:
    """What a validator raises: a rule of the catalogue, what stood there, and what the message is filled with.

    `at` is the place below the field that is meant, for its line.

    The message is filled in by `problems_of`; pydantic's own template holds the rule alone, so that no brace of an
    outsider's text is ever read as one.
    """
    return PydanticCustomError("gongfu", "{rule}", {"rule": rule, "value": value, "at": at, "words": words})


def text_of(value: object) -> str:
    """A scalar of a card as trimmed text; empty where nothing was written.

    Raises:
        PydanticCustomError: a list or a mapping stands there.
    """
    if isinstance(value, (list, dict)):
        raise fault("*_text", value)
    return "" if value is None else str(value).strip()


def written_in(path: Path, file: str, source_id: str, kind: str, *, bytes_at_most: int, typed: str | None) -> Written:
    """Read a card or a ledger.

    Args:
        path: of the file.
        file: its name for people.
        source_id: whose.
        kind: `card` or `ledger`, how its rules begin.
        bytes_at_most, typed: see `read_yaml`.

    Raises:
        SourceRefused: it is not taken; the problem says on which line and why.
    """
    try:
        return read_yaml(path, bytes_at_most=bytes_at_most, typed=typed)
    except YamlRefused as refused:
        rule = f"{kind}_{refused.kind}"
        raise SourceRefused(
            [broken(rule, source_id=source_id, file=file, line=refused.line, **refused.words)]
        ) from None


def problems_of(
    error: ValidationError,
    written: Written,
    at: Place,
    *,
    source_id: str,
    file: str,
    known: Iterable[str],
    column: str | None = None,
) -> list[Problem]:
    """Each error of a form as a problem with the line of its field.

    Args:
        error: what pydantic found.
        written: the file's content with its lines.
        at: where in it the form stands.
        source_id, file: whose, and where.
        known: the fields that there are.
        column: what to name instead of the field: the entry of a ledger.
    """
    found = []
    for one in error.errors(include_url=False, include_context=True)[:PROBLEMS_AT_MOST]:
        field = str(one["loc"][0]) if one["loc"] else ""
        rule, value, words = _rule(one, field, known)
        below = one["ctx"]["at"] if one["type"] == "gongfu" else ()
        line = _line(written, (*at, *one["loc"], *below)) if rule != f"{field}_missing" else None
        where: dict[str, Any] = {"source_id": source_id, "file": file, "line": line, "column": column or field or None}
        found.append(broken(rule, value=value, **where, **words))
    return found


def _rule(error: Any, field: str, known: Iterable[str]) -> tuple[str, object, dict[str, Any]]:  # noqa: ANN401 - pydantic's
    if error["type"] == "gongfu":
        said = error["ctx"]
        return said["rule"].replace("*", field, 1), said["value"], {"field": field, **said["words"]}
    if error["type"] == "missing":
        return f"{field}_missing", None, {"field": field}
    if error["type"] == "extra_forbidden":
        return "field_unknown", shortened(field), {"known": ", ".join(known)}
    return f"{field}_form", error["input"], {}


def _line(written: Written, place: Place) -> int | None:
    """The line of the innermost key or entry on the way to a place."""
    for end in range(len(place), 0, -1):
        if place[:end] in written.lines:
            return written.lines[place[:end]]
    return None
