"""Reviews of government services: the plan of their models, and the measures that their counts give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines.records.registers import register

if TYPE_CHECKING:
    from pipelines.records.places import RecordsPlace


def plan_for_reviews(place: RecordsPlace) -> dict[str, Any]:
    """What the models of reviews need to know."""
    return {
        "records": {"reviews": [str(place.deliveries / "*" / "accepted" / "*" / "*.parquet")]},
        "poor_at_most": register("service_reviews").poor_at_most,
        # the models of the other register are parsed with these, and not run
        "runs": [], "counties": [], "rules": [], "schemes": [], "indicators": [], "definitions": {}, "shifts": [], "items": [],  # noqa: E501
        "smallest_population": 0, "with_scale": False, "scales": ["above"], "disclosure": {"threshold": 0, "dominance": [], "p_percent": 0},  # noqa: E501
    }  # fmt: skip


def counts_that_fit(whole: int, low: float, high: float, per: int = 100) -> list[int]:
    """Every number of `whole` whose rate lies in [low, high); empty where the printed rate is impossible.

    A print of 99.83 % is [99.825, 99.835); of 672 no whole number gives that.
    """
    start = max(0, int(low * whole / per) - 1)
    return [
        part for part in range(start, min(whole, int(high * whole / per) + 1) + 1) if low <= per * part / whole < high
    ]


def wholes_that_fit(missing: int, low: float, high: float, largest: int) -> tuple[int, int] | None:
    """Between which wholes a rate fits where `missing` did not pass; None where none up to `largest` does."""
    fitting = [whole for whole in range(missing + 1, largest + 1) if low <= 100 * (whole - missing) / whole < high]
    return (fitting[0], fitting[-1]) if fitting else None
