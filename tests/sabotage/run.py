"""`make sabotage`: break the real sources one change at a time, count what is caught, write the table.

The table goes into docs/quality.md between two marks. A full run takes some minutes.
"""

from __future__ import annotations

import argparse
import collections
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.conftest import CHECKOUT, copy_of_project, gongfu
from tests.sabotage.laboratory import Laboratory, Verdict
from tests.sabotage.mutations import KINDS, mutations

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PAGE = CHECKOUT / "docs" / "quality.md"
BEGIN, END = "<!-- sabotage: begin -->", "<!-- sabotage: end -->"
LAYERS = ("door", "coding", "range", "audit", "missing part", "plausibility")
SEED = 20261123


def main() -> None:
    """Run, print, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--of-each-kind", type=int, default=45)
    parser.add_argument("--seed", type=int, default=SEED, help="another choice of mutations; the page stays as it is")
    parser.add_argument(
        "--whole", action="store_true", help="all sources, not only those of tests/sources_of_built.txt"
    )
    parser.add_argument("--misses", action="store_true", help="also print what was not caught")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        everything = [source.name for source in (CHECKOUT / "raw").iterdir() if source.is_dir()]
        project = copy_of_project(Path(folder) / "project", sources=everything if options.whole else None)
        done = gongfu(project, "build")
        if done.returncode:
            sys.exit(done.stderr)
        laboratory = Laboratory(project, Path(folder) / "laboratory")
        verdicts = []
        for mutation in mutations(project.raw, options.of_each_kind, options.seed, laboratory.parts_of_totals()):
            verdicts.append(laboratory.try_out(mutation))
            if options.misses and verdicts[-1].changed and not verdicts[-1].layers:
                sys.stdout.write(
                    f"not caught ({verdicts[-1].ties}): {mutation.kind}: {mutation.source_id}: {mutation.what}\n"
                )
        shutil.rmtree(laboratory.workshop, ignore_errors=True)
    table = report(verdicts, options.seed)
    sys.stdout.write(table + "\n")
    if options.seed != SEED or options.whole:
        return
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


def report(verdicts: Sequence[Verdict], seed: int) -> str:
    """The two tables: by kind of mutation, and by layer."""
    changed = [verdict for verdict in verdicts if verdict.changed]
    lines = [
        f"{len(verdicts)} seeded single mutations of the real sources (seed {seed}); {len(changed)} of them change "
        "a figure by more than its print allows, the others stay within it and are left out.",
        "",
        "| what went wrong | mutations | held against others by arithmetic | bounded or in a series only "
        "| nothing else touches it |",
        "|---|--:|--:|--:|--:|",
    ]
    for kind in [*KINDS, "all"]:
        of_kind = [verdict for verdict in changed if kind in ("all", verdict.mutation.kind)]
        cells = [
            _share(of_kind, lambda verdict, ties=ties: verdict.ties == ties) for ties in ("exact", "loose", "none")
        ]
        name = f"**{kind}**" if kind == "all" else kind
        lines.append(f"| {name} | {len(of_kind)} | {' | '.join(cells)} |")
    tied = [verdict for verdict in changed if verdict.ties != "none"]
    caught = sum(bool(verdict.layers) for verdict in tied)
    astray = [verdict.astray for verdict in changed if verdict.astray]
    lines += [
        "",
        f"Of the {len(tied)} that something else in the warehouse can be held against, {caught} are caught or flagged: "
        f"**{caught / max(len(tied), 1):.1%}** (aim: 96 %). False alarms: {sum(astray)} new findings at figures that "
        f"nothing changed, after {len(astray)} of the {len(changed)} changes.",
        "",
        "| layer | says something | is the only one |",
        "|---|--:|--:|",
    ]
    counts = collections.Counter(layer for verdict in changed for layer in verdict.layers)
    alone = collections.Counter(verdict.layers[0] for verdict in changed if len(verdict.layers) == 1)
    lines += [f"| {layer} | {counts[layer]} | {alone[layer]} |" for layer in LAYERS]
    return "\n".join(lines)


def _share(verdicts: Sequence[Verdict], wanted: Callable[[Verdict], bool]) -> str:
    among = [verdict for verdict in verdicts if wanted(verdict)]
    if not among:
        return "–"
    caught = sum(bool(verdict.layers) for verdict in among)
    return f"{caught} of {len(among)} ({caught / len(among):.0%})"


if __name__ == "__main__":
    main()
