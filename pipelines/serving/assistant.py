"""The published warehouse for assistants: a Model Context Protocol server over `pipelines.asking`.

No answer holds a bare number: each figure comes with its id, the interval that its print allows, its unit, its vintage,
its source and what contradicts it. Values are decimals written as text, so that no client rounds them. Figures of
internal sources are in no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from functools import wraps
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from pipelines.asking.catalogue import find as find_indicators
from pipelines.asking.findings import Relation, relations
from pipelines.asking.following import Published
from pipelines.asking.names import Names, names
from pipelines.asking.naming import figure_named
from pipelines.asking.observations import Observation, Wanted, counted, observations, vintages
from pipelines.asking.periods import days_of, freq_of
from pipelines.asking.warehouse import Warehouse
from pipelines.asking.way import way_of
from pipelines.asking.written import interval, plain
from pipelines.problems import BuildStopped
from pipelines.project import Project

#: So many figures, indicators or findings in one answer; `left_off` counts the others.
AT_MOST = 200
INSTRUCTIONS = """
Official statistics of Chinese provinces on common prosperity. Look an indicator's code up with find before you ask for
figures. Quote a figure with its unit, its interval (what its print allows), the publication that printed it and its
figure_id, and say what contradicts it. Places are GB/T 2260 codes (330000 is Zhejiang, 000000 the nation).
""".strip()
Answer = dict[str, Any]


def server(project: Project) -> MCPServer:
    """The server of a project's published warehouse; each question is answered from the build that then stands."""
    made = MCPServer("gongfu", instructions=INSTRUCTIONS, log_level="ERROR")
    questions = Questions(Published(project))
    for question in (
        questions.find, questions.observe, questions.as_of, questions.compare, questions.audit, questions.trace
    ):  # fmt: skip
        made.tool()(_told(question))
    return made


class Questions:
    """What an assistant may ask; what a client reads of each question is its docstring."""

    def __init__(self, published: Published) -> None:
        self._published = published

    @contextmanager
    def _asked(self) -> Iterator[Warehouse]:
        with self._published.edition() as edition:
            yield edition.warehouse

    def find(self, words: str) -> Answer:
        """Indicators that words mean, in Chinese, English or pinyin, with definition, unit, places and years held."""
        with self._asked() as warehouse:
            found = find_indicators(warehouse, words)
        return _page("indicators", [_readable(asdict(each)) for each in found[:AT_MOST]], len(found))

    def observe(
        self,
        indicator: str,
        places: list[str] | None = None,
        breakdown: str | None = None,
        since: str | None = None,
        until: str | None = None,
        every_vintage: bool = False,
    ) -> Answer:
        """Figures of an indicator by place and time: the print that stands, or every print there was.

        breakdown: as residence=rural; "" asks for the total; left out, for all. since, until: as 2022 or 2022-Q3.
        """
        wanted = _wanted(indicator, places, breakdown, since, until, vintages="all" if every_vintage else "current")
        with self._asked() as warehouse:
            return _figures(warehouse, wanted)

    def as_of(
        self,
        indicator: str,
        day: str,
        places: list[str] | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> Answer:
        """Figures of an indicator as they were known on a day (2023-06-30)."""
        wanted = _wanted(indicator, places, None, since, until, as_of=days_of(day)[1])
        with self._asked() as warehouse:
            return _figures(warehouse, wanted)

    def compare(self, indicator: str, period: str, places: list[str] | None = None, breakdown: str = "") -> Answer:
        """Places side by side in one period, the highest first; which order their prints leave open is said."""
        wanted = _wanted(indicator, places, breakdown, period, period, freqs=(freq_of(period),))
        with self._asked() as warehouse:
            answer = _figures(warehouse, wanted)
        kinds = {(each["unit"], each["time_period"], each["time_basis"]) for each in answer["figures"]}
        if len(kinds) > 1:
            listed = "; ".join(" ".join(kind) for kind in sorted(kinds))
            raise ToolError(f"figures of several kinds cannot be set side by side: {listed}; name one period")
        answer["figures"].sort(key=lambda each: (-Decimal(each["value"]), each["ref_area"]))
        for upper, lower in zip(answer["figures"], answer["figures"][1:], strict=False):
            upper["surely_above_the_next"] = (
                upper["low"] is not None
                and lower["high"] is not None
                and Decimal(upper["low"]) > Decimal(lower["high"])
            )
        return answer

    def audit(self, figure_ids: list[str] | None = None, source: str | None = None) -> Answer:
        """Relations between figures that do not hold, with their arithmetic; of these figures or this source."""
        with self._asked() as warehouse:
            found = relations(
                warehouse,
                outcomes=("fail", "warn"),
                figure_ids=figure_ids or (),
                sources=[source] if source else (),
                with_revisions=bool(figure_ids),
            )
            shown, tied = _with_their_figures(found)
            figures = _figures(warehouse, Wanted(vintages="all", figure_ids=tied), len(tied))["figures"] if tied else []
        return _page("findings", [_readable(asdict(each)) for each in shown], len(found)) | {"figures": figures}

    def trace(self, figure: str) -> Answer:
        """Where a figure stands printed, each vintage of it and what was corrected.

        figure: a figure_id, or indicator, place and period by code or name, as "gdp 330000 2022".
        """
        with self._asked() as warehouse:
            figure_id = figure_named(warehouse, figure.split())
            way = way_of(warehouse, figure_id)
            called = names(warehouse)
            prints = vintages(warehouse, figure_id)
        return {
            "figure_id": figure_id,
            "print": _readable(dict(way.printed)),
            "source": _readable(asdict(way.source)),
            "around": [{"place": each.place, "text": each.text, "is_it": each.is_own} for each in way.neighbours],
            "vintages": [_figure(each, called) for each in prints],
            "corrections": [_readable(dict(each)) for each in way.corrections],
            "not_taken_because": [each.rule for each in way.refusals],
            "tables": [f"{each.table}.{each.column}" for each in way.held],
        }


def _told(answer: Callable[..., Answer]) -> Callable[..., Answer]:
    """What a question runs into is said to the assistant in one line."""

    @wraps(answer)
    def told(**arguments: object) -> Answer:
        try:
            return answer(**arguments)
        except BuildStopped as problem:
            raise ToolError(str(problem)) from None

    return told


def _wanted(
    indicator: str,
    places: Sequence[str] | None,
    breakdown: str | None,
    since: str | None,
    until: str | None,
    **more: Any,  # noqa: ANN401 - further fields of Wanted
) -> Wanted:
    return Wanted(
        indicators=(indicator,),
        ref_areas=tuple(places or ()),
        breakdowns=() if breakdown is None else (breakdown,),
        since=days_of(since)[0] if since else None,
        until=days_of(until)[1] if until else None,
        **more,
    )


def _with_their_figures(found: Sequence[Relation]) -> tuple[list[Relation], tuple[str, ...]]:
    """The first findings, as many as speak of `AT_MOST` figures together, and these figures: none without its own."""
    shown: list[Relation] = []
    tied: dict[str, None] = {}
    for each in found:
        together = tied | dict.fromkeys(each.figure_ids)
        if shown and len(together) > AT_MOST:
            break
        shown.append(each)
        tied = together
    return shown, tuple(tied)


def _figures(warehouse: Warehouse, wanted: Wanted, at_most: int = AT_MOST) -> Answer:
    """Figures, each whole, and the findings that contradict any of them."""
    count = counted(warehouse, wanted)
    if wanted.indicators and not count:
        code = wanted.indicators[0]
        known = code in names(warehouse).indicators
        raise ToolError(
            f'no figure of "{code}" is as asked for; ask for fewer conditions'
            if known
            else f'"{code}" is no indicator; find gives their codes'
        )
    found = list(observations(warehouse, wanted, at_most=at_most))
    called = names(warehouse)
    disputed = [each.figure_id for each in found if each.contradicted_by]
    said = (
        relations(warehouse, outcomes=("fail", "warn"), figure_ids=disputed, with_revisions=False) if disputed else []
    )
    return _page("figures", [_figure(each, called) for each in found], count) | {
        "contradictions": {
            each.relation_id: {"zh": each.finding_zh, "en": each.finding_en, "figure_ids": list(each.figure_ids)}
            for each in said
        }
    }


def _figure(figure: Observation, called: Names) -> Answer:
    source = called.sources[figure.source_id]
    indicator = called.indicators[figure.indicator]
    return {
        "figure_id": figure.figure_id,
        "indicator": figure.indicator,
        "indicator_zh": indicator.name_zh,
        "indicator_en": indicator.name_en,
        "ref_area": figure.ref_area,
        "place": called.areas.get(figure.ref_area, figure.ref_area),
        "time_period": figure.time_period,
        "time_basis": figure.time_basis,
        "base_period": figure.base_period,
        "breakdown": figure.breakdown,
        "value": plain(figure.value),
        "low": None if figure.low is None else plain(figure.low),
        "high": None if figure.high is None else plain(figure.high),
        "interval": interval(figure.low, figure.high, figure.qualifier),
        "qualifier": figure.qualifier,
        "unit": figure.unit_measure,
        "obs_status": figure.obs_status,
        "is_current": figure.is_current,
        "published_on": figure.published_on,
        "known_from": figure.known_from.isoformat(),
        "confidence": figure.confidence,
        "source": {
            "source_id": source.source_id,
            "title": source.title_zh,
            "publisher": source.publisher_zh,
            "locator": figure.locator,
        },
        "contradicted_by": list(figure.contradicted_by),
        "doubted_by": list(figure.doubted_by),
    }


def _page(name: str, rows: list[Answer], count: int) -> Answer:
    return {name: rows, "left_off": count - len(rows)}


def _readable(row: Answer) -> Answer:
    """A row as JSON can hold it: decimals as written, days as ISO 8601."""

    def one(value: Any) -> Any:  # noqa: ANN401 - any field of an answer
        if isinstance(value, Decimal):
            return plain(value)
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, list | tuple):
            return [one(each) for each in value]
        return value

    return {name: one(value) for name, value in row.items()}
