"""`make bench`: gongfu's build against a plain composition of the same steps, in turn, on this machine.

Each round runs them on a copy of the project; the table gives medians, and ratios pair by pair, since the machine's
own speed drifts. Beside the time on the clock stands that of the processors (of all processes), which a busy machine
does not lengthen. The plain composition is measured in two forms: one step per source (as the asset graph has them),
and with the landing of all sources in a single step, which is kinder to it.
"""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

CHECKOUT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
ROUNDS = int(os.environ.get("GONGFU_BENCH_ROUNDS", "3"))
#: A source with a figure that no relation of the audit looks at, so that another value of it is published.
CHANGED = "cctv_disability_day_2022"
_PRINTED = 881.6


class Took(NamedTuple):
    """What a command took: seconds on the clock, and of the processors."""

    seconds: float
    processor: float


def copy_of_project(root: Path) -> Path:
    """A checkout without what builds made."""
    shutil.copytree(CHECKOUT / "raw", root / "raw")
    ignored = shutil.ignore_patterns("target", "logs", ".user.yml")
    shutil.copytree(CHECKOUT / "dbt_project", root / "dbt_project", ignore=ignored)
    return root


def timed(root: Path, arguments: list[str], **environment: str) -> Took:
    """Run one command on the project at `root`."""
    home = root / "warehouse" / ".dagster"
    home.mkdir(parents=True, exist_ok=True)
    building = root / "warehouse" / ".build" / "gongfu.duckdb"
    env = os.environ | {
        "GONGFU_ROOT": str(root),
        "DAGSTER_HOME": str(home),
        "GONGFU_BUILDING": str(building),
        "PYTHONPATH": str(CHECKOUT),
        "DAGSTER_DISABLE_TELEMETRY": "1",
        "PATH": f"{Path(PYTHON).parent}{os.pathsep}{os.environ.get('PATH', '')}",
    }
    began, spent = time.monotonic(), _spent_by_children()
    done = subprocess.run(arguments, cwd=root, env=env | environment, capture_output=True, text=True, check=False)
    took = Took(time.monotonic() - began, _spent_by_children() - spent)
    if done.returncode:
        sys.exit(f"{' '.join(arguments)} failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return took


def change_one_source(root: Path, times: int) -> None:
    """Print another value into one source, and its card's hash with it."""
    folder = root / "raw" / CHANGED
    table = folder / "figures.csv"
    before = hashlib.sha256(table.read_bytes()).hexdigest()
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    cells = lines[1].split(",")
    cells[5] = f"{_PRINTED - 0.1 * (times + 1):.1f}"
    lines[1] = ",".join(cells)
    table.write_text("".join(lines), encoding="utf-8")
    card = folder / "source.yaml"
    after = hashlib.sha256(table.read_bytes()).hexdigest()
    card.write_text(card.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")


def main() -> None:
    """Run the rounds and print the table."""
    plain = [PYTHON, "-m", "dagster", "job", "execute", "-m", "bench.plain_composition", "-j", "plain"]
    build = [PYTHON, "-m", "pipelines", "build"]
    names = (
        "plain",
        "plain, landing in one step",
        "full build",
        "one source changed",
        "nothing changed",
        "import dagster",
    )
    taken: dict[str, list[Took]] = {name: [] for name in names}
    with tempfile.TemporaryDirectory() as folder:
        theirs = copy_of_project(Path(folder) / "plain")
        ours = copy_of_project(Path(folder) / "gongfu")
        # parses the dbt project once, as `dagster dev` does
        timed(theirs, [PYTHON, "-c", "import bench.plain_composition"], DAGSTER_IS_DEV_CLI="1")
        timed(ours, [*build, "--full"])
        for turn in range(ROUNDS):
            if turn == 0:  # minutes long, and far from the others
                taken["plain"].append(timed(theirs, plain))
            taken["full build"].append(timed(ours, [*build, "--full"]))
            taken["plain, landing in one step"].append(timed(theirs, plain, GONGFU_BENCH_LANDING="one_step"))
            change_one_source(ours, turn)
            taken["one source changed"].append(timed(ours, build))
            taken["nothing changed"].append(timed(ours, build))
            taken["import dagster"].append(timed(ours, [PYTHON, "-c", "import dagster"]))
        print(f"{'':32}{'runs':>6}{'seconds':>9}{'of processors':>15}")
        for name, several in taken.items():
            seconds, processor = (statistics.median(each) for each in zip(*several, strict=True))
            print(f"{name:32}{len(several):6}{seconds:9.1f}{processor:15.1f}")
        print(f"\n{'':56}{'seconds':>9}{'of processors':>15}")
        for over, under in (
            ("full build", "plain"),
            ("full build", "plain, landing in one step"),
            ("one source changed", "plain, landing in one step"),
            ("nothing changed", "import dagster"),
        ):
            pairs = list(zip(taken[over], taken[under], strict=False))
            seconds = statistics.median(one.seconds / other.seconds for one, other in pairs)
            processor = statistics.median(one.processor / other.processor for one, other in pairs)
            print(f"{f'{over} / {under}':56}{seconds:9.2f}{processor:15.2f}")
        change_one_source(ours, ROUNDS)
        for title, how in (("one source changed", []), ("full build", ["--full"])):
            print(f"\nthe parts of: {title}", flush=True)
            subprocess.run(
                [PYTHON, "-m", "bench.split", *how],
                cwd=CHECKOUT,
                env=os.environ | {"GONGFU_ROOT": str(ours), "DAGSTER_HOME": str(ours / "warehouse" / ".dagster")},
                check=True,
            )


def _spent_by_children() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


if __name__ == "__main__":
    main()
