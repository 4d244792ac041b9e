"""In which form an answer goes out: what the client accepts, against what is served."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.problems import shortened
from pipelines.serving.sdmx.problems import NOT_ACCEPTABLE, Refused
from pipelines.serving.sdmx.structures import LANGUAGES

GENERIC = "application/vnd.sdmx.genericdata+xml;version=2.1"
SPECIFIC = "application/vnd.sdmx.structurespecificdata+xml;version=2.1"
CSV_1 = "application/vnd.sdmx.data+csv;version=1.0.0"
CSV_2 = "application/vnd.sdmx.data+csv;version=2.0.0"
STRUCTURE_XML = "application/vnd.sdmx.structure+xml;version=2.1"
STRUCTURE_JSON = "application/vnd.sdmx.structure+json;version=2.0.0"
#: Each kind of answer in its forms, the default first; beside each the plain names that mean it too.
DATA = {
    GENERIC: ("application/xml", "text/xml", "application/vnd.sdmx.generictimeseriesdata+xml;version=2.1"),
    SPECIFIC: ("application/vnd.sdmx.structurespecifictimeseriesdata+xml;version=2.1",),
    CSV_2: ("text/csv", "application/vnd.sdmx.data+csv"),
    CSV_1: (),
}
STRUCTURE: dict[str, tuple[str, ...]] = {
    STRUCTURE_XML: ("application/xml", "text/xml"),
    STRUCTURE_JSON: ("application/json", "application/vnd.sdmx.structure+json"),
}


@dataclass(frozen=True)
class _Wish:
    """One alternative of an Accept header: a media type with its version, if any, and how much it is wished."""

    media: str
    version: str
    weight: float


def chosen(accept: str | None, served: dict[str, tuple[str, ...]]) -> str:
    """The media type to answer in.

    Args:
        accept: the header as it came; nothing is any.
        served: `DATA` or `STRUCTURE`.

    Raises:
        Refused: nothing of what is served is accepted.
    """
    wishes = sorted(_wishes(accept or "*/*"), key=lambda each: -each.weight)
    for wish in wishes:
        if wish.weight > 0 and (found := _serving(wish, served)):
            return found
    message = f"{shortened(accept or '', 200)} is not served; there are: {', '.join(served)}"
    raise Refused(NOT_ACCEPTABLE, message)


def language_of(accept_language: str | None) -> str:
    """The language of names: the first of `LANGUAGES` that is wished most, else English."""
    for wish in sorted(_wishes(accept_language or ""), key=lambda each: -each.weight):
        if wish.weight > 0 and (own := wish.media.partition("-")[0]) in LANGUAGES:
            return own
    return LANGUAGES[0]


def _serving(wish: _Wish, served: dict[str, tuple[str, ...]]) -> str | None:
    if wish.media in {"*/*", "application/*"}:
        return next(iter(served))
    if wish.media == "text/*":
        return next((form for form, names in served.items() if any(name.startswith("text/") for name in names)), None)
    for form, names in served.items():
        for name in (form, *names):
            media, _, version = name.partition(";version=")
            if media == wish.media and wish.version in {"", version, version.removesuffix(".0")}:
                return form
    return None


def _wishes(header: str) -> list[_Wish]:
    found = []
    for alternative in header.split(","):
        media, *parameters = (each.strip() for each in alternative.split(";"))
        said = dict(each.partition("=")[::2] for each in parameters)
        found.append(_Wish(media.lower(), said.get("version", ""), _weight(said.get("q", "1"))))
    return found


def _weight(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
