"""Fetching from the data site: politely, through failures, each answer once and as it came.

A server of our own replays answers; the real site is never asked.
"""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("httpx")
pytest.importorskip("tenacity")

from pipelines.download.statistics_site import DownloadStopped, Question, StatisticsSite

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKOUT = Path(__file__).resolve().parents[2]


def question(period: str = "2025YY") -> Question:
    return Question("a-data-set", "a-catalogue", ("gdp",), ("330000000000",), (period,))


QUESTIONS = [question(f"{year}YY") for year in range(2020, 2025)]


def answer(period: str) -> bytes:
    values = [{"_id": "gdp", "i_showname": "地区生产总值", "value": "77715.4", "da": "330000000000"}]
    content = {"success": True, "state": 20000, "data": [{"code": period, "values": values}]}
    return json.dumps(content, ensure_ascii=False).encode()


EMPTY = json.dumps({"success": True, "state": 20000, "data": []}).encode()


class Server(ThreadingHTTPServer):
    """Answers by a script of (status, body, headers); when it is used up, by the period asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script: list[tuple[int, bytes | None, dict[str, str]]] = []
        self.asked: list[dict[str, Any]] = []
        self.answers_before_silence = sys.maxsize
        self.is_silent, self.speaks_again = threading.Event(), threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(body)
        if len(self.server.asked) > self.server.answers_before_silence:
            self.server.is_silent.set()
            self.server.speaks_again.wait()
        status, data, headers = self.server.script.pop(0) if self.server.script else (200, answer(body["dts"][0]), {})
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if data is None:  # the connection breaks in the middle of the answer
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b'{"success": true, "da')
            self.close_connection = True
            return
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running
    running.speaks_again.set()
    running.shutdown()
    running.server_close()


def site(folder: Path, server: Server, waited: list[float] | None = None, **options: Any) -> StatisticsSite:  # noqa: ANN401
    defaults: dict[str, Any] = {"seconds_between": 0.0, "tries": 4, "first_pause": 0.01}
    if waited is not None:
        defaults["sleep"] = waited.append
    return StatisticsSite(folder, server.address, **(defaults | options))


def test_an_answer_is_kept_as_it_came_with_its_question_and_hash(tmp_path: Path, server: Server) -> None:
    (kept,) = site(tmp_path, server).fetch_all([question()])
    assert kept.path.read_bytes() == answer("2025YY")
    assert kept.sha256 == hashlib.sha256(answer("2025YY")).hexdigest()
    assert (kept.outcome, kept.was_kept) == ("figures", False)
    request = json.loads(kept.path.with_name(f"{question().key}.request.json").read_text(encoding="utf-8"))
    assert request == server.asked[0]
    assert request["das"][0]["value"] == "330000000000"


def test_what_is_kept_is_not_asked_again_unless_it_was_changed(tmp_path: Path, server: Server) -> None:
    (first,) = site(tmp_path, server).fetch_all([question()])
    (again,) = site(tmp_path, server).fetch_all([question()])
    assert again.was_kept
    assert len(server.asked) == 1
    first.path.write_bytes(b"{}")
    (mended,) = site(tmp_path, server).fetch_all([question()])
    assert not mended.was_kept
    assert mended.path.read_bytes() == answer("2025YY")


def test_too_many_requests_an_error_and_a_broken_connection_are_waited_out(tmp_path: Path, server: Server) -> None:
    waited: list[float] = []
    server.script = [(429, b"", {"Retry-After": "7"}), (500, b"", {}), (200, None, {})]
    (kept,) = site(tmp_path, server, waited).fetch_all([question()])
    assert kept.path.read_bytes() == answer("2025YY")
    assert len(server.asked) == 4
    assert waited[0] == 7.0
    assert len(waited) == 3


def test_an_error_page_that_comes_as_success_is_asked_again(tmp_path: Path, server: Server) -> None:
    server.script = [(200, b"<html>busy</html>", {})]
    (kept,) = site(tmp_path, server, []).fetch_all([question()])
    assert kept.outcome == "figures"


def test_a_site_that_goes_on_failing_stops_the_run_and_keeps_what_came(tmp_path: Path, server: Server) -> None:
    server.script = [(200, answer("2020YY"), {})] + [(503, b"", {})] * 4
    with pytest.raises(DownloadStopped, match=r"failed 4 times \(HTTP 503\); run again later"):
        list(site(tmp_path, server, []).fetch_all(QUESTIONS))
    assert [kept.was_kept for kept in site(tmp_path, server, []).fetch_all(QUESTIONS)] == [True] + [False] * 4


@pytest.mark.parametrize(
    ("status", "body"), [(403, b""), (404, b""), (200, b'{"success": false, "message": "no\\nsuch thing"}')]
)
def test_a_refusal_is_not_asked_again(tmp_path: Path, server: Server, status: int, body: bytes) -> None:
    server.script = [(status, body, {})]
    with pytest.raises(DownloadStopped) as stopped:
        list(site(tmp_path, server, []).fetch_all([question()]))
    assert "\n" not in str(stopped.value)
    assert len(server.asked) == 1


def test_an_unknown_id_that_is_answered_with_nothing_is_told_apart_and_asked_again_later(
    tmp_path: Path, server: Server
) -> None:
    server.script = [(200, EMPTY, {})]
    (first,) = site(tmp_path, server).fetch_all([question()])
    assert first.outcome == "empty"
    (later,) = site(tmp_path, server).fetch_all([question()])
    assert (later.outcome, later.was_kept) == ("figures", False)


def test_two_requests_keep_their_distance(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(monotonic=lambda: 5.0)
    monkeypatch.setattr("pipelines.download.statistics_site.time", clock)
    waited: list[float] = []
    slow = site(tmp_path, server, waited, seconds_between=2.0)
    list(slow.fetch_all(QUESTIONS[:1]))
    clock.monotonic = lambda: 5.5
    list(slow.fetch_all(QUESTIONS[1:2]))
    clock.monotonic = lambda: 8.0
    list(slow.fetch_all(QUESTIONS[2:3]))
    assert waited == [1.5]


def test_a_killed_run_goes_on_where_it_stopped(tmp_path: Path, server: Server) -> None:
    server.answers_before_silence = 2
    script = (
        "import sys; from pathlib import Path\n"
        "from tests.download.test_statistics_site import QUESTIONS, StatisticsSite\n"
        "site = StatisticsSite(Path(sys.argv[1]), sys.argv[2], seconds_between=0)\n"
        "for kept in site.fetch_all(QUESTIONS): print(kept.question.periods[0], flush=True)"
    )
    run = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path), server.address], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    )
    assert run.stdout
    assert [run.stdout.readline().strip() for _ in range(2)] == ["2020YY", "2021YY"]
    server.is_silent.wait()
    run.send_signal(signal.SIGKILL)
    run.wait()
    run.stdout.close()
    server.answers_before_silence = sys.maxsize
    asked = len(server.asked)
    answers = list(site(tmp_path, server).fetch_all(QUESTIONS))
    assert [kept.was_kept for kept in answers] == [True, True, False, False, False]
    assert len(server.asked) == asked + 3
    assert [kept.path.read_bytes() for kept in answers] == [answer(f"{year}YY") for year in range(2020, 2025)]


@pytest.mark.parametrize("period", ["2025", "202605SS", "202613MM", "2025YY-2020YY", "2020YY-202602SS", "2025YY\n"])
def test_periods_that_the_site_does_not_know_are_not_asked(period: str) -> None:
    with pytest.raises(DownloadStopped):
        question(period)


@pytest.mark.parametrize("period", ["2025YY", "202602SS", "202608MM", "2006YY-2025YY", "202501MM-202602MM"])
def test_periods_of_the_site(period: str) -> None:
    assert question(period).periods == (period,)


def test_six_digit_areas_are_not_asked() -> None:
    with pytest.raises(DownloadStopped):
        Question("a", "b", ("c",), ("330000",), ("2025YY",))


def test_dagster_offers_the_site_and_no_build_needs_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from pipelines.orchestration.statistics_site import StatisticsSiteResource

    monkeypatch.setenv("GONGFU_ROOT", str(tmp_path))
    asked = StatisticsSiteResource(address="http://127.0.0.1:9").site()
    assert asked.folder == tmp_path / "warehouse" / "downloads"
    assert not asked.folder.exists()
