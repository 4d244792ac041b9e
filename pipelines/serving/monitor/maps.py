"""Maps: a page for each indicator that enough places have; tiles of our own, or shapes that a user gives."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.serving.monitor.tiles import positions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipelines.asking.observations import Observation
    from pipelines.serving.monitor.shapes import Shapes
    from pipelines.serving.monitor.wording import Wording

#: From pale to dark, one hue, so that order shows without colour too; white reads on the last two, black on the others.
SHADES = ("#deebf7", "#9ecae1", "#6baed6", "#2171b5", "#08306b")
#: Fewer places than this make no map.
LEAST = 4
#: The indicator that is shown to whoever has not chosen one, where it has a map.
FIRST = "income_disposable_per_capita"


@dataclass(frozen=True)
class View:
    """A series in one period on a map: of each place its figure, and its shade, the higher the darker."""

    about: Observation
    figures: Mapping[str, Observation]
    shades: Mapping[str, int]

    @property
    def ends(self) -> tuple[Observation, Observation]:
        """The lowest and the highest."""
        ordered = sorted(self.figures.values(), key=lambda each: (each.value, each.ref_area))
        return ordered[0], ordered[-1]


@dataclass(frozen=True)
class Map:
    """A map of an indicator.

    Attributes:
        name: which places: provinces, cities, counties.
        series: of each its views, the latest first; the series with the most places in its latest comes first.
    """

    name: str
    series: tuple[tuple[View, ...], ...]


def maps(figures: Sequence[Observation]) -> tuple[Map, ...]:
    """The maps that the figures of an indicator make."""
    found = []
    for name, placed in positions().items():
        periods: dict[tuple[str, ...], dict[tuple[object, ...], dict[str, Observation]]] = {}
        for each in figures:
            if each.is_current and each.ref_area in placed and each.time_basis != "target":
                series = (each.breakdown, each.freq, each.time_basis, each.unit_measure)
                period = (each.period_end, each.time_period, each.base_period or "")
                periods.setdefault(series, {}).setdefault(period, {})[each.ref_area] = each
        views = {
            key: tuple(_view(of_period[period]) for period in sorted(of_period, reverse=True)
                       if len(of_period[period]) >= LEAST)
            for key, of_period in periods.items()
        }  # fmt: skip
        shown = sorted((key for key in views if views[key]), key=lambda key: (-_most(views[key]), key))
        if shown:
            found.append(Map(name, tuple(views[key] for key in shown)))
    return tuple(found)


def pages(wording: Wording, shapes: Shapes) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """A page for each indicator that has a map, and the first of them under an address of its own."""
    content = wording.content
    with_map = {code: found for code, figures in content.by_indicator.items() if (found := maps(figures))}
    names = {code: wording.indicator(code) for code in sorted(with_map, key=wording.indicator)}
    first = FIRST if FIRST in with_map else next(iter(names), "")
    addresses = {code: f"map/{code}.html" if code != first else "map.html" for code in names}
    if not names:
        yield "map.html", "map.html.j2", {"indicator": "", "maps": (), "addresses": {}, "placed": {}, "shapes": {}}
    for code in names:
        own = {each.name: positions()[each.name] for each in with_map[code]}
        yield (
            addresses[code],
            "map.html.j2",
            {
                "indicator": code,
                "maps": with_map[code],
                "addresses": {address: names[each] for each, address in addresses.items()},
                "placed": own,
                "shapes": {name: shapes.paths(name) for name in own},
                "shades": SHADES,
                "data": f"{code}.views.js",
            },
        )


def view_data(wording: Wording, found: Sequence[Map]) -> bytes:
    """A script that holds every view of an indicator's maps: of each place its value as written, and its shade."""
    held = {
        each.name: [
            [
                {
                    "period": view.about.time_period,
                    "ends": [wording.with_unit(end) for end in view.ends],
                    "places": {
                        code: [wording.with_unit(figure), view.shades[code]] for code, figure in view.figures.items()
                    },
                }
                for view in views
            ]
            for views in each.series
        ]
        for each in found
    }
    return f"window.views = {json.dumps(held, ensure_ascii=False, separators=(',', ':'))};\n".encode()


def _most(views: Sequence[View]) -> int:
    return len(views[0].figures)


def _view(figures: Mapping[str, Observation]) -> View:
    ordered = sorted(each.value for each in figures.values())
    shades = {code: ordered.index(each.value) * len(SHADES) // len(ordered) for code, each in figures.items()}
    return View(next(iter(figures.values())), figures, shades)
