"""What a reading is made of: rows as they leave the reader, and where a number stands while it is being read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from pipelines.readers.prose.numerals import Number
    from pipelines.readers.prose.printing import Printed
    from pipelines.readers.prose.scopes import Sentence


@dataclass(frozen=True, slots=True)
class Row:
    """One figure, refusal or number left alone; spans count characters of the text as received.

    Attributes:
        char_start, char_end, quote: its characters, number and unit.
        value: in the base unit (万 and 亿 multiplied out; a percentage as printed); None unless it is a figure.
        unit: as printed, without multiplier.
        qualifier: exact, about, at_least, more_than, at_most, less_than or nearly.
        kind: level, share, growth_rate, difference, ratio, rank or target.
        place, subject, breakdown: as printed.
        period: `2022`, `2025-07`, `2021..2025`, a day for a state, `2025/2024` for a change; may be empty.
        status: figure, review, refused or left_out.
        reading_confidence: from 0 to 1.
        rule: what found, refused or left it.
        reason: why it is refused or left out.
        printed: what the warehouse takes of it; None unless it is a figure.
    """

    char_start: int
    char_end: int
    quote: str
    value: Decimal | None
    unit: str
    qualifier: str
    kind: str
    place: str
    period: str
    subject: str
    breakdown: str
    status: str
    reading_confidence: float
    rule: str
    reason: str
    printed: Printed | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A figure that later ones of the sentence may go on from."""

    subject: str
    place: str
    period: str
    breakdown: str
    kind: str
    unit: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a number stands.

    Attributes:
        sentence: its sentence.
        run: the list of numbers that it is one of (mostly of one).
        at: which of the list it is, from 0.
        clause_start: where the words that belong to the list begin.
        lead: those words, up to the list's first number or its qualifier; with 和下降 before the last of
            分别增长5%、4%和下降3%.
        said: the figures of the sentence before the list.
    """

    sentence: Sentence
    run: list[Number]
    at: int
    clause_start: int
    lead: str
    said: list[Said]

    @property
    def number(self) -> Number:
        """The number itself."""
        return self.run[self.at]

    @property
    def first(self) -> Number:
        """The first number of its list."""
        return self.run[0]
