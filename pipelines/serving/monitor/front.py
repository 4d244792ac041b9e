"""The front page: the ten practices and the five domains, each with the figures that stand for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.serving.monitor import charts
from pipelines.serving.monitor.content import series_of
from pipelines.serving.monitor.places import RANKED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.asking.observations import Observation
    from pipelines.asking.targets import TargetProgress
    from pipelines.serving.monitor.content import Content
    from pipelines.serving.monitor.wording import Wording

DOMAINS = ("income", "employment", "disability_employment", "skills", "digital_economy")
#: Series of a domain that the front page draws and lists.
SHOWN = 3


@dataclass(frozen=True)
class Card:
    """A series on the front page: its latest figure, the one before it where neither is a bound, its target."""

    latest: Observation
    earlier: Observation | None
    target: TargetProgress | None
    printed_target: Observation | None


def pages(wording: Wording) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The one page."""
    content = wording.content
    domains = {domain: _of_domain(content, domain) for domain in DOMAINS}
    given = {
        "practices": [(practice, _of_practice(content, practice.practice)) for practice in content.practices],
        "domains": domains,
        "pictures": {domain: charts.line_svg(wording, cards[0].latest) for domain, cards in domains.items() if cards},
    }
    yield "index.html", "front.html.j2", given


def _of_practice(content: Content, practice: int) -> list[Card]:
    wanted = [(each.indicator, each.breakdown) for each in content.headlines if each.practice == practice]
    cards = []
    for indicator, breakdown in wanted:
        figures = [
            each
            for each in content.by_indicator.get(indicator, [])
            if each.is_current and each.ref_area in content.subjects and each.breakdown == breakdown
            and each.time_basis != "target" and each.freq in ("A", "M")
        ]  # fmt: skip
        if figures:
            cards.append(_card(content, figures))
    return cards


def _of_domain(content: Content, domain: str) -> list[Card]:
    """The longest series of a domain for the province."""
    series: dict[tuple[str, ...], list[Observation]] = {}
    for each in content.current_by_place.get(content.subjects[0], []):
        if content.indicators[each.indicator].domain == domain and each.time_basis != "target" and each.freq == "A":
            series.setdefault((each.indicator, *series_of(each)), []).append(each)
    longest = sorted(series.items(), key=lambda item: (-len(item[1]), item[0]))
    return [_card(content, figures) for _, figures in longest[:SHOWN]]


def _card(content: Content, figures: list[Observation]) -> Card:
    latest = max(figures, key=lambda each: (each.period_end, each.period_start, each.figure_id))
    before = [
        each
        for each in figures
        if series_of(each) == series_of(latest) and each.period_end < latest.period_end and latest.qualifier in RANKED
    ]
    targets = [
        each for each in content.targets
        if (each.indicator, each.ref_area, each.breakdown) == (latest.indicator, latest.ref_area, latest.breakdown)
    ]  # fmt: skip
    earlier = max(before, key=lambda each: each.period_end, default=None)
    is_change = earlier is not None and earlier.qualifier in RANKED and not charts.is_broken(content, earlier, latest)
    target = targets[-1] if targets else None
    printed_target = content.by_id[target.figure_id] if target else None
    return Card(latest, earlier if is_change else None, target, printed_target)
