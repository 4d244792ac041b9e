"""The summary's charts, as Vega-Lite specifications that the page draws without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

FONT = "Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
OUTCOME_COLOURS = {"pass": "#4c9a67", "warn": "#e0a030", "fail": "#c0392b", "not_evaluable": "#b8c0ca"}
Row = dict[str, Any]


def script() -> str:
    """Vega, Vega-Lite and vega-embed in one script, to be written into the page."""
    import altair as alt
    import vl_convert

    version = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])
    bundle: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=version)
    return bundle.replace("</script", "<\\/script")


def outcomes_by_kind(rows: Sequence[Row]) -> Row:
    """Bars: kinds of relation, how many instances of each came out how. Rows: kind, outcome, relations."""
    import altair as alt

    chart = (
        alt.Chart(_data(rows))
        .mark_bar()
        .encode(
            y=alt.Y("kind:N", title=None, sort="-x"),
            x=alt.X("relations:Q", title="关系数 relations"),
            color=alt.Color(
                "outcome:N",
                title=None,
                scale=alt.Scale(domain=list(OUTCOME_COLOURS), range=list(OUTCOME_COLOURS.values())),
            ),
            tooltip=["kind:N", "outcome:N", "relations:Q"],
        )
        .properties(width=620, height=alt.Step(22))
    )
    return _themed(chart)


def coverage(rows: Sequence[Row]) -> Row:
    """Heat map of practices by kind of figure. Rows: practice, measure, figures."""
    import altair as alt

    base = alt.Chart(_data(rows)).encode(
        x=alt.X("measure:N", title=None, axis=alt.Axis(orient="top", labelAngle=0)),
        y=alt.Y("practice:N", title=None, sort=alt.EncodingSortField("position"), axis=alt.Axis(labelLimit=320)),
    )
    cells = base.mark_rect().encode(
        color=alt.Color("figures:Q", title="figures 图", scale=alt.Scale(type="symlog", scheme="teals"), legend=None),
        tooltip=["practice:N", "measure:N", "figures:Q"],
    )
    numbers = base.mark_text(fontSize=12).encode(
        text="figures:Q",
        color=alt.condition("datum.figures > 6", alt.value("white"), alt.value("#1d2733")),
    )
    return _themed((cells + numbers).properties(width=620, height=alt.Step(28)))


def jumps(rows: Sequence[Row]) -> list[Row]:
    """One small line chart for each series with a jump. Rows: series, title, time_period, value, is_jump."""
    import altair as alt

    charts = []
    for series in dict.fromkeys(row["series"] for row in rows):
        points = [row for row in rows if row["series"] == series]
        base = alt.Chart(_data(points)).encode(
            x=alt.X("time_period:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("value:Q", title=None, axis=alt.Axis(format="~s", tickCount=4)),
        )
        line = base.mark_line(color="#7a8694")
        marks = base.mark_point(filled=True, size=70).encode(
            color=alt.condition("datum.is_jump", alt.value("#c0392b"), alt.value("#4c78a8")),
            tooltip=["time_period:O", "value:Q"],
        )
        title = alt.TitleParams(points[0]["title"], subtitle=points[0]["subtitle"], anchor="start", fontSize=12)
        charts.append(_themed((line + marks).properties(width=240, height=120, title=title)))
    return charts


def _data(rows: Sequence[Row]) -> Any:  # noqa: ANN401 - altair loads late
    import altair as alt

    return alt.Data(values=list(rows))  # type: ignore[no-untyped-call]


def _themed(chart: Any) -> Row:  # noqa: ANN401 - altair loads late
    spec: Row = chart.configure(font=FONT, background="#ffffff").configure_view(stroke=None).to_dict()
    return spec
