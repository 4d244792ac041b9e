"""Ten, a hundred and a thousand bureau exports, from the file to the warehouse; then one of the thousand changes.

Every export has the real shape (title rows, GB18030, notes below): 31 provinces, 20 years, one indicator, 620 figures.
The indicators are those that the crosswalk knows; each is printed by several exports, as real ones are.
"""

from __future__ import annotations

import csv
import hashlib
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import duckdb

from pipelines.printed.heads import indicator_and_unit
from pipelines.project import Project
from pipelines.receiving import landing
from pipelines.receiving.landing import Landed

CHECKOUT = Path(__file__).resolve().parents[1]
REFERENCE = CHECKOUT / "dbt_project" / "seeds" / "reference"
SIZES = tuple(int(size) for size in os.environ.get("GONGFU_BENCH_SOURCES", "10,100,1000").split(","))
YEARS = range(2022, 2002, -1)


def main() -> None:
    """Print a table: sources, figures, seconds to read them, milliseconds a source; then whole builds."""
    indicators = known_indicators()
    print(f"{'sources':>8} {'figures':>9} {'read s':>8} {'ms a source':>12} {'against the first':>18}")
    first = None
    with tempfile.TemporaryDirectory() as folder:
        land(Path(folder) / "warm", 1, indicators)  # imports, once
        for size in SIZES:
            project, landed, seconds = land(Path(folder) / str(size), size, indicators)
            refused = [problem for one in landed for problem in one.problems]
            if refused:
                sys.exit(f"the generated exports are not sound: {refused[0]}")
            each = seconds / size * 1000
            first = first or each
            figures = sum(one.accepted for one in landed)
            print(f"{size:>8} {figures:>9} {seconds:>8.1f} {each:>12.1f} {each / first:>18.2f}")
        shutil.copytree(
            CHECKOUT / "dbt_project", project.root / "dbt_project", ignore=shutil.ignore_patterns("target", "logs")
        )
        shutil.rmtree(project.warehouse)
        print(f"\nthe whole build of {SIZES[-1]} sources: {build(project)}")
        write_export(project.raw, 0, *indicators[0], seed=1)
        print(f"after one of them changed: {build(project)}")
        with duckdb.connect(str(project.published), read_only=True) as connection:
            print("observations:", *connection.execute("select count(*) from facts.observations").fetchone())


Indicator = tuple[str, str, Decimal, Decimal]


def land(root: Path, size: int, indicators: list[Indicator]) -> tuple[Project, list[Landed], float]:
    """Write so many exports and land them; the project, what became of each source, and the seconds of landing."""
    project = Project(root)
    for number in range(size):
        write_export(project.raw, number, *indicators[number % len(indicators)])
    project.landing.mkdir(parents=True)
    began = time.monotonic()
    landed = list(landing.land_all(project))
    return project, landed, time.monotonic() - began


def known_indicators() -> list[Indicator]:
    """Label, unit words, and the range in that unit, of what the general crosswalk knows without further words."""

    def rows(name: str) -> list[dict[str, str]]:
        with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    catalogue = {row["indicator"]: row for row in rows("indicators")}
    words = {(row["unit_measure"], row["unit_mult"]): row for row in rows("unit_words") if row["factor"] == "1"}
    found = []
    for row in rows("crosswalk"):
        indicator = catalogue[row["indicator"]]
        plain = row["source_id"] == "*" and not (row["breakdown"] or row["period_from"] or row["unit_override"])
        unit = words.get((indicator["unit_measure"], "0"))
        if not plain or unit is None or indicator["measure"] not in ("level", "share") or row["time_basis"]:
            continue
        low, high = Decimal(indicator["plausible_low"] or "0"), Decimal(indicator["plausible_high"] or "100")
        head = f"{row['label']}({unit['unit_printed']})"
        if high - low > 2 and indicator_and_unit(head) == (row["label"], unit["unit_printed"]):
            found.append((row["label"], unit["unit_printed"], low, high))
    return found


def write_export(raw: Path, number: int, label: str, unit: str, low: Decimal, high: Decimal, seed: int = 0) -> None:
    """One source: an export as the bureau's site writes it, and its card."""
    draw = random.Random(f"{number}:{seed}")  # noqa: S311 - figures for a bench
    with (REFERENCE / "areas.csv").open(encoding="utf-8", newline="") as stream:
        provinces = [row["name_zh"] for row in csv.DictReader(stream) if row["area_level"] == "province"][:31]
    lines = [
        "数据库：分省年度数据",
        f"指标：{label}({unit})",
        "时间：最近20年",
        "地区," + ",".join(f"{year}年" for year in YEARS),
    ]
    middle = float((low + high) / 2) if high < 1000 else float(low.max(Decimal(1))) * 1.5 + float(high) ** 0.5
    middle = min(max(middle, float(low)), float(high))
    for province in provinces:
        lines.append(",".join([province, *(f"{middle * (0.95 + 0.1 * draw.random()):.2f}" for _ in YEARS)]))
    lines += ["注：2022年为初步核算数。", "数据来源：国家统计局"]
    data = "\r\n".join([*lines, ""]).encode("gb18030")
    folder = raw / f"export_{number:04d}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "分省年度数据.csv").write_bytes(data)
    day = f"20{23 + number % 3}-{1 + number % 12:02d}-{1 + number % 28:02d}"
    (folder / "source.yaml").write_text(
        f"source_id: export_{number:04d}\ntitle: 分省年度数据\ntitle_en: Yearly data\npublisher: 国家统计局\n"
        f"publisher_en: National Bureau of Statistics\npublished_on: '{day}'\nretrieved_on: 2026-11-24\n"
        "licence: generated\nreader: bureau_export\nfiles:\n- path: 分省年度数据.csv\n"
        f"  sha256: {hashlib.sha256(data).hexdigest()}\n",
        encoding="utf-8",
    )


def build(project: Project) -> str:
    """Build as a user does; the time, and how many sources were read."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "build"],
        cwd=CHECKOUT,
        env=os.environ | {"GONGFU_ROOT": str(project.root)},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - began
    read = re.search(r"read anew: (\d+)", done.stdout)
    said = f"{read[1]} read" if read else (done.stderr or done.stdout).strip().splitlines()[-1]
    return f"{seconds:.0f} s, {said}"


if __name__ == "__main__":
    main()
