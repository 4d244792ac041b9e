"""`make bench`: gongfu's build against a plain composition of the same steps, in turn, on this machine.

Each round runs them on a copy of the project; the table gives medians, and ratios pair by pair, since the machine's
own speed drifts. The plain composition is measured in two forms: one step per source (as the asset graph has them), and
with the landing of all sources in a single step, which is kinder to it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
ROUNDS = int(os.environ.get("GONGFU_BENCH_ROUNDS", "3"))


def copy_of_project(root: Path) -> Path:
    """A checkout without what builds made."""
    shutil.copytree(CHECKOUT / "raw", root / "raw")
    ignored = shutil.ignore_patterns("target", "logs", ".user.yml")
    shutil.copytree(CHECKOUT / "dbt_project", root / "dbt_project", ignore=ignored)
    return root


def timed(root: Path, arguments: list[str], **environment: str) -> float:
    """Wall time of one command on the project at `root`, in seconds."""
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
    began = time.monotonic()
    done = subprocess.run(arguments, cwd=root, env=env | environment, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - began
    if done.returncode:
        sys.exit(f"{' '.join(arguments)} failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return seconds


def change_one_source(root: Path, times: int) -> None:
    """Print another value into one source, and its card's hash with it."""
    folder = root / "raw" / "zj_income_2020"
    table = folder / "figures.csv"
    before = hashlib.sha256(table.read_bytes()).hexdigest()
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    cells = lines[1].split(",")
    cells[5] = str(50_000 + times)
    lines[1] = ",".join(cells)
    table.write_text("".join(lines), encoding="utf-8")
    card = folder / "source.yaml"
    after = hashlib.sha256(table.read_bytes()).hexdigest()
    card.write_text(card.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")


def main() -> None:
    """Run the rounds and print the table."""
    plain = [PYTHON, "-m", "dagster", "job", "execute", "-m", "bench.plain_composition", "-j", "plain"]
    build = [PYTHON, "-m", "pipelines", "build"]
    names = ("plain", "plain, landing in one step", "full build", "one source changed", "nothing changed")
    seconds: dict[str, list[float]] = {name: [] for name in names}
    with tempfile.TemporaryDirectory() as folder:
        theirs = copy_of_project(Path(folder) / "plain")
        ours = copy_of_project(Path(folder) / "gongfu")
        # parses the dbt project once, as `dagster dev` does
        timed(theirs, [PYTHON, "-c", "import bench.plain_composition"], DAGSTER_IS_DEV_CLI="1")
        timed(ours, [*build, "--full"])
        for turn in range(ROUNDS):
            if turn == 0:  # minutes long, and far from the others
                seconds["plain"].append(timed(theirs, plain))
            seconds["full build"].append(timed(ours, [*build, "--full"]))
            seconds["plain, landing in one step"].append(timed(theirs, plain, GONGFU_BENCH_LANDING="one_step"))
            change_one_source(ours, turn)
            seconds["one source changed"].append(timed(ours, build))
            seconds["nothing changed"].append(timed(ours, build))
    print(f"{'seconds':32}{'runs':>6}{'min':>8}{'median':>8}{'max':>8}")
    for name, measured in seconds.items():
        row = f"{min(measured):8.1f}{statistics.median(measured):8.1f}{max(measured):8.1f}"
        print(f"{name:32}{len(measured):6}{row}")
    print()
    for over, under in (
        ("full build", "plain"),
        ("full build", "plain, landing in one step"),
        ("one source changed", "full build"),
    ):
        ratio = statistics.median(a / b for a, b in zip(seconds[over], seconds[under], strict=False))
        print(f"{over} / {under}: {ratio:.2f}")


if __name__ == "__main__":
    main()
