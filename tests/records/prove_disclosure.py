"""`make disclosure`: twenty seeded releases protected and attacked, and the same with the protection taken back."""

from __future__ import annotations

import sys
from time import process_time

from pipelines.records.disclosure.protect import counted, protect
from tests.records.attacker import attack
from tests.records.release import release, targets


def main() -> None:
    """Ten releases by county and industry, ten by scale too; exit with 1 where one is broken."""
    print(
        f"{'release':16}{'cells':>7}{'primary':>9}{'secondary':>11}{'lost %':>8}{'rounds':>8}{'repaired':>10}{'seconds':>9} │ inside the margin: none, elimination only, all; exact of none"  # noqa: E501
    )
    broken = 0
    only = [int(word) for word in sys.argv[1:]]
    for dimensions in (2, 3):
        for seed in only or range(1, 11):
            tables = release(seed, with_scale=dimensions == 3)
            measure = tables.measures["tax"]
            aims = targets(measure)
            inside, exact = [], 0
            for how in ({"secondary": False}, {"repair": False}, {}):
                began = process_time()
                protection = protect(tables, **how)
                seconds = process_time() - began
                found = attack(measure.values, tables.firms, ~protection.held_back, tables.relations, aims)
                inside.append(len(found.inside))
                exact = exact if inside[1:] else len(found.exact)
            status = counted(protection)
            lost = 100 * (status["C"] + status["D"]) / len(tables.keys)
            print(
                f"{dimensions}-D, seed {seed:<6}{len(tables.keys):7}{status['C']:9}{status['D']:11}{lost:8.1f}{protection.rounds:8}{protection.repaired:10}{seconds:9.1f} │ {inside[0]}, {inside[1]}, {inside[2]}; {exact}",  # noqa: E501
                flush=True,
            )
            broken += inside[2] > 0 or inside[0] == 0
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
