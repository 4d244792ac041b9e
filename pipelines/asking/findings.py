"""What is wrong with figures: the audit, plausibility, what was refused, labels without a code, and the checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.asking.audience import may_see_figure, may_see_figures, may_see_source

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from decimal import Decimal

    from pipelines.asking.audience import Audience
    from pipelines.asking.warehouse import Warehouse

#: Outcomes of a relation, the gravest first.
OUTCOMES = ("fail", "warn", "not_evaluable", "pass")


@dataclass(frozen=True)
class Relation:
    """A relation between published figures, and whether it holds within what their prints allow.

    Attributes:
        relation_id: this instance of it; `relation` is the rule, `kind` its arithmetic.
        outcome: one of OUTCOMES.
        vintage: of the terms: what was known when the print was made, or earlier, or later.
        computed_low, computed_high: what the terms allow, in the base unit; printed_low, printed_high what is printed.
        figure_ids: the figures that it ties, the printed one first.
    """

    relation_id: str
    relation: str
    kind: str
    outcome: str
    vintage: str | None
    computed_low: Decimal | None
    computed_high: Decimal | None
    printed_low: Decimal | None
    printed_high: Decimal | None
    figure_ids: tuple[str, ...]
    source_id: str | None
    ref_area: str | None
    time_period: str | None
    indicator: str | None
    arithmetic_zh: str | None
    arithmetic_en: str | None
    finding_zh: str
    finding_en: str
    acknowledged_zh: str | None
    acknowledged_en: str | None


@dataclass(frozen=True)
class Outcomes:
    """How many relations of a kind came out how."""

    kind: str
    outcome: str
    relations: int


@dataclass(frozen=True)
class Flag:
    """A figure that is possible, yet unlike its neighbours."""

    figure_id: str
    rule: str
    severity: str
    source_id: str
    indicator: str
    breakdown: str
    ref_area: str
    time_period: str
    found: float | None
    expected_low: float | None
    expected_high: float | None
    compared_with: str | None
    finding_zh: str
    finding_en: str


@dataclass(frozen=True)
class Refusal:
    """A row or a file that was not taken.

    Attributes:
        line: of the file, from 1; None where the whole file is meant.
        refused_at: `door` or `coding`.
    """

    source_id: str
    file: str
    line: int | None
    figure_id: str | None
    locator: str | None
    column_name: str | None
    rule: str
    printed_value: str | None
    message_en: str
    message_zh: str
    refused_at: str


@dataclass(frozen=True)
class CheckOutcome:
    """The latest outcome of a check.

    Attributes:
        outcome: passed, warned, failed or skipped.
        failures: rows that break it.
        examples: a few of them.
        checked_in: the build that ran it; None of a build that is not published yet.
    """

    check_id: str
    kind: str
    outcome: str
    failures: int
    message: str
    examples: tuple[str, ...]
    checked_at: datetime
    checked_in: str | None

    @property
    def name(self) -> str:
        """The check's own name, without the kind and the project."""
        return self.check_id.split(".")[2] if self.check_id.count(".") > 1 else self.check_id


_RELATIONS = f"""
    select
        relation_id, relation, kind, outcome, vintage, computed_low, computed_high, printed_low, printed_high,
        figure_ids, source_id, ref_area, time_period, indicator, arithmetic_zh, arithmetic_en, finding_zh, finding_en,
        acknowledged_zh, acknowledged_en
    from quality.audit
    where list_contains($outcomes, outcome)
        and ($with_revisions or kind <> 'same_figure' or outcome <> 'warn')
        and (len($kinds) = 0 or list_contains($kinds, kind))
        and (len($figure_ids) = 0 or list_has_any(figure_ids, $figure_ids))
        and (len($sources) = 0 or exists (
            select 1 from (select unnest(figure_ids) as figure_id) as tied
            where list_contains($sources, split_part(tied.figure_id, ':', 1))
        ))
        and {may_see_source("source_id")} and {may_see_figures("figure_ids")}
    order by list_position(['fail', 'warn', 'not_evaluable', 'pass'], outcome), kind, relation_id
    limit $at_most
"""
_OUTCOMES = f"""
    select kind, outcome, count(*) as relations from quality.audit
    where {may_see_source("source_id")} and {may_see_figures("figure_ids")} group by all order by all
"""
_FLAGS = f"""
    select
        figure_id, rule, severity, source_id, indicator, breakdown, ref_area, time_period, found, expected_low,
        expected_high, compared_with, finding_zh, finding_en
    from quality.plausibility
    where (len($figure_ids) = 0 or list_contains($figure_ids, figure_id))
        and (len($sources) = 0 or list_contains($sources, source_id))
        and {may_see_source("source_id")} and {may_see_figure("compared_with")}
    order by rule, figure_id
    limit $at_most
"""
_REFUSALS = f"""
    select
        source_id, file, line, figure_id, locator, column_name, rule, printed_value, message_en, message_zh, refused_at
    from quality.quarantine
    where (len($figure_ids) = 0 or list_contains($figure_ids, figure_id))
        and (len($sources) = 0 or list_contains($sources, source_id))
        and {may_see_source("source_id")}
    order by file, line, column_name, rule, figure_id
    limit $at_most
"""
#: An example is whatever row breaks the check, so where anything is internal the public is given none.
_CHECKS = """
    select
        check_id, kind, outcome, failures, message,
        case
            when $audience = 'internal' or not exists (select 1 from reference.sources where access = 'internal')
                then coalesce(from_json(examples, '["varchar"]'), [])
            else []
        end as examples,
        checked_at, checked_in
    from quality.checks
    where len($outcomes) = 0 or list_contains($outcomes, outcome)
    order by outcome, check_id
"""


def relations(
    warehouse: Warehouse,
    *,
    outcomes: Collection[str] = OUTCOMES,
    kinds: Collection[str] = (),
    sources: Collection[str] = (),
    figure_ids: Collection[str] = (),
    with_revisions: bool = True,
    at_most: int | None = None,
    audience: Audience = "public",
) -> list[Relation]:
    """Relations of the audit, the gravest first.

    Args:
        warehouse: which to ask.
        outcomes, kinds: only these.
        sources: only relations that tie a figure of one of these.
        figure_ids: only relations that tie one of these.
        with_revisions: also figures that a later publication revised (kind same_figure, outcome warn).
        at_most: so many of them.
        audience: who asks; the public is given no relation that ties an internal figure.
    """
    return warehouse.all(
        Relation,
        _RELATIONS,
        outcomes=list(outcomes),
        kinds=list(kinds),
        sources=list(sources),
        figure_ids=list(figure_ids),
        with_revisions=with_revisions,
        at_most=at_most,
        audience=audience,
    )


def outcomes_by_kind(warehouse: Warehouse, audience: Audience = "public") -> list[Outcomes]:
    """How many relations of each kind came out how."""
    return warehouse.all(Outcomes, _OUTCOMES, audience=audience)


def flags(
    warehouse: Warehouse,
    *,
    sources: Collection[str] = (),
    figure_ids: Collection[str] = (),
    at_most: int | None = None,
    audience: Audience = "public",
) -> list[Flag]:
    """Figures that are unlike their neighbours, by rule; of these sources and figures where any are named."""
    which = {"sources": list(sources), "figure_ids": list(figure_ids), "at_most": at_most, "audience": audience}
    return warehouse.all(Flag, _FLAGS, **which)


def refusals(
    warehouse: Warehouse,
    *,
    sources: Collection[str] = (),
    figure_ids: Collection[str] = (),
    at_most: int | None = None,
    audience: Audience = "public",
) -> list[Refusal]:
    """What was not taken, by file and line; of these sources and figures where any are named."""
    which = {"sources": list(sources), "figure_ids": list(figure_ids), "at_most": at_most, "audience": audience}
    return warehouse.all(Refusal, _REFUSALS, **which)


def numbers(warehouse: Warehouse) -> dict[str, int]:
    """What became of the numbers of all files: how many are figures, refused, or left out for a reason."""
    rows = warehouse.rows("select reason, sum(numbers)::bigint as numbers from landing.numbers group by reason")
    return {str(row["reason"]): int(row["numbers"]) for row in rows}


def checks(
    warehouse: Warehouse, *, outcomes: Collection[str] = (), audience: Audience = "public"
) -> list[CheckOutcome]:
    """The latest outcome of each check; of these outcomes where any are named."""
    return warehouse.all(CheckOutcome, _CHECKS, outcomes=list(outcomes), audience=audience)
