"""`make mutants`: change the code in small ways drawn by rule, and ask the quick tests whether they notice.

The checkout is never touched: a copy of it is changed, tested and put back. Every survivor needs its reason in
survivors.csv; the table of all stands in docs/mutants.md.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import CHECKOUT
from tests.mutants.areas import AREAS
from tests.mutants.drawn import OF_EACH_AREA, SEED, Mutant, drawn
from tests.mutants.workshop import Workshop

AIM = 0.95
#: So begins the reason of a survivor that is proven to be the same program.
THE_SAME = "the same:"
PAGE = CHECKOUT / "docs" / "mutants.md"
REASONS = Path(__file__).with_name("survivors.csv")


def main() -> None:
    """Draw, try, print, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--area", action="append", help="only this area; the page stays as it is")
    parser.add_argument("--drawn", action="store_true", help="print what is drawn, and try nothing")
    options = parser.parse_args()
    areas = [area for area in AREAS if not options.area or area.name in options.area]
    mutants = [mutant for area in areas for mutant in drawn(area, CHECKOUT)]
    if options.drawn:
        sys.stdout.writelines(f"{told(mutant)}\n" for mutant in mutants)
        return
    with tempfile.TemporaryDirectory() as folder:
        workshop = Workshop(Path(folder) / "checkout")
        for area in areas:
            if area.tests and not workshop.passes(area.tests):
                sys.exit(f"{area.name}: the tests fail on the code as it is")
        if any(mutant.file.endswith(".sql") for mutant in mutants) and not workshop.unit_tests().all_pass():
            sys.exit("dbt's unit tests fail on the models as they are")
        noticed = {}
        for mutant in mutants:
            noticed[mutant] = workshop.is_noticed(mutant)
            sys.stdout.write(f"{'killed  ' if noticed[mutant] else 'survived'} {told(mutant)}\n")
            sys.stdout.flush()
    nameless = [mutant for mutant, was_noticed in noticed.items() if not was_noticed and reason(mutant) is None]
    told_apart = killed_of_those_that_differ(noticed)
    sys.stdout.write(f"{told_apart}; aim {AIM:.0%}\n")
    if not options.area:
        PAGE.write_text(page(noticed), encoding="utf-8")
    if nameless or told_apart.share < AIM:
        sys.exit(f"{len(nameless)} survivors without a reason in {REASONS.relative_to(CHECKOUT)}")


def told(mutant: Mutant) -> str:
    """A mutant in one line."""
    return f"{mutant.area.name}: {mutant.file}:{mutant.line} [{mutant.change.rule}] {mutant.before} → {mutant.after}"


def reason(mutant: Mutant) -> str | None:
    """Why a survivor may live, as survivors.csv says."""
    with REASONS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if (row["file"], row["before"], row["after"]) == (mutant.file, mutant.before, mutant.after):
                return row["reason"]
    return None


@dataclass(frozen=True)
class Count:
    """How many mutants were killed; those that are proven to be the same program are counted apart."""

    mutants: int
    the_same: int
    killed: int

    @property
    def share(self) -> float:
        """Of the mutants that are another program."""
        return self.killed / (self.mutants - self.the_same)

    def __str__(self) -> str:
        return f"{self.mutants} mutants, {self.the_same} proven the same, {self.killed} killed: {self.share:.1%}"


def killed_of_those_that_differ(noticed: dict[Mutant, bool]) -> Count:
    """The count of all mutants; a survivor is proven to be the same program where its reason begins so."""
    same = [one for one, was_noticed in noticed.items() if not was_noticed and (reason(one) or "").startswith(THE_SAME)]
    return Count(len(noticed), len(same), sum(noticed.values()))


def page(noticed: dict[Mutant, bool]) -> str:
    """The page of all mutants: counts by area, and each with what became of it."""
    lines = [
        "# Mutants: small changes that the quick tests should notice",
        "",
        "`make mutants` lists every comparison, boundary, factor, condition and order of the files of each area "
        f"(tests/mutants/areas.py), draws {OF_EACH_AREA} of each by a seed ({SEED}) that was chosen before any was "
        "tried, and puts each change to the quick tests or to dbt's unit tests, in a copy of the checkout.",
        "",
        f"{killed_of_those_that_differ(noticed)} of those that differ (aim: {AIM:.0%}).",
        "",
        "| area | mutants | proven the same | killed |",
        "|---|--:|--:|--:|",
    ]
    for area in AREAS:
        count = killed_of_those_that_differ({one: was for one, was in noticed.items() if one.area == area})
        lines.append(f"| {area.name} | {count.mutants} | {count.the_same} | {count.killed} |")
    lines += ["", "| area | file | before | after | |", "|---|---|---|---|---|"]
    for mutant, was_noticed in noticed.items():
        fate = "killed" if was_noticed else f"**survived**: {reason(mutant) or 'no reason known'}"
        before, after = (text.replace("|", "\\|") for text in (mutant.before, mutant.after))
        lines.append(f"| {mutant.area.name} | {mutant.file} | `{before}` | `{after}` | {fate} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
