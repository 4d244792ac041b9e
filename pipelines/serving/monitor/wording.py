"""What a page says in its language: names of codes, values, links to where a figure stands."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pipelines.serving.monitor.numbers import BARE, exact, last_digit, plural, written

if TYPE_CHECKING:
    from markupsafe import Markup

    from pipelines.asking.observations import Observation
    from pipelines.asking.prints import Print
    from pipelines.serving.monitor.addresses import Addresses
    from pipelines.serving.monitor.content import Content

LANGUAGES = ("zh", "en")
#: What says of a Chinese name what kind of place it is of.
_KIND = re.compile("(维吾尔|回族|壮族|畲族)?(自治区|自治县|省|市|区|县)$")


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """All words of the pages: by key, in each language."""
    with (files("pipelines.serving.monitor") / "words.csv").open(encoding="utf-8") as stream:
        return {row["key"]: {language: row[language] for language in LANGUAGES} for row in csv.DictReader(stream)}


@dataclass(frozen=True)
class Wording:
    """The words of one language for one content."""

    content: Content
    addresses: Addresses
    language: str
    _links: dict[str, str] = field(default_factory=dict)

    def word(self, key: str, **values: object) -> str:
        """A word or sentence of the catalogue."""
        said = catalogue()[key][self.language]
        return said.format(**values) if values else said

    def of(self, thing: Any, field: str = "name") -> str:  # noqa: ANN401 - whatever has a field in both languages
        """A field that stands in both languages: `name_zh` and `name_en`."""
        return str(getattr(thing, f"{field}_{self.language}") or "")

    def indicator(self, code: str) -> str:
        """The name of an indicator."""
        return self.of(self.content.indicators[code])

    def area(self, code: str) -> str:
        """The name of a place today."""
        return self.of(self.content.areas[code]) if code in self.content.areas else code

    def short(self, code: str) -> str:
        """The name of a place as a tile can hold it: without its kind, and of several words the first."""
        area = self.content.areas[code]
        if self.language == "zh":
            return _KIND.sub("", area.name_zh)[:3] if len(area.name_zh) > 2 else area.name_zh
        return area.name_en.split()[0][:9]

    def breakdown(self, code: str) -> str:
        """A whole breakdown in words; nothing for the total."""
        at = 0 if self.language == "zh" else 1
        parts = [self.content.breakdowns.get(part, (part, part))[at] for part in code.split(";") if part]
        return ("、" if self.language == "zh" else ", ").join(parts)

    def unit(self, code: str) -> str:
        """The name of a base unit."""
        return self.of(self.content.units[code]) if code in self.content.units else code

    def after(self, value: Decimal, code: str) -> str:
        """The unit as it follows a value: English says `2 persons`, and nothing after a ratio, an index or a rank."""
        if self.language == "zh" or code not in self.content.units:
            return self.unit(code)
        return "" if code in BARE else plural(self.unit(code).partition(" (")[0], value)

    def line(self, figure: Observation) -> str:
        """Which line of a chart a figure lies on: its breakdown and its time basis."""
        return " · ".join(filter(None, (self.breakdown(figure.breakdown), self.word(f"basis.{figure.time_basis}"))))

    def title(self, figure: Observation) -> str:
        """Indicator and breakdown."""
        breakdown = self.breakdown(figure.breakdown)
        name = self.indicator(figure.indicator)
        if not breakdown:
            return name
        return f"{name}（{breakdown}）" if self.language == "zh" else f"{name} · {breakdown}"

    def number(self, figure: Observation) -> str:
        """The value as this language writes it, with what qualifies it."""
        qualifier = self.word(f"qualifier.{figure.qualifier}")
        value = written(figure.value, figure.unit_mult - figure.decimals, self.language)
        return f"{qualifier}{value}" if self.language == "zh" else f"{qualifier} {value}".strip()

    def with_unit(self, figure: Observation) -> str:
        """The value and its unit."""
        number, unit = self.number(figure), self.after(figure.value, figure.unit_measure)
        if figure.unit_measure == "percent":
            return f"{number}%"
        return f"{number}{unit}" if self.language == "zh" else f"{number} {unit}".rstrip()

    def amount(self, value: Decimal | None, unit_measure: str, qualifier: str | None = None) -> str:
        """A value that is no print, such as a target's baseline."""
        if value is None:
            return ""
        unit = "%" if unit_measure == "percent" else self.after(value, unit_measure)
        said = self.word(f"qualifier.{qualifier or 'exact'}")
        number = (
            said + (" " if said and self.language == "en" else "") + written(value, last_digit(value), self.language)
        )
        return f"{number}{unit}" if self.language == "zh" or unit == "%" else f"{number} {unit}".rstrip()

    def interval(self, low: Decimal | None, high: Decimal | None) -> str:
        """What a print allows; an end that is open says so."""
        ends = [self.word("open") if each is None else exact(each) for each in (low, high)]
        return " – ".join(ends)

    def print_of(self, figure: Observation) -> str:
        """The words of a figure as printed, for whoever hovers over it."""
        printed = self.content.prints[figure.figure_id]
        return " ".join(filter(None, (printed.qualifier, printed.value, printed.unit)))

    def printed(self, figure: Observation) -> Print:
        """A figure as it stands in its file."""
        return self.content.prints[figure.figure_id]

    def title_of_source(self, figure: Observation) -> str:
        """What its source is called."""
        return self.of(self.content.sources[figure.source_id], "title")

    def trace(self, figure_id: str) -> str:
        """The address of where a figure stands, from the root of its language."""
        return self.addresses.trace(figure_id)

    def page(self, figure: Observation) -> str:
        """The page that tells of a figure's indicator in its place, from the root of its language."""
        return self.addresses.indicator(figure.indicator, figure.ref_area)

    def finding(self, relation_id: str) -> str:
        """Where a finding of the audit stands, from the root of its language."""
        return self.addresses.relation(relation_id)

    def link(self, home: str, figure: Observation) -> Markup:
        """A figure with its unit, that shows its print to whoever hovers over it, and leads to where it stands."""
        from markupsafe import Markup, escape

        known = self._links.get(figure.figure_id)
        if known is None:
            address, printed = escape(self.trace(figure.figure_id)), escape(self.print_of(figure))
            known = f'{address}" title="{printed}">{escape(self.with_unit(figure))}</a>'
            self._links[figure.figure_id] = known
        return Markup(f'<a class="figure" href="{escape(home)}{known}')  # noqa: S704 - each part is escaped

    def sure(self, figure: Observation) -> str:
        """How sure a figure is."""
        if figure.contradicted_by:
            return self.word("sure.contradicted")
        if figure.doubted_by:
            return self.word("sure.doubted")
        if figure.qualifier == "exact":
            return self.word("sure.plain")
        return self.word("sure.about" if figure.qualifier == "about" else "sure.bound")

    def percent(self, share: Decimal) -> str:
        """A share of one as a percentage."""
        return f"{(share * 100).quantize(Decimal('0.1')) + 0:,f}%"  # + 0: no minus before a nought

    def percents(self, low: Decimal, high: Decimal) -> str:
        """Between which percentages a share of one lies; one where they are written the same."""
        return " – ".join(dict.fromkeys((self.percent(low), self.percent(high))))

    def difference(self, figure: Observation, other: Observation) -> str:
        """A figure less another of its unit, to the coarser print's last digit; shares differ by percentage points."""
        step = max(each.unit_mult - each.decimals for each in (figure, other))
        value = figure.value - other.value
        unit = self.after(value, figure.unit_measure)
        if figure.unit_measure == "percent":
            unit = self.word("percentage_points")
        space = "" if self.language == "zh" else " "
        return f"{'+' if value > 0 else ''}{written(value, step, self.language)}{space}{unit}".rstrip()
