"""What the register counts, held against what was printed: within the interval that the print allows, or not."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pipelines.records.reviews import counts_that_fit, wholes_that_fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb


@dataclass(frozen=True)
class Computed:
    """One indicator as the records give it.

    Attributes:
        indicator: code in `reference.indicators`.
        value: in the indicator's base unit.
        whole: for a rate of counts, what it is a rate of.
    """

    indicator: str
    ref_area: str
    time_period: str
    value: Decimal
    whole: int | None = None


@dataclass(frozen=True)
class Reconciled:
    """One line of the reconciliation; the words are the audit's."""

    indicator: str
    ref_area: str
    time_period: str
    computed: Decimal
    printed: Decimal | None
    printed_low: Decimal | None
    printed_high: Decimal | None
    source_id: str | None
    outcome: str
    finding_zh: str
    finding_en: str


_PRINTED = """
    select observations.obs_value, observations.obs_value_low, observations.obs_value_high, observations.source_id,
        indicators.name_zh, indicators.name_en, areas.name_zh, areas.name_en, figures.print_zh
    from facts.current_observations as observations
    inner join reference.indicators as indicators using (indicator)
    left join reference.areas as areas using (ref_area)
    left join quality.int_audit_figures as figures using (figure_id)
    where observations.indicator = ? and observations.ref_area = ? and observations.time_period = ?
        and observations.breakdown = ''
    order by observations.source_id limit 1
"""


def reconcile(published: duckdb.DuckDBPyConnection, computed: Sequence[Computed]) -> list[Reconciled]:
    """Each computed indicator beside the printed one of the same place and period.

    Args:
        published: a connection to the published warehouse.
        computed: from records.
    """
    return [_line(published, one) for one in computed]


def _line(published: duckdb.DuckDBPyConnection, one: Computed) -> Reconciled:
    row = published.execute(_PRINTED, [one.indicator, one.ref_area, one.time_period]).fetchone()
    if row is None:
        zh, en = "没有可比的公布数。", "nothing was printed that it could be held against."
        head_zh, head_en = f"登记册计得 {_number(one.value)}；", f"the register counts {_number(one.value)}; "
        return _reconciled(one, None, "not_evaluable", head_zh + zh, head_en + en)
    value, low, high, _, name_zh, name_en, place_zh, place_en, print_ = row
    agrees = low <= one.value < high or (low == high == one.value)
    zh = f"{name_zh}（{place_zh}，{one.time_period}）：登记册计得 {_number(one.value)}，公布为 {print_ or _number(value)}"  # noqa: E501
    en = f"{name_en}, {place_en}, {one.time_period}: the register counts {_number(one.value)}, printed is {print_ or _number(value)}"  # noqa: E501
    if agrees:
        return _reconciled(one, row, "pass", f"{zh}，相符。", f"{en}: they agree.")
    zh += f"，只容许 {_number(low)}～{_number(high)}，不相符。"
    en += f", which allows only {_number(low)} to {_number(high)}: they disagree."
    if one.whole:
        more_zh, more_en = _possible(one.whole, float(low), float(high))
        zh, en = zh + more_zh, f"{en} {more_en}"
    return _reconciled(one, row, "fail", zh, en)


def _possible(whole: int, low: float, high: float) -> tuple[str, str]:
    """Whether the print can be a rate of so many at all, and of how many it could be."""
    if counts_that_fit(whole, low, high):
        return "", ""
    fits = wholes_that_fit(1, low, high, whole)
    zh, en = f"{whole} 条的任何整数都得不到这个比率", f"No whole number of {whole} gives that rate"
    if fits is None:
        return f"{zh}。", f"{en}."
    return (
        f"{zh}；若只复核了其中 {fits[0]}～{fits[1]} 条而一条未通过，则可得。",
        f"{en}; it fits if {fits[0]} to {fits[1]} of them were re-checked and one did not pass.",
    )


def _reconciled(one: Computed, row: tuple[object, ...] | None, outcome: str, zh: str, en: str) -> Reconciled:
    printed = (None,) * 4 if row is None else row[:4]
    return Reconciled(one.indicator, one.ref_area, one.time_period, one.value, *printed, outcome, zh, en)  # type: ignore[arg-type, call-arg]


def _number(value: Decimal) -> str:
    text = f"{value:,.4f}"
    return text.rstrip("0").rstrip(".")
