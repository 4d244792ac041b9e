"""The query API of the national bureau's data site since 2026: one question, one answer kept as it came.

A question names a data set (`cid`) and its catalogue (`root_id`), indicators, places by 12-digit code and periods
(`2025YY`, `202602SS` the second quarter, `202608MM` August). The site answers success with empty data to any id that
it does not know, so an empty answer is kept, told apart and asked again another time.

Each answer is three files named by the question's hash: `<key>.request.json`, `<key>.json` (the bytes as they came)
and, written last, `<key>.card.json` with the answer's SHA-256. A run that was killed goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

import httpx
import tenacity

from pipelines.problems import shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

ADDRESS = "https://data.stats.gov.cn/dg/website/publicrelease/web/external"
ANSWER_BYTES_AT_MOST = 64 * 1024 * 1024
RETRY_AFTER_AT_MOST = 300.0

_AREA = re.compile(r"\d{12}")
_PERIOD = r"(?:\d{4}YY|\d{4}0[1-4]SS|\d{4}(?:0[1-9]|1[0-2])MM)"
_PERIODS = re.compile(rf"({_PERIOD})(?:-({_PERIOD}))?")
_TRY_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


class DownloadStopped(Exception):
    """The site cannot be asked further, or the question is malformed; the message is one line for a person."""


@dataclass(frozen=True)
class Question:
    """One question to the site.

    Attributes:
        cid: the data set.
        root_id: the catalogue that it belongs to.
        indicators: ids of its indicators.
        areas: 12-digit codes of places (`330000000000`; the nation is `000000000000`).
        periods: single ones (`2025YY`) or ranges (`2006YY-2025YY`).
    """

    cid: str
    root_id: str
    indicators: tuple[str, ...]
    areas: tuple[str, ...]
    periods: tuple[str, ...]

    def __post_init__(self) -> None:
        for area in self.areas:
            if not _AREA.fullmatch(area):
                raise DownloadStopped(f"{shortened(area)} is no area code of the site; it has 12 digits")
        for period in self.periods:
            found = _PERIODS.fullmatch(period)
            if not found or (found[2] and (found[1][-2:] != found[2][-2:] or found[1] > found[2])):
                raise DownloadStopped(f"{shortened(period)} is no period; write 2025YY, 202602SS, 202608MM or a range")
        if not (self.cid and self.root_id and self.indicators and self.areas and self.periods):
            raise DownloadStopped("a question names a data set, its catalogue, indicators, areas and periods")

    @property
    def body(self) -> dict[str, Any]:
        """What is sent."""
        return {
            "cid": self.cid,
            "rootId": self.root_id,
            "indicatorIds": list(self.indicators),
            "das": [{"text": "", "value": area} for area in self.areas],
            "dts": list(self.periods),
            "showType": "1",
        }

    @property
    def key(self) -> str:
        """Names the question's files: the same question, the same name."""
        text = json.dumps(self.body, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Answer:
    """One answer as kept.

    Attributes:
        outcome: figures, or empty where the site knows nothing of it (an unknown id looks the same).
        was_kept: it lay there already; the site was not asked.
    """

    question: Question
    path: Path
    sha256: str
    outcome: Literal["figures", "empty"]
    was_kept: bool


class _AskAgain(Exception):
    """A passing failure, with the seconds that the site asks to wait, if it says so."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


@dataclass
class StatisticsSite:
    """Asks the site, one question at a time.

    Attributes:
        folder: where answers are kept.
        address: of the API.
        seconds_between: pause between two requests at least.
        tries: how often one question is asked before giving up; the pauses double from `first_pause` on.
        sleep: waits; tests give their own.
    """

    folder: Path
    address: str = ADDRESS
    seconds_between: float = 2.0
    tries: int = 6
    first_pause: float = 2.0
    timeout: float = 60.0
    sleep: Callable[[float], None] = time.sleep
    _last: float = field(default=float("-inf"), init=False)

    def fetch_all(self, questions: Iterable[Question]) -> Iterator[Answer]:
        """Ask what is not kept yet, in order.

        Raises:
            DownloadStopped: the site refuses, or goes on failing; what was fetched stays, and a later run goes on.
        """
        with httpx.Client(timeout=self.timeout, headers={"User-Agent": "gongfu statistics reader"}) as client:
            for question in questions:
                yield self._kept(question) or self._fetch(client, question)

    def _kept(self, question: Question) -> Answer | None:
        """The answer of an earlier run, if it is whole and holds figures."""
        path = self._path(question, ".json")
        try:
            card = json.loads(self._path(question, ".card.json").read_text(encoding="utf-8"))
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        except (OSError, ValueError):
            return None
        if not isinstance(card, dict) or card.get("sha256") != sha256 or card.get("outcome") != "figures":
            return None
        return Answer(question, path, sha256, "figures", was_kept=True)

    def _fetch(self, client: httpx.Client, question: Question) -> Answer:
        waits = tenacity.wait_exponential_jitter(initial=self.first_pause, max=120, jitter=self.first_pause)

        def pause(state: tenacity.RetryCallState) -> float:
            failure = state.outcome.exception() if state.outcome else None
            asked = failure.wait if isinstance(failure, _AskAgain) else None
            return min(asked, RETRY_AFTER_AT_MOST) if asked is not None else waits(state)

        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type((_AskAgain, httpx.TransportError)),
            stop=tenacity.stop_after_attempt(self.tries),
            wait=pause,
            sleep=self.sleep,
            reraise=True,
        )
        try:
            data = retrying(self._ask, client, question)
        except (_AskAgain, httpx.TransportError) as failure:
            said = shortened(failure) or type(failure).__name__
            raise DownloadStopped(f"the site failed {self.tries} times ({said}); run again later to go on") from None
        return self._keep(question, data, _outcome(data))

    def _ask(self, client: httpx.Client, question: Question) -> bytes:
        due = self._last + self.seconds_between - time.monotonic()
        if due > 0:
            self.sleep(due)
        self._last = time.monotonic()
        with client.stream("POST", f"{self.address}/getEsDataByCidAndDt", json=question.body) as response:
            if response.status_code in _TRY_AGAIN:
                raise _AskAgain(f"HTTP {response.status_code}", _retry_after(response))
            if response.status_code != 200:
                raise DownloadStopped(f"the site refuses the question with HTTP {response.status_code}")
            data = bytearray()
            for piece in response.iter_bytes():
                data += piece
                if len(data) > ANSWER_BYTES_AT_MOST:
                    raise DownloadStopped("an answer of over 64 MiB; ask for fewer areas or periods at once")
        _content(bytes(data))
        return bytes(data)

    def _keep(self, question: Question, data: bytes, outcome: Literal["figures", "empty"]) -> Answer:
        sha256 = hashlib.sha256(data).hexdigest()
        path = self._path(question, ".json")
        card = {
            "address": self.address,
            "retrieved_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "sha256": sha256,
            "bytes": len(data),
            "outcome": outcome,
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        _write(self._path(question, ".request.json"), _json(question.body))
        _write(path, data)
        _write(self._path(question, ".card.json"), _json(card))
        return Answer(question, path, sha256, outcome, was_kept=False)

    def _path(self, question: Question, ending: str) -> Path:
        return self.folder / f"{question.key}{ending}"


def _content(data: bytes) -> dict[str, Any]:
    """The answer as JSON that says success.

    Raises:
        _AskAgain: an error page or half an answer.
        DownloadStopped: the site says in words that it will not answer.
    """
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        raise _AskAgain("no whole JSON") from None
    if not isinstance(content, dict) or not content.get("success"):
        said = content.get("message") if isinstance(content, dict) else content
        raise DownloadStopped(f"the site says no: {shortened(said)}")
    return content


def _outcome(data: bytes) -> Literal["figures", "empty"]:
    return "figures" if _holds_a_value(_content(data).get("data")) else "empty"


def _holds_a_value(part: object) -> bool:
    """Whether any `value` within is not blank."""
    open_parts = [part]
    while open_parts:
        current = open_parts.pop()
        if isinstance(current, list):
            open_parts.extend(current)
        elif isinstance(current, dict):
            if str(current.get("value") or "").strip() or current.get("value") == 0:
                return True
            open_parts.extend(value for value in current.values() if isinstance(value, (dict, list)))
    return False


def _retry_after(response: httpx.Response) -> float | None:
    text = response.headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdigit() else None


def _json(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, whenever the process ends."""
    beside = path.with_name(f"{path.name}.part")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
