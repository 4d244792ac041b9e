"""`make records`: synthetic registers from end to end, each step by itself so that Dagster can show it."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.problems import BuildStopped
from pipelines.records import areas, door, release, reviews
from pipelines.records.correction import correct
from pipelines.records.disclosure.protect import counted
from pipelines.records.evaluation import Outcome, evaluate, plan_for
from pipelines.records.places import RecordsPlace, records_of
from pipelines.records.registers import register
from pipelines.records.rules.check import load_valid
from pipelines.records.rules.plan import Run

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.project import Project
    from pipelines.records.reconcile import Reconciled

PERIOD = 2022
#: In the order in which they are asked: the zone's rule before the county's before the one for everybody else.
RULES = ("wenling_zones_2022", "huangyan_2022", "demonstration_2022")


@dataclass(frozen=True)
class Size:
    """How much to make. The report counts over 150 000 evaluated firms, which are four fifths of the register here, and
    55.67 million reviews."""

    firms: int = 190_000
    reviews: int = 5_000_000


def asked_size() -> Size:
    """The demonstration's size, or what GONGFU_RECORDS_FIRMS and GONGFU_RECORDS_REVIEWS say."""
    default = Size()
    return Size(
        int(os.environ.get("GONGFU_RECORDS_FIRMS", default.firms)),
        int(os.environ.get("GONGFU_RECORDS_REVIEWS", default.reviews)),
    )


class Demonstration:
    """The steps; each reads what the one before left on disk."""

    def __init__(self, project: Project, size: Size) -> None:
        self.project = project
        self.size = size
        self.land: RecordsPlace = records_of(project, "land_productivity")
        self.service: RecordsPlace = records_of(project, "service_reviews")
        self.late: Path = self.land.received / "late"
        self.file: Path = project.warehouse / "records_demo.duckdb"

    def make(self) -> None:
        """Synthetic deliveries, as departments would send them; what an earlier demonstration left is cleared."""
        from pipelines.records.synthetic import firms as synthetic_firms
        from pipelines.records.synthetic import reviews as synthetic_reviews

        counties = areas.counties(self.project)
        for place in (self.land, self.service):
            shutil.rmtree(place.folder, ignore_errors=True)
        needed = _items_of_rules(self.project, self.land)
        # all 132 items of the evaluated year; of the years before only what rules and histories ask for
        synthetic_firms.make(self.land.received / "now", synthetic_firms.Plan(self.size.firms, counties, (PERIOD,)))
        synthetic_firms.make(
            self.land.received / "before",
            synthetic_firms.Plan(self.size.firms, counties, (PERIOD - 2, PERIOD - 1, PERIOD), items=needed),
        )
        poor = max(12, round(672 * self.size.reviews / 55_670_000))
        plan = synthetic_reviews.Plan(self.size.reviews, poor, poor, 1, counties)
        synthetic_reviews.make(self.service.received / "reviews.parquet", plan)

    def receive(self) -> dict[str, Any]:
        """Through the door; how many records came, and how many were refused for which reason."""
        land, service = register("land_productivity"), register("service_reviews")
        door.take_entities(land, self.land, self.land.received / "now" / "firms.parquet")
        files = sorted((self.land.received / "now").glob("items_*"))
        files += [
            path
            for path in sorted((self.land.received / "before").glob("items_*"))
            if not path.stem.endswith(str(PERIOD))
        ]
        deliveries = [door.take_events(land, self.land, path) for path in files]
        deliveries.append(door.take_events(service, self.service, self.service.received / "reviews.parquet"))
        refused: Counter[str] = Counter()
        for delivery in deliveries:
            refused.update(delivery.refused)
        return {
            "deliveries": len(deliveries),
            "rows": sum(one.rows for one in deliveries),
            "accepted": sum(one.accepted for one in deliveries),
            "refused": dict(refused),
        }

    def _plan(self) -> dict[str, Any]:
        rules = [load_valid(self.project.root / "rules" / "land_productivity" / f"{name}.yaml") for name in RULES]
        runs = [
            Run(str(PERIOD), PERIOD, RULES),
            Run(str(PERIOD - 1), PERIOD - 1, RULES),
            # earlier years on the bases of this one, for histories
            Run(f"{PERIOD - 1}@{PERIOD}", PERIOD - 1, RULES, base_run=str(PERIOD)),
        ]
        return plan_for(self.land, rules, runs, scales=("above",))

    def evaluate(self) -> Outcome:
        """The models, with their tests."""
        areas.write_memberships(self.project, self.land.folder / "areas.parquet")
        outcome = evaluate(
            self.project, self.land.work, self._plan(), select=["+tag:enterprise", "+tag:cells", "tag:settlement"]
        )
        of_reviews = evaluate(
            self.project, self.service.work, reviews.plan_for_reviews(self.service), select=["+tag:reviews"]
        )
        outcome.seconds |= of_reviews.seconds
        outcome.failed |= of_reviews.failed
        if outcome.failed:
            name, message = next(iter(outcome.failed.items()))
            count = len(outcome.failed)
            en = f"{count} models or tests of records failed, first {name}: {message}"
            raise BuildStopped(en, zh=f"登记册的{count}个模型或检查未过，首个为{name}：{message}")
        return outcome

    def correct(self) -> dict[str, Any]:
        """Late deliveries of items, laid into `received/late/`: taken in, and what they touch evaluated again.

        Returns:
            How many deliveries there are, and the counties that were evaluated again (all, where a rule reaches beyond
            counties).
        """
        files = sorted(self.late.glob("*.csv")) + sorted(self.late.glob("*.parquet"))
        if not files:
            return {"deliveries": 0, "counties": "none"}
        deliveries = [door.take_events(register("land_productivity"), self.land, path) for path in files]
        done = correct(self.project, self.land, self._plan(), [one.delivery_id for one in deliveries])
        return {"deliveries": len(files), "counties": "all" if done.counties is None else ", ".join(done.counties)}

    def release(self) -> dict[str, int]:
        """Disclosure, and the file that may leave."""
        self.file.unlink(missing_ok=True)
        version = "+".join(
            load_valid(self.project.root / "rules" / "land_productivity" / f"{name}.yaml").version for name in RULES
        )
        _, protection = release.release_enterprises(self.project, self.land, self.file, PERIOD, version=version)
        release.release_reviews(self.service, self.file)
        status = counted(protection)
        return {
            "shown": status["F"],
            "primary": status["C"],
            "secondary": status["D"],
            "repaired": protection.repaired,
            "unprotectable": len(protection.unprotectable),
        }

    def reconcile(self) -> list[Reconciled]:
        """Held against the published warehouse."""
        if not self.project.published.is_file():
            raise BuildStopped(
                "nothing is published yet to reconcile with; run `make warehouse` first",
                exit_code=5,
                zh="尚未发布任何数据，无从核对；请先运行`make warehouse`",
            )
        return release.reconciliation(self.project, self.land, self.service, self.file, PERIOD)


def _items_of_rules(project: Project, place: RecordsPlace) -> list[str]:
    rules = [load_valid(project.root / "rules" / "land_productivity" / f"{name}.yaml") for name in RULES]
    plan = plan_for(place, rules, [Run(str(PERIOD), PERIOD, RULES)])
    return sorted({item for item, _ in plan["items"]} | {"land_used", "tax_paid", "value_added"})
