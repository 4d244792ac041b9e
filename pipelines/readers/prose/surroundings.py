"""The text around a number: its clause, the names and the places in it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from pipelines.readers.prose.left_alone import names_in
from pipelines.readers.prose.places import Place, places_in
from pipelines.readers.prose.subjects import blanked

if TYPE_CHECKING:
    from pipelines.readers.prose.reading import Reading, Span
    from pipelines.readers.prose.scopes import Document, Sentence

_LONGEST_BRACKET = 20
_NAMES_AT_ONE_PLACE = 4
_DIGIT = re.compile(r"\d")
_UP_TO_A_MARK = re.compile(r".*[，；：:。（）！？]", re.DOTALL)
_NOTES = re.compile(r"\[\d{1,3}\]|（[A-Za-z&./ ]{1,12}）")


class Surroundings:
    """A text with its names and places found, so that each number can ask what stands around it."""

    def __init__(self, reading: Reading, document: Document, spans: list[Span]) -> None:
        self.text = reading.text
        self.document = document
        self.names = names_in(self.text, spans)
        self.name_starts = [start for start, _end, _why in self.names]
        self.places = places_in(self.text, spans)
        self.place_starts = [place.start for place in self.places]

    def name_at(self, place: int) -> str:
        """What kind of name stands at a place of the text, or an empty string."""
        last = bisect_right(self.name_starts, place)
        near = self.names[max(0, last - _NAMES_AT_ONE_PLACE) : last]
        return next((why for start, end, why in near if start <= place < end), "")

    def places_between(self, start: int, end: int) -> list[Place]:
        """The places that are named in [start, end)."""
        return self.places[bisect_left(self.place_starts, start) : bisect_left(self.place_starts, end)]

    def words(self, start: int, end: int, sentence: Sentence) -> str:
        """The words of [start, end) without time, place and notes."""
        return _NOTES.sub("", blanked(self.text, start, end, sentence.times, self.places_between(start, end)))

    def clause_start(self, start: int, end: int) -> int:
        """Where the clause that ends at `end` begins, not before `start`; brackets without digits are passed over."""
        before = end
        while True:
            last = _UP_TO_A_MARK.match(self.text, start, before)
            stop = last.end() - 1 if last is not None else -1
            if stop < 0 or self.text[stop] != "）":
                return max(start, stop + 1)
            opened = self.text.rfind("（", start, stop)
            if opened < 0 or stop - opened > _LONGEST_BRACKET or _DIGIT.search(self.text, opened, stop):
                return max(start, stop + 1)
            before = opened
