"""Charts: specifications by Vega-Altair, drawn as SVG while the site is made or by the reader's own browser."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pipelines.serving.monitor.content import series_of
from pipelines.serving.monitor.numbers import POWERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.asking.observations import Observation
    from pipelines.serving.monitor.content import Content
    from pipelines.serving.monitor.wording import Wording

#: Okabe and Ito's colours, told apart by the colour-blind; for those too pale on white indigo and wine of Tol's.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#332288", "#882255", "#000000"]
FONT = "Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"


def library() -> str:
    """Vega, Vega-Lite, vega-embed and the chart of every indicator, in one script for pages that draw by themselves."""
    import altair as alt
    import vl_convert

    version = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])
    bundle: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=version)
    return f"{bundle}\nwindow.chartsOfFigures = {json.dumps({each: specification(each) for each in POWERS})};\n"


def points(wording: Wording, figures: Sequence[Observation]) -> list[dict[str, Any]]:
    """Rows of a chart: `line` tells stretches apart that no line may join; values as doubles, for drawing alone.

    `x` is where a period ends, in years: that of a whole year lies on its number.
    """
    stretches = segments(wording.content, figures)
    return [
        {
            "t": each.time_period,
            "x": each.period_end.year - 1 + round(each.period_end.month / 12, 3),
            "v": float(each.value),
            "lo": float(each.value if each.low is None else each.low),
            "hi": float(each.value if each.high is None else each.high),
            "s": wording.line(each),
            "line": each.figure_id if each.time_basis == "target" else stretches[each.figure_id],
            "place": each.ref_area,
            "part": each.breakdown,
            "f": each.freq,
            "known": each.known_from.isoformat(),
            "now": each.is_current,
            "key": "|".join((*series_of(each), each.time_period, each.base_period or "")),
        }
        for each in figures
    ]


def segments(content: Content, figures: Sequence[Observation]) -> dict[str, str]:
    """Of each figure the stretch of its series that it lies in: a new one begins at every break."""
    series: dict[tuple[str, ...], list[Observation]] = {}
    for each in figures:
        series.setdefault(series_of(each), []).append(each)
    found: dict[str, str] = {}
    for key, its_figures in series.items():
        in_time = sorted(its_figures, key=lambda each: (each.period_end, each.figure_id))
        stretch = 0
        found[in_time[0].figure_id] = f"{'|'.join(key)}|0"
        for before, after in pairwise(in_time):
            stretch += is_broken(content, before, after)
            found[after.figure_id] = f"{'|'.join(key)}|{stretch}"
    return found


def is_broken(content: Content, before: Observation, after: Observation) -> bool:
    """Whether a series cannot be drawn from one figure to the next: its print says so, or its place changed."""
    if after.obs_status == "B" and before.time_period != after.time_period:
        return True
    return any(
        after.ref_area in (each.from_area, each.to_area) and before.period_end < each.changed_on <= after.period_end
        for each in content.territories
        if each.kind != "recode"
    )


def specification(language: str) -> dict[str, Any]:
    """The chart of every indicator page in a language; its data are called `figures`."""
    import altair as alt

    base = alt.Chart(alt.NamedData("figures")).encode(
        x=_years(),
        color=alt.Color(
            "s:N", title=None, scale=alt.Scale(range=COLOURS), legend=alt.Legend(orient="bottom", columns=1)
        ),
    )
    value = _values(language)
    lines = base.mark_line().encode(y=value, detail="line:N")
    bars = base.mark_rule(strokeWidth=4, opacity=0.35).encode(y=alt.Y("lo:Q", title=None), y2="hi:Q")
    dots = base.mark_point(filled=True, size=50).encode(y=value, tooltip=["t:O", "v:Q", "lo:Q", "hi:Q", "s:N"])
    return _themed((bars + lines + dots).properties(width="container", height=320))


def line_svg(wording: Wording, latest: Observation) -> str:
    """The series that a figure ends, as SVG with a text that says the same."""
    import altair as alt
    import vl_convert

    content = wording.content
    figures = [
        each for each in content.current_by_place[latest.ref_area]
        if each.indicator == latest.indicator and series_of(each) == series_of(latest)
    ]  # fmt: skip
    base = alt.Chart(alt.InlineData(values=points(wording, figures))).encode(
        x=_years(),
        y=_values(wording.language, ticks=4),
    )
    chart = base.mark_line(color=COLOURS[0]).encode(detail="line:N") + base.mark_point(
        filled=True, size=40, color=COLOURS[0]
    )
    svg: str = vl_convert.vegalite_to_svg(_themed(chart.properties(width=270, height=110)))
    return svg


def _years() -> Any:  # noqa: ANN401 - a channel of Altair
    import altair as alt

    whole = "datum.value % 1 ? '' : format(datum.value, 'd')"
    axis = alt.Axis(labelExpr=whole, tickMinStep=1, grid=False, labelOverlap="greedy", labelSeparation=6)
    return alt.X("x:Q", title=None, axis=axis, scale=alt.Scale(zero=False, nice=False, padding=12))


def _values(language: str, ticks: int = 8) -> Any:  # noqa: ANN401 - a channel of Altair
    """Values on an axis, in the powers of ten that the language has words for."""
    import altair as alt

    said = "format(datum.value, ',.6~r')"
    for power, word in reversed(POWERS[language]):
        said = f"abs(datum.value) >= 1e{power} ? format(datum.value / 1e{power}, ',.6~r') + '{word}' : {said}"
    axis = alt.Axis(labelExpr=said, tickCount=ticks)
    return alt.Y("v:Q", title=None, scale=alt.Scale(zero=False), axis=axis)


def _themed(chart: Any) -> dict[str, Any]:  # noqa: ANN401 - an Altair chart of any kind
    specification: dict[str, Any] = (
        chart.configure(font=FONT)
        .configure_axis(labelFontSize=12)
        .configure_legend(labelFontSize=13)
        .configure_view(stroke=None)
        .to_dict()
    )
    return {name: value for name, value in specification.items() if name != "$schema"}
