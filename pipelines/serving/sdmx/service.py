"""What the SDMX service answers: a request in, a message out, from the build that stands when it comes."""

from __future__ import annotations

import hashlib
from itertools import chain
from typing import TYPE_CHECKING

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from pipelines.asking.observations import counted
from pipelines.serving.sdmx import data, formats
from pipelines.serving.sdmx.availability import constraint, held
from pipelines.serving.sdmx.problems import NO_RESULTS, SERVICE_TOO_LARGE, SYNTAX, Refused
from pipelines.serving.sdmx.request import DataQuery, availability_query, data_query
from pipelines.serving.sdmx.rows import batches_of, wanted_of
from pipelines.serving.sdmx.selection import message_of, selected
from pipelines.serving.sdmx.structures import Structures, structures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pipelines.asking.following import Edition, Published
    from pipelines.serving.sdmx.flows import Flow
    from pipelines.serving.sdmx.selection import Asked

#: Observations that one answer holds at most, and of prints with history in SDMX-ML, which are ordered in memory.
MOST, MOST_IN_MEMORY = 1_000_000, 50_000
Heads = dict[str, str]


class Service:
    """The SDMX service over a published warehouse."""

    def __init__(self, published: Published) -> None:
        self._published = published
        self._known: dict[tuple[str, str], Structures] = {}

    def data(self, request: Request, flow: Flow, key: str) -> Response:
        """Observations of a dataflow.

        Raises:
            Refused: there are none, or the request is not understood or asks for too much.
        """
        form = formats.chosen(request.headers.get("accept"), formats.DATA)
        query = data_query(flow, key, parameters_of(request))

        def answer(edition: Edition, heads: Heads) -> Response:
            _refuse_too_much(edition, query, form)
            batches = batches_of(edition, query)
            first = next(batches, None)
            if first is None:
                raise Refused(NO_RESULTS, self._why_none(edition, query))
            prepared = edition.build.finished_at.isoformat(timespec="seconds")
            chunks = data.message(query, chain([first], batches), form, prepared, edition.tag)
            return self._sent(edition, chunks, form, heads)

        return self._answered(request, form, answer)

    def structures(self, request: Request, asked: Asked) -> Response:
        """Structures, with those that they refer to or that refer to them.

        Raises:
            Refused: there is none of these names, or the request is not understood.
        """
        form = formats.chosen(request.headers.get("accept"), formats.STRUCTURE)
        language = formats.language_of(request.headers.get("accept-language"))

        def answer(edition: Edition, heads: Heads) -> Response:
            found = selected(self._structures(edition, language), asked, parameters_of(request))
            said = heads | {"Content-Language": language}
            return Response(message_of(found, form, edition, language), media_type=form, headers=said)

        return self._answered(request, f"{form}|{language}", answer)

    def available(self, request: Request, flow: Flow, key: str, component: str) -> Response:
        """What values the dimensions of the observations of a key have. Raises as `data`."""
        form = formats.chosen(request.headers.get("accept"), formats.STRUCTURE)
        query = availability_query(flow, key, parameters_of(request))

        def answer(edition: Edition, heads: Heads) -> Response:
            found = held(edition, query)
            if found is None:
                raise Refused(NO_RESULTS, self._why_none(edition, query))
            message = message_of([constraint(flow, found, component)], form, edition, "en")
            return Response(message, media_type=form, headers=heads)

        return self._answered(request, form, answer)

    def _answered(self, request: Request, said_in: str, answer: Callable[[Edition, Heads], Response]) -> Response:
        """An answer from the build that stands; none is made for a client that has it already."""
        with self._published.edition() as edition:
            heads = _heads(request, edition, said_in)
            known = {each.strip() for each in request.headers.get("if-none-match", "").split(",")}
            return Response(status_code=304, headers=heads) if heads["ETag"] in known else answer(edition, heads)

    def _structures(self, edition: Edition, language: str) -> Structures:
        """The structures of a build, made when they are first asked for; those of a build before are let go of."""
        wanted = (edition.tag, language)
        known = self._known.get(wanted)
        if known is None:
            known = structures(edition.warehouse, language)
            self._known = {key: each for key, each in self._known.items() if key[0] == edition.tag} | {wanted: known}
        return known

    def _sent(self, edition: Edition, chunks: Iterator[bytes], form: str, heads: Heads) -> Response:
        """An answer of one chunk whole; a longer one little by little, its build open until the end."""
        first = next(chunks, b"")
        second = next(chunks, None)
        if second is None:
            return Response(first, media_type=form, headers=heads)
        streamed = self._held_open(edition, chain([first, second], chunks))
        next(streamed)
        return StreamingResponse(streamed, media_type=form, headers=heads)

    def _held_open(self, edition: Edition, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """The chunks; the first thing that it gives is empty, so that it is begun, and so ended, whatever happens."""
        self._published.keep(edition)
        try:
            yield b""
            yield from chunks
        finally:
            self._published.give_back(edition)

    def _why_none(self, edition: Edition, query: DataQuery) -> str:
        """Which code is none, or that no observation is of these."""
        lists = self._structures(edition, "en").artefacts
        for item in query.flow.dimensions:
            known = lists.get(("codelist", item.codelist or ""))
            for value in query.chosen.get(item.id, ()):
                if known is not None and not any(code.id == value for code in known.items):  # type: ignore[attr-defined]
                    return f"{item.id} has no code {value[:80]}; {item.codelist} lists them"
        return "no observation is of this key, these periods and this day"


def parameters_of(request: Request) -> Mapping[str, str]:
    """The parameters of a request, each once.

    Raises:
        Refused: one stands twice.
    """
    found: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in found:
            raise Refused(SYNTAX, f"{name[:80]} stands twice; several values are written apart by a comma")
        found[name] = value
    return found


def _refuse_too_much(edition: Edition, query: DataQuery, form: str) -> None:
    in_memory = query.with_history and "xml" in form
    most = MOST_IN_MEMORY if in_memory else MOST
    if edition.build.accepted <= most:
        return
    asked = counted(edition.warehouse, wanted_of(query))
    if asked > most:
        hint = "ask for SDMX-CSV, or name indicators, places or periods" if in_memory else "name fewer"
        raise Refused(SERVICE_TOO_LARGE, f"{asked} observations are more than the {most} of one answer; {hint}")


def _heads(request: Request, edition: Edition, said_in: str) -> Heads:
    """What goes before an answer: a mark that no other answer, of no other build, has."""
    asked = f"{request.url.path}?{request.url.query}|{said_in}"
    mark = hashlib.sha256(asked.encode()).hexdigest()[:16]
    return {"ETag": f'W/"{edition.tag}-{mark}"', "Cache-Control": "no-cache", "Vary": "Accept, Accept-Language"}
