"""What is wrong with an input, in one line that a person can act on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One reason why a row or a file was not accepted; becomes a row of `quality.quarantine`.

    Attributes:
        source_id: the source it belongs to (the folder's name where source.yaml cannot be read).
        file: path from the project's root.
        line: line of the file, counted from 1, or None where the whole file is meant.
        column: column or field, or None.
        rule: short stable name of the rule that was broken.
        value: what stood there, shortened.
        message_en: what is wrong and what to do, in English.
        message_zh: the same in Chinese.
    """

    source_id: str
    file: str
    rule: str
    message_en: str
    message_zh: str
    line: int | None = None
    column: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        place = self.file
        if self.line is not None:
            place += f", line {self.line}"
        if self.column is not None:
            place += f", column {self.column}"
        return f"{place}: {self.message_en}"


class SourceRefused(Exception):
    """The whole source cannot be read; carries the problems that say why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


class BuildStopped(Exception):
    """The build cannot go on or may not publish; the message is one line for a person.

    Attributes:
        exit_code: what the command ends with.
    """

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def shortened(value: object, limit: int = 80) -> str:
    """`value` as text of at most `limit` characters on one line."""
    text = " ".join(str(value).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
