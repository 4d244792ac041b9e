"""What is wrong with an input, in one line that a person can act on."""

from __future__ import annotations

from dataclasses import dataclass

#: C0, DEL and the C1 controls, which some terminals obey like ESC sequences.
_SIGNS = {code: chr(0x2400 + code) for code in range(32) if chr(code) not in "\n\t"}
_SIGNS |= {0x7F: "\u2421"} | dict.fromkeys(range(0x80, 0xA0), "\ufffd")


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

    @property
    def in_chinese(self) -> str:
        """The one line in Chinese."""
        line = f"，第{self.line}行" if self.line is not None else ""
        column = f"，{self.column}" if self.column is not None else ""
        return f"{self.file}{line}{column}：{self.message_zh}"


class SourceRefused(Exception):
    """The whole source cannot be read; carries the problems that say why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


class BuildStopped(Exception):
    """The build cannot go on or may not publish; the message is one line for a person.

    Attributes:
        exit_code: what the command ends with.
        zh: the message in Chinese; the English one where nobody wrote it.
    """

    def __init__(self, message: str, exit_code: int = 1, *, zh: str = "") -> None:
        super().__init__(message)
        self.exit_code = exit_code
        self.zh = zh or message


def visible(text: str) -> str:
    """`text` with its control characters as signs (ESC as ␛): what a file prints cannot steer a terminal.

    Line breaks and tabs stay.
    """
    return text.translate(_SIGNS)


def shortened(value: object, limit: int = 80) -> str:
    """`value` as text of at most `limit` characters on one line."""
    text = " ".join(str(value).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
