"""Which sources a warehouse holds an earlier version of, or none, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.asking.audience import may_see_source

if TYPE_CHECKING:
    from pipelines.asking.audience import Audience
    from pipelines.asking.warehouse import Warehouse


@dataclass(frozen=True)
class HeldBackReason:
    """Why the newest version of a source is not in the file: one of the reasons.

    Attributes:
        source_id: whose.
        last_good_version_is_used: its last good version is in the file; else it is left out.
        file, line, column_name: where; `place` is these in words.
    """

    source_id: str
    last_good_version_is_used: bool
    file: str
    line: int | None
    column_name: str | None
    rule: str
    message_en: str
    message_zh: str

    @property
    def place(self) -> str:
        """File, line and field, as people name them."""
        line = f", line {self.line}" if self.line is not None else ""
        column = f", column {self.column_name}" if self.column_name else ""
        return f"{self.file}{line}{column}"

    @property
    def in_chinese(self) -> str:
        """Where and what, in Chinese."""
        line = f"，第{self.line}行" if self.line is not None else ""
        column = f"，{self.column_name}" if self.column_name else ""
        return f"{self.file}{line}{column}：{self.message_zh}"


def held_back(warehouse: Warehouse, audience: Audience = "public") -> list[HeldBackReason]:
    """Every reason for every source that is held back, by source; a reason that counts rows before the rows.

    Raises:
        NotInThisFile: the file is of a form that did not hold sources back.
    """
    return warehouse.all(
        HeldBackReason,
        f"""
        select source_id, last_good_version_is_used, file, line, column_name, rule, message_en, message_zh
        from quality.held_back where {may_see_source("source_id")}
        order by source_id, rule <> 'too_many_refused', file, line, message_en
        """,
        audience=audience,
    )


def first_reasons(warehouse: Warehouse, audience: Audience = "public") -> list[HeldBackReason]:
    """The first reason for each source that is held back."""
    return list({each.source_id: each for each in reversed(held_back(warehouse, audience))}.values())[::-1]
