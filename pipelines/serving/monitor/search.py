"""The search: an index of names, codes, definitions and pinyin, and the page whose script looks through it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pipelines.serving.monitor.places import places

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.serving.monitor.wording import Wording


def pages(wording: Wording) -> Iterator[tuple[str, str, dict[str, Any]]]:  # noqa: ARG001 - as every kind of page
    """The one page."""
    yield "search.html", "search.html.j2", {}


def entries(wording: Wording) -> list[list[str]]:
    """What can be found: [kind, title, address, names, codes and definitions], one a thing."""
    content = wording.content
    found = [
        [
            wording.word("indicators"), wording.indicator(code), f"indicator/{code}.html",
            each.name_zh, code, each.name_en, each.definition_zh, each.definition_en,
        ]
        for code in content.by_indicator
        for each in (content.indicators[code],)
    ]  # fmt: skip
    found += [
        [wording.word("places"), wording.area(code), f"place/{code}.html", each.name_zh, code, each.name_en]
        for code in places(content)
        for each in (content.areas[code],)
    ]
    found += [
        [
            wording.word("source"), wording.of(each, "title"), f"source/{each.source_id}.html",
            each.title_zh, each.source_id, each.title_en, each.publisher_zh, each.publisher_en,
        ]
        for each in content.sources.values()
    ]  # fmt: skip
    return found


def index(found: Sequence[list[str]]) -> bytes:
    """A script that holds the index: [kind, title, address, text that is looked through, its names], one a thing."""
    shown = [
        [kind, title, address, _text(*texts), _text(texts[0], *texts[2:3])] for kind, title, address, *texts in found
    ]
    return f"window.searchIndex = {json.dumps(shown, ensure_ascii=False, separators=(',', ':'))};\n".encode()


def _text(name_zh: str, *others: str) -> str:
    """What is looked through, in small letters: the Chinese name also in pinyin, whole and by first letters."""
    from pypinyin import Style, lazy_pinyin

    whole = "".join(lazy_pinyin(name_zh))
    letters = "".join(lazy_pinyin(name_zh, Style.FIRST_LETTER))
    return " ".join((name_zh, *others, whole, letters)).lower()
