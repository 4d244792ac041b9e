"""A real `gongfu serve` is read by several clients while a build is published and taken back: no request fails."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb
import httpx
import pytest

from pipelines.project import Project
from tests.conftest import CHECKOUT, gongfu
from tests.ui.conftest import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATHS = (
    "/healthz",
    "/sdmx/data/CURRENT/A.330000.gdp...",
    "/sdmx/data/CURRENT?detail=dataonly",
    "/sdmx/codelist/GONGFU/CL_INDICATOR",
    "/sdmx/availableconstraint/CURRENT/A..gdp...",
    "/quality_report/summary.html",
)
#: A reader that has not had an answer after so long will never have one; no test passes sooner or later by it.
NEVER_SECONDS = 600
PUBLISH = "import sys; from pipelines.project import current; from pipelines.publishing import store; "


class Reader(threading.Thread):
    """Asks the same again and again, until it is told to stop; remembers which build answered, and what failed."""

    def __init__(self, address: str, path: str) -> None:
        super().__init__(daemon=True)
        self._address, self._path = address, path
        self._news = threading.Condition()
        self.builds: list[str] = []
        self.failed: list[str] = []
        self.stopped = False

    def run(self) -> None:
        with httpx.Client(base_url=self._address, timeout=NEVER_SECONDS) as client:
            while not self.stopped:
                try:
                    answer = client.get(self._path)
                    build = answer.headers.get("etag", "").removeprefix('W/"').partition("-")[0]
                    if self._path == "/healthz":
                        build = answer.json()["hash"]
                    failure = "" if answer.status_code == 200 else f"{answer.status_code} {answer.text[:200]}"
                except httpx.HTTPError as error:
                    build, failure = "", repr(error)
                with self._news:
                    self.builds.append(build)
                    self.failed += [failure] if failure else []
                    self._news.notify_all()

    def wait_for(self, build: str | None) -> None:
        """Wait until this build has answered; for pages that name none, until two more answers have come."""
        with self._news:
            had = len(self.builds)
            told = self._news.wait_for(
                lambda: self.builds[-1:] == [build] or (build not in self.builds[-1:] and self._anonymous(had)),
                NEVER_SECONDS,
            )
        assert told, (self._path, build, self.builds[-3:])

    def _anonymous(self, had: int) -> bool:
        return self._path.startswith("/quality_report") and len(self.builds) >= had + 2


@contextmanager
def served(project: Project) -> Iterator[str]:
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "pipelines", "serve", "--port", str(port)],
        cwd=CHECKOUT,
        env={"GONGFU_ROOT": str(project.root), "PATH": "/usr/bin:/bin", "PYTHONUNBUFFERED": "1", "LANG": "C.UTF-8"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        assert f":{port}/" in server.stdout.readline()  # it listens from here on
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def build_of(address: str) -> str:
    return str(httpx.get(f"{address}/healthz", timeout=NEVER_SECONDS).json()["hash"])


@pytest.fixture
def project(built: tuple[Project, object], tmp_path: Path) -> Project:
    """The built project, and beside it another build that waits to be published."""
    project = Project(tmp_path)
    project.workshop.mkdir(parents=True)
    shutil.copytree(built[0].quality_report, project.quality_report)
    shutil.copyfile(built[0].published, project.published)
    shutil.copyfile(built[0].published, project.building)
    with duckdb.connect(str(project.published), read_only=True) as connection:
        (version,) = connection.execute("select version from quality.build").fetchone() or ("",)
    shutil.copytree(built[0].quality_report, project.versions / f"{version}.report")  # as its publish kept it
    with duckdb.connect(str(project.building)) as connection:
        connection.execute("update quality.build set version = '20990101T000000Z'")
    return project


def test_a_publish_and_a_way_back_in_the_middle_lose_no_request(project: Project) -> None:
    with served(project) as address:
        readers = [Reader(address, path) for path in PATHS]
        for each in readers:
            each.start()
        old = build_of(address)
        for each in readers:
            each.wait_for(old)
        with httpx.stream("GET", f"{address}/sdmx/data/CURRENT", timeout=NEVER_SECONDS) as long:
            chunks = long.iter_text()
            begun = next(chunks)
            publish = f"{PUBLISH}store.publish(current(), '20990101T000000Z')"
            subprocess.run(
                [sys.executable, "-c", publish],
                cwd=CHECKOUT,
                env={"GONGFU_ROOT": str(project.root)},
                check=True,
            )
            new = build_of(address)
            assert new != old
            for each in readers:
                each.wait_for(new)
            back = gongfu(project, "rollback")
            assert back.returncode == 0, back.stderr
            for each in readers:
                each.wait_for(old)
            whole = begun + "".join(chunks)
        for each in readers:
            each.stopped = True
        for each in readers:
            each.join()
    assert [each.failed for each in readers] == [[] for _ in readers]
    assert f"<mes:ID>gongfu-{old}</mes:ID>" in whole
    assert whole.rstrip().endswith("</mes:GenericData>")
