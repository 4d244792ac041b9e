"""What a page is made of, as one hash: a page whose hash is as it was need not be made again.

A template is given the words of its language and values, and reaches nothing else; so the hash is over these values, a
figure counting with its print, its source and the pages that tell of it, and over what makes pages of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.asking.observations import Observation
from pipelines.fingerprint import hash_of_files, libraries

if TYPE_CHECKING:
    from pipelines.serving.monitor.addresses import Addresses
    from pipelines.serving.monitor.content import Content

_ROOM = Path(__file__).parent
_COUNTS = frozenset({"places", "sources", "figures", "first_year", "last_year"})


class Makings:
    """Hashes of what pages of one content are made of."""

    def __init__(self, content: Content, addresses: Addresses) -> None:
        code = (path for path in _ROOM.parent.rglob("*") if path.suffix in {".py", ".j2", ".js", ".css", ".csv"})
        names = [
            {key: _named(value) for key, value in each.items()}
            for each in (content.indicators, content.areas, content.units)
        ]
        made = (hash_of_files(code, below=_ROOM.parent), libraries(), repr(names), repr(content.breakdowns))
        self._maker = hashlib.sha256("\0".join(made).encode()).hexdigest()
        self._content = content
        self._addresses = addresses
        self._figures: dict[str, str] = {}

    def of(self, *values: object) -> str:
        """The hash of these values, and of what makes a page of them."""
        digest = hashlib.sha256(self._maker.encode())
        digest.update(self._told(values).encode())
        return digest.hexdigest()

    def _told(self, value: Any) -> str:  # noqa: ANN401 - whatever a template is given
        if isinstance(value, Observation):
            return self._figure(value)
        if value is None or isinstance(value, str | int | float | Decimal | date):
            return repr(value)
        if isinstance(value, Mapping):
            return f"{{{','.join(f'{self._told(key)}:{self._told(each)}' for key, each in value.items())}}}"
        if isinstance(value, list | tuple):
            return f"[{','.join(map(self._told, value))}]"
        if is_dataclass(value):
            return f"({','.join(self._told(getattr(value, each.name)) for each in fields(value))})"
        raise TypeError(f"a page cannot be made of {type(value)}: its hash would not tell when it changed")

    def _figure(self, figure: Observation) -> str:
        known = self._figures.get(figure.figure_id)
        if known is None:
            content = self._content
            source = content.sources[figure.source_id]
            pages = (
                self._addresses.trace(figure.figure_id),
                self._addresses.indicator(figure.indicator, figure.ref_area),
                [self._addresses.relation(each) for each in figure.contradicted_by],
            )
            printed = vars(content.prints[figure.figure_id])
            shown = (*vars(figure).values(), *printed.values(), source.title_zh, source.title_en, pages)
            known = hashlib.sha256(repr(shown).encode()).hexdigest()[:24]
            self._figures[figure.figure_id] = known
        return known


def _named(thing: Any) -> list[object]:  # noqa: ANN401 - an indicator, a place or a unit
    """What a code list says of a thing, without how many figures there are of it."""
    return [value for name, value in vars(thing).items() if name not in _COUNTS]
