"""The whole site of a warehouse: every page in every language, and what they share."""

from __future__ import annotations

import hashlib
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pipelines.problems import BuildStopped
from pipelines.serving.monitor import (
    changes,
    charts,
    contradictions,
    coverage,
    downloads,
    front,
    indicators,
    maps,
    places,
    search,
    sources,
    targets,
)  # fmt: skip
from pipelines.serving.monitor.addresses import Addresses, anchor
from pipelines.serving.monitor.content import gathered
from pipelines.serving.monitor.made_of import Makings
from pipelines.serving.monitor.pages import File, Made, write
from pipelines.serving.monitor.shapes import Shapes
from pipelines.serving.monitor.wording import LANGUAGES, Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from jinja2 import Environment

    from pipelines.asking.warehouse import Warehouse
    from pipelines.serving.monitor.content import Content

#: Files that all pages share.
SHARED = ("site.css", "indicator.js", "map.js", "search.js")
#: The kinds of page that ask for words alone; each gives (address in its language, template, what that is given).
KINDS = (front, places, sources, targets, contradictions, coverage, search)


def write_site(
    warehouse: Warehouse, folder: Path, languages: Sequence[str] = LANGUAGES, shapes: Shapes | None = None
) -> Made:
    """Write the site of a warehouse; what is made of the same as before is not made again.

    Args:
        warehouse: which to show; only what the public may see is shown.
        folder: where to; opens from there without a network or a server.
        languages: of the pages; some of LANGUAGES.
        shapes: of the places on maps; tiles where there are none.

    Raises:
        BuildStopped: there is no such language, or the folder cannot be written.
    """
    for language in languages:
        if language not in LANGUAGES:
            known = ", ".join(LANGUAGES)
            raise BuildStopped(
                f"no language {language}; there are: {known}", 2, zh=f"没有语言{language}；可用：{known}"
            )
    content = gathered(warehouse)
    addresses = Addresses(content)
    site = _Site(content, Makings(content, addresses), _environment(), tuple(languages), shapes or Shapes())
    publishes = changes.publishes(warehouse)
    wanted = dict(site.shared())
    for language in languages:
        wording = Wording(content, addresses, language)
        wanted |= {f"{language}/{name}": file for name, file in site.pages(wording)}
        for name, body in changes.files(site.environment, wording, publishes, languages):
            digest = hashlib.sha256(body).hexdigest()
            wanted[f"{language}/{name}"] = File(digest, partial(bytes, body))
    return write(folder, wanted)


class _Site:
    """The files of a site."""

    def __init__(
        self, content: Content, makings: Makings, environment: Environment, languages: tuple[str, ...], shapes: Shapes
    ) -> None:
        self._content = content
        self._makings = makings
        self.environment = environment
        self._languages = languages
        self._shapes = shapes
        self._csv = {code: downloads.as_csv(content, code) for code in content.by_indicator}

    def shared(self) -> Iterator[tuple[str, File]]:
        """What pages of all languages share."""
        for name in SHARED:
            yield name, File(self._makings.of(name), partial(_packaged, name))
        yield "charts.js", File(self._makings.of("charts"), lambda: charts.library().encode())
        index = self.environment.get_template("index.html.j2")
        yield (
            "index.html",
            File(self._makings.of(self._languages), lambda: index.render(languages=self._languages).encode()),
        )
        for code, figures in self._content.by_indicator.items():
            digest = self._makings.of(figures)
            yield f"data/{code}.csv", File(digest, partial(bytes, self._csv[code]))
            yield f"data/{code}.xlsx", File(digest, partial(downloads.as_workbook, self._content, code))
            yield f"data/{code}.sdmx.csv", File(digest, partial(downloads.as_sdmx, self._content, code))

    def pages(self, wording: Wording) -> Iterator[tuple[str, File]]:
        """The pages of a language, and the data that their scripts draw."""
        content, of = wording.content, self._makings.of
        entries = search.entries(wording)
        yield "search-index.js", File(of("search", entries), partial(search.index, entries))
        for parts in wording.addresses.parts.values():
            for part in parts:
                made_of = of(wording.language, part.figures, content.territories)
                address = part.address.removesuffix(".html") + ".figures.js"
                yield address, File(made_of, partial(indicators.chart_data, wording, part))
        for address, template, given in self._given(wording):
            made_of = of(wording.language, self._languages, address, template, given)
            yield address, File(made_of, partial(self._rendered, wording, address, template, given))
            if template == "map.html.j2" and given["maps"]:
                made_of = of(wording.language, "views", given["maps"])
                yield f"map/{given['data']}", File(made_of, partial(maps.view_data, wording, given["maps"]))

    def _given(self, wording: Wording) -> Iterator[tuple[str, str, dict[str, Any]]]:
        hashes = {code: hashlib.sha256(body).hexdigest() for code, body in self._csv.items()}
        yield from indicators.pages(wording, hashes)
        yield from maps.pages(wording, self._shapes)
        for kind in KINDS:
            yield from kind.pages(wording)

    def _rendered(self, wording: Wording, address: str, template: str, given: dict[str, Any]) -> bytes:
        page = self.environment.get_template(template)
        return page.render(**common(wording, address, self._languages), **given).encode()


def common(wording: Wording, address: str, languages: Sequence[str]) -> dict[str, Any]:
    """What every page is given: its words, and the way to its language's root and to the site's."""
    depth = address.count("/")
    return {
        "w": wording,
        "word": wording.word,
        "home": "../" * depth,
        "root": "../" * (depth + 1),
        "address": address,
        "others": [each for each in languages if each != wording.language],
        "anchor": anchor,
    }


def _environment() -> Environment:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("pipelines.serving.monitor", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _packaged(name: str) -> bytes:
    return (files("pipelines.serving.monitor") / "templates" / name).read_bytes()
