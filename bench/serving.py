"""What `gongfu serve` answers in a second beside Datasette: same rows, same format, no cache, one worker each.

Both serve the figures to use today: gongfu from its warehouse as SDMX-CSV, Datasette by SQL from a SQLite file of the
rows of that very CSV, indexed. Five typical requests are sent to one and the other in turn, by clients that ask again
as soon as they are answered. Datasette is the extra `serving-bench`; without it gongfu is measured alone, and that is
said. GONGFU_BENCH_REQUESTS says how many requests each is sent of a kind.
"""

from __future__ import annotations

import csv
import http.client
import io
import os
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKOUT = Path(__file__).resolve().parents[1]
REQUESTS = int(os.environ.get("GONGFU_BENCH_REQUESTS", "200"))
ROUNDS, CLIENTS = 3, 4
CSV = {"Accept": "application/vnd.sdmx.data+csv;version=2.0.0", "Accept-Encoding": "identity"}
#: What is asked: its name, as a key of SDMX, and as a condition of SQL.
ASKED = (
    ("one series", "A.330000.gdp._T.flow._Z", "FREQ='A' and REF_AREA='330000' and INDICATOR='gdp' and BREAKDOWN='_T'"
     " and TIME_BASIS='flow' and BASE_PERIOD='_Z'"),
    ("provinces in a year", "A..gdp._T.flow._Z?startPeriod=2022&endPeriod=2022", "FREQ='A' and INDICATOR='gdp' and"
     " BREAKDOWN='_T' and TIME_BASIS='flow' and BASE_PERIOD='_Z' and PERIOD_START>='2022-01-01' and"
     " PERIOD_END<='2022-12-31'"),
    ("a place, everything", ".330000....", "REF_AREA='330000'"),
    ("an indicator, everywhere", "..income_disposable_per_capita...", "INDICATOR='income_disposable_per_capita'"),
    ("the largest indicator", "..gdp...", "INDICATOR='gdp'"),
)  # fmt: skip
ORDER = "FREQ, REF_AREA, INDICATOR, BREAKDOWN, TIME_BASIS, BASE_PERIOD, PERIOD_START, PERIOD_END"


@dataclass
class Server:
    """A server under measurement: its port and process, and of each request the seconds that it took."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    seconds: dict[str, list[float]] = field(default_factory=dict)
    rates: dict[str, list[float]] = field(default_factory=dict)

    def memory(self) -> float:
        """The most that it has held, in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1000


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(port: int, path: str) -> tuple[int, bytes]:
    """One answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    try:
        connection.request("GET", path, headers=CSV)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@contextmanager
def running(name: str, command: list[str], port: int, environment: dict[str, str]) -> Iterator[Server]:
    """A server, from when it answers until the end of the block."""
    process = subprocess.Popen(
        command, cwd=CHECKOUT, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while True:
            try:
                get(port, "/")
                break
            except OSError:
                if process.poll() is not None:
                    sys.exit(f"{name} did not start: {' '.join(command)}")
                time.sleep(0.1)
        yield Server(name, port, process)
    finally:
        process.terminate()
        process.wait()


def sqlite_of(port: int, path: Path) -> int:
    """The rows of gongfu's own CSV as a SQLite table with an index on each dimension; how many they are."""
    _, body = get(port, "/sdmx/data/CURRENT")
    head, *rows = csv.reader(io.StringIO(body.decode()))
    with sqlite3.connect(path) as connection:
        connection.execute(f"create table current ({', '.join(f'{name} text' for name in head)})")
        connection.executemany(f"insert into current values ({', '.join('?' * len(head))})", rows)  # noqa: S608
        for name in ("REF_AREA", "INDICATOR", "PERIOD_START"):
            connection.execute(f"create index by_{name} on current ({name})")
        connection.execute("analyze")
    connection.close()
    return len(rows)


def measure(server: Server, name: str, path: str, requests: int) -> None:
    """Send one request again and again from `CLIENTS` clients."""
    left = iter(range(requests))
    lock = threading.Lock()
    took: list[float] = []

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=600)
        while True:
            with lock:
                if next(left, None) is None:
                    break
            begun = time.perf_counter()
            connection.request("GET", path, headers=CSV)
            answer = connection.getresponse()
            answer.read()
            took.append(time.perf_counter() - begun)
            if answer.status != 200:
                sys.exit(f"{server.name} answered {answer.status} to {path}")
        connection.close()

    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    begun = time.perf_counter()
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    server.rates.setdefault(name, []).append(requests / (time.perf_counter() - begun))
    server.seconds.setdefault(name, []).extend(took)


def told(server: Server, name: str) -> str:
    """Requests a second (median of the rounds), p50 and p99 in milliseconds."""
    ordered = sorted(server.seconds[name])
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return f"{statistics.median(server.rates[name]):>9.1f} {statistics.median(ordered) * 1e3:>8.1f} {p99 * 1e3:>8.1f}"


def rows_of(body: bytes) -> list[str]:
    """The lines of a CSV without its head, in one order."""
    return sorted(",".join(row) for row in list(csv.reader(io.StringIO(body.decode("utf-8"))))[1:])


def main() -> None:
    """Print a table: requests, bytes, and of each server requests a second, p50, p99 and memory."""
    root = os.environ.get("GONGFU_ROOT", str(CHECKOUT))
    datasette = shutil.which("datasette", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        port = free_port()
        command = [sys.executable, "-m", "pipelines", "serve", "--port", str(port)]
        servers = [opened.enter_context(running("gongfu", command, port, {"GONGFU_ROOT": root}))]
        if datasette:
            rows, port = sqlite_of(servers[0].port, folder / "bench.db"), free_port()
            settings = {
                "max_returned_rows": "1000000", "sql_time_limit_ms": "60000", "default_cache_ttl": "0",
                "num_sql_threads": "4", "max_csv_mb": "0", "facet_time_limit_ms": "1",
            }  # fmt: skip
            command = [datasette, "serve", str(folder / "bench.db"), "--port", str(port)]
            for name, value in settings.items():
                command += ["--setting", name, value]
            servers.append(opened.enter_context(running("datasette", command, port, {})))
            print(f"{rows} rows in both")
        else:
            print("datasette is not installed (pip install -e '.[serving-bench]'): gongfu is measured alone")
        paths: dict[str, dict[str, str]] = {}
        for name, key, condition in ASKED:
            sql = f"select * from current where {condition} order by {ORDER}"  # noqa: S608 - the bench's own words
            paths[name] = {
                "gongfu": f"/sdmx/data/CURRENT/{key}",
                "datasette": f"/bench.csv?{urlencode({'sql': sql, '_size': 'max'})}",
            }
            bodies = [get(each.port, paths[name][each.name])[1] for each in servers]
            if len({tuple(rows_of(each)) for each in bodies}) > 1:
                sys.exit(f"{name}: the answers differ")
            for _ in range(ROUNDS):
                for each in servers:
                    measure(each, name, paths[name][each.name], max(CLIENTS, REQUESTS // ROUNDS))
            for each in servers:
                size = len(bodies[servers.index(each)])
                print(f"{name:>25} {size / 1000:>8.0f} kB {each.name:>10} {told(each, name)}")
            if datasette:
                ratio = statistics.median(
                    one / other for one, other in zip(servers[0].rates[name], servers[1].rates[name], strict=True)
                )
                print(f"{'':>25} {'':>11} {'ratio':>10} {ratio:>9.2f}")
        for each in servers:
            print(f"{each.name}: at most {each.memory():.0f} MB of memory")


if __name__ == "__main__":
    main()
