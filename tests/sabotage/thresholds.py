"""`make thresholds`: derive how far is far for plausibility from one half of the indicators, and try it on the other.

Indicators fall into two halves by a hash of their name. In the one half figures are falsified, and of all pairs of a
multiple of the usual deviation and a smallest distance that one is taken which finds most of them while no more than
so many of the true figures are asked about (`ASKED`). The other half, which is not looked at until then, says how good
the pair is: the same two shares once more.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import itertools
import random
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from tests.conftest import CHECKOUT, copy_of_project, gongfu
from tests.sabotage.laboratory import compile_models

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SEED_FILE = CHECKOUT / "dbt_project" / "seeds" / "rules" / "plausibility_thresholds.csv"
PAGE = CHECKOUT / "docs" / "quality.md"
BEGIN, END = "<!-- thresholds: begin -->", "<!-- thresholds: end -->"
#: Of a thousand true figures of a kind a rule may ask about so many. What a place lives of explains most of what sets
#: it apart in a table: of the half that is looked at eight of ten questions were none where two of a thousand were
#: allowed, and seven of ten questions about two columns where it was half a one.
ASKED = {"continuity": 2.0, "change_of_other_places": 2.0, "other_places": 0.5, "structure": 0.2}
#: One figure in so many is falsified.
ONE_IN = 40
SEED = 20261125
PERCENTAGES, LEVELS = "is_percentage", "not is_percentage"
TOTALS, PER_HEAD = f"{LEVELS} and is_additive", f"{LEVELS} and not is_additive"


@dataclass(frozen=True)
class Tuned:
    """Two thresholds of a rule that are chosen together for one kind of figures.

    Attributes:
        rule: a rule of `quality.plausibility`.
        kind: which figures, as a condition on `int_plausibility_figures`.
        deviations, least: names of the thresholds, and the values that are tried.
    """

    rule: str
    kind: str
    deviations: tuple[str, tuple[float, ...]]
    least: tuple[str, tuple[float, ...]]


MULTIPLES = (3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
POINTS = (1.0, 1.5, 2.5, 4.0, 6.0)
CHANGES = (0.02, 0.05, 0.1, 0.15, 0.25)
TUNED = (
    Tuned("continuity", PERCENTAGES, ("deviations_points", MULTIPLES), ("least_points", POINTS)),
    Tuned("continuity", LEVELS, ("deviations_relative", MULTIPLES), ("least_relative", CHANGES)),
    Tuned("change_of_other_places", PERCENTAGES, ("deviations_points", MULTIPLES), ("least_points", POINTS)),
    Tuned("change_of_other_places", LEVELS, ("deviations_relative", MULTIPLES), ("least_relative", CHANGES)),
    Tuned("other_places", PERCENTAGES, ("deviations_points", MULTIPLES), ("least_points", POINTS)),
    Tuned("other_places", TOTALS, ("deviations_additive", MULTIPLES), ("least_additive", (0.7, 1.0, 1.5, 2.0, 2.5))),
    Tuned("other_places", PER_HEAD, ("deviations_relative", MULTIPLES), ("least_relative", (0.1, 0.2, 0.3, 0.4, 0.6))),
    Tuned("structure", LEVELS, ("deviations", MULTIPLES), ("least", (0.03, 0.1, 0.2, 0.4, 0.7))),
)
MODELS = ("int_plausibility_series", "int_plausibility_tables")
Pair = tuple[float, float]


@dataclass(frozen=True)
class Outcome:
    """Of one half and kind: true figures, those asked about, falsified ones, those found."""

    true: int
    asked: int
    falsified: int
    found: int

    @property
    def asked_of_a_thousand(self) -> float:
        """Questions about true figures, of a thousand."""
        return 1000 * self.asked / max(self.true, 1)


class Ground:
    """A copy of a built warehouse in which thresholds and figures may be changed, and the two models made again."""

    def __init__(self, warehouse: Path, models: Mapping[str, str]) -> None:
        self.models = {name: models[name] for name in MODELS}
        self.connection = duckdb.connect(str(warehouse))
        self.connection.execute("create table true_figures as from quality.int_plausibility_figures")
        self.connection.create_function("half_of", half_of, ["varchar"], "varchar")
        self.connection.execute("create table false_figures as select *, half_of(indicator) as half from true_figures")
        self.connection.execute("alter table false_figures add column is_false boolean default false")
        self._falsify()

    def _falsify(self) -> None:
        chance = random.Random(SEED)
        values = self.connection.execute(
            "select figure_id, obs_value, is_percentage from true_figures "
            "where is_current and time_basis <> 'target' and measure <> 'rank' and obs_value <> 0 order by figure_id"
        ).fetchall()
        for figure_id, value, is_percentage in chance.sample(values, len(values) // ONE_IN):
            self.connection.execute(
                "update false_figures set obs_value = ?, is_false = true where figure_id = ?",
                [falsified(value, chance, is_percentage=is_percentage), figure_id],
            )

    def outcomes(self, pairs: Mapping[Tuned, Pair]) -> dict[tuple[Tuned, str], Outcome]:
        """What the rules say of true and of falsified figures with these thresholds, by kind and half."""
        for tuned, (deviations, least) in pairs.items():
            for name, value in ((tuned.deviations[0], deviations), (tuned.least[0], least)):
                self.connection.execute(
                    "update reference.plausibility_thresholds set value = ? where rule = ? and threshold = ?",
                    [value, tuned.rule, name],
                )
        self._flag("true_figures", "asked")
        self._flag("false_figures", "said")
        found: dict[tuple[Tuned, str], Outcome] = {}
        for tuned in pairs:
            rows = self.connection.execute(
                f"""
                select half, count(*) filter (not is_false),
                    count(*) filter (not is_false and figure_id in (select figure_id from asked where rule = $rule)),
                    count(*) filter (is_false),
                    count(*) filter (is_false and figure_id in (select figure_id from said where rule = $rule))
                from false_figures where {tuned.kind} group by half
                """,
                {"rule": tuned.rule},
            ).fetchall()
            found |= {(tuned, half): Outcome(*counts) for half, *counts in rows}
        return found

    def any_rule(self, half: str) -> str:
        """Of a thousand true figures of a half those asked about by any rule, and the falsified ones found by any."""
        asked, found, falsified = self.connection.execute(
            """
            select round(1000 * avg(cast(figure_id in (select figure_id from asked) as integer)), 1),
                count(*) filter (is_false and figure_id in (select figure_id from said)),
                count(*) filter (is_false)
            from false_figures where half = ?
            """,
            [half],
        ).fetchall()[0]
        return f"{asked} | {found} of {falsified}"

    def _flag(self, figures: str, into: str) -> None:
        columns = "columns(* exclude (half, is_false))" if figures == "false_figures" else "*"
        self.connection.execute(
            f"create or replace table quality.int_plausibility_figures as select {columns} from {figures}"
        )
        union = " union all ".join(f"select figure_id, rule from ({sql})" for sql in self.models.values())
        self.connection.execute(f"create or replace temp table {into} as {union}")


def half_of(indicator: str) -> str:
    """Whether thresholds are derived from an indicator or tried on it."""
    return "derived" if hashlib.sha256(indicator.encode()).digest()[0] % 2 else "held out"


def falsified(value: float, chance: random.Random, *, is_percentage: bool) -> float:
    """A value typed wrongly: the decimal point moved, two digits swapped, or a percent as a fraction."""
    ways = [value * 10, value / 10, _swapped(value, chance)]
    return chance.choice([*ways, value / 100] if is_percentage else ways)


def _swapped(value: float, chance: random.Random) -> float:
    text = format(value, "f").rstrip("0").rstrip(".")
    places = [at for at in range(len(text) - 1) if (text[at : at + 2]).isdigit() and text[at] != text[at + 1]]
    if not places:
        return value * 10
    at = chance.choice(places)
    return float(text[:at] + text[at + 1] + text[at] + text[at + 2 :])


def derived(ground: Ground) -> dict[Tuned, Pair]:
    """For each kind the best pair of the half that is looked at; the one of the seed where all ask too much."""
    best: dict[Tuned, tuple[tuple[int, int], Pair]] = {}
    for places in _grid():
        pairs = {tuned: (tuned.deviations[1][places[0]], tuned.least[1][places[1]]) for tuned in TUNED}
        outcomes = ground.outcomes(pairs)
        for tuned, pair in pairs.items():
            outcome = outcomes[tuned, "derived"]
            merit = (outcome.found, -outcome.asked)
            if outcome.asked_of_a_thousand <= ASKED[tuned.rule] and (tuned not in best or merit > best[tuned][0]):
                best[tuned] = merit, pair
    return {tuned: best[tuned][1] if tuned in best else in_seed(tuned) for tuned in TUNED}


def _grid() -> Iterator[tuple[int, int]]:
    return itertools.product(range(len(MULTIPLES)), range(len(POINTS)))


def in_seed(tuned: Tuned) -> Pair:
    """The pair that is in force."""
    with SEED_FILE.open(encoding="utf-8", newline="") as file:
        values = {(row["rule"], row["threshold"]): float(row["value"]) for row in csv.DictReader(file)}
    return values[tuned.rule, tuned.deviations[0]], values[tuned.rule, tuned.least[0]]


def report(ground: Ground, pairs: Mapping[Tuned, Pair]) -> str:
    """The table of thresholds, with what they do in either half."""
    outcomes = ground.outcomes(pairs)
    lines = [
        "| rule | figures | usual deviations | at least | half | asked of 1 000 true | found of falsified |",
        "|---|---|--:|--:|---|--:|--:|",
    ]
    for tuned, (deviations, least) in pairs.items():
        kind = {PERCENTAGES: "percentages", LEVELS: "levels", TOTALS: "totals", PER_HEAD: "per head"}[tuned.kind]
        for half in ("derived", "held out"):
            outcome = outcomes[tuned, half]
            lines.append(
                f"| {tuned.rule} | {kind} | {deviations:g} | {least:g} | {half} | {outcome.asked_of_a_thousand:.1f} "
                f"| {outcome.found} of {outcome.falsified} |"
            )
    lines += [f"| any of these | all | | | {half} | {ground.any_rule(half)} |" for half in ("derived", "held out")]
    return "\n".join(lines)


def write(pairs: Mapping[Tuned, Pair]) -> None:
    """The values into the seed, each line otherwise as it stands."""
    values = {
        (tuned.rule, name): value
        for tuned, pair in pairs.items()
        for name, value in zip((tuned.deviations[0], tuned.least[0]), pair, strict=True)
    }
    with SEED_FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows = [[*row[:2], f"{values[row[0], row[1]]:g}", *row[3:]] if (row[0], row[1]) in values else row for row in rows]
    with SEED_FILE.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def main(arguments: Sequence[str] | None = None) -> None:
    """Derive, print, and write the seed and the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", action="store_true", help="try the thresholds that stand, derive none")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        everything = [source.name for source in (CHECKOUT / "raw").iterdir() if source.is_dir()]
        project = copy_of_project(Path(folder) / "project", sources=everything)
        done = gongfu(project, "build")
        if done.returncode:
            sys.exit(done.stderr)
        models = compile_models(project)
        copy = Path(folder) / "gongfu.duckdb"
        shutil.copyfile(project.published, copy)
        copy.chmod(0o644)
        ground = Ground(copy, models)
        pairs = {tuned: in_seed(tuned) for tuned in TUNED}
        before = report(ground, pairs)
        if options.keep:
            sys.stdout.write(before + "\n")
            return
        pairs = derived(ground)
        table = report(ground, pairs)
    sys.stdout.write(f"{before}\n\n{table}\n")
    write(pairs)
    text = PAGE.read_text(encoding="utf-8")
    start, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{start}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
