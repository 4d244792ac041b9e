"""The whole site of a warehouse: every page in every language, and what they share."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pipelines.problems import BuildStopped
from pipelines.serving.monitor import (
    changes,
    charts,
    contradictions,
    coverage,
    front,
    indicators,
    places,
    search,
    sources,
    targets,
    tiles,
)  # fmt: skip
from pipelines.serving.monitor.content import anchor, gathered
from pipelines.serving.monitor.pages import Made, write
from pipelines.serving.monitor.wording import LANGUAGES, Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from jinja2 import Environment

    from pipelines.asking.warehouse import Warehouse

#: Files that all pages share.
SHARED = ("site.css", "indicator.js", "search.js")
#: The kinds of page; each gives (address within its language, template, what the template is given).
KINDS = (front, indicators, places, sources, targets, contradictions, coverage, search)


def write_site(warehouse: Warehouse, folder: Path, languages: Sequence[str] = LANGUAGES) -> Made:
    """Write the site of a warehouse; pages whose content is as it was are not touched.

    Args:
        warehouse: which to show; only what the public may see is shown.
        folder: where to; opens from there without a network or a server.
        languages: of the pages; some of LANGUAGES.

    Raises:
        BuildStopped: there is no such language, or the folder cannot be written.
    """
    for language in languages:
        if language not in LANGUAGES:
            known = ", ".join(LANGUAGES)
            raise BuildStopped(
                f"no language {language}; there are: {known}", 2, zh=f"没有语言{language}；可用：{known}"
            )
    content, environment = gathered(warehouse), _environment()
    made: dict[str, bytes] = {name: _packaged(name) for name in SHARED}
    made["charts.js"] = charts.library().encode()
    made["index.html"] = environment.get_template("index.html.j2").render(languages=languages).encode()
    compared = changes.compared(warehouse)
    for language in languages:
        wording = Wording(content, language)
        for address, html in _pages(environment, wording, languages):
            made[f"{language}/{address}"] = html
        made |= {f"{language}/{name}": body for name, body in changes.files(environment, wording, compared, languages)}
    made |= {f"data/{code}.csv": indicators.as_csv(content, code) for code in content.by_indicator}
    return write(folder, made)


def _pages(environment: Environment, wording: Wording, languages: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    yield "search-index.js", search.index(wording).encode()
    for kind in KINDS:
        for address, template, given in kind.pages(wording):
            html = environment.get_template(template).render(**common(wording, address, languages), **given)
            yield address, html.encode()


def common(wording: Wording, address: str, languages: Sequence[str]) -> dict[str, Any]:
    """What every page is given: its words, and the way to its language's root and to the site's."""
    depth = address.count("/")
    return {
        "w": wording,
        "word": wording.word,
        "content": wording.content,
        "home": "../" * depth,
        "root": "../" * (depth + 1),
        "address": address,
        "others": [each for each in languages if each != wording.language],
        "anchor": anchor,
        "tiles": tiles,
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
