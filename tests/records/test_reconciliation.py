"""What registers count is held against what was printed, in the words in which it was printed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb

from pipelines.records.reconcile import Computed, reconcile

if TYPE_CHECKING:
    import subprocess

    from pipelines.project import Project


def test_counts_agree_with_their_print_or_not_or_have_none(
    built: tuple[Project, subprocess.CompletedProcess[str]],
) -> None:
    zhejiang = ("330000", "2022")
    computed = [
        Computed("land_evaluated_firms", *zhejiang, Decimal(151_861)),  # printed: 15余万家
        Computed("tax_per_mu_industrial", *zhejiang, Decimal(347_499)),  # printed: 34.8万元/亩
        Computed("service_poor_reviews_recheck_pass_rate", *zhejiang, Decimal(100 * 671) / 672, 672),  # printed: 99.83%
        Computed("tax_per_mu_industrial", "330000", "1999", Decimal(1)),
    ]
    with duckdb.connect(str(built[0].published), read_only=True) as published:
        firms, tax, passed, none = reconcile(published, computed)
    assert (firms.outcome, firms.printed_low, firms.printed_high) == ("pass", 150_000, 160_000)
    assert "公布为 15余万家" in firms.finding_zh
    assert (tax.outcome, tax.printed_low, tax.printed_high) == ("fail", 347_500, 348_500)
    assert "公布为 34.8万元/亩，只容许 347,500～348,500，不相符" in tax.finding_zh
    # 671 of 672 is 99.85 %: no whole number gives what was printed
    assert passed.outcome == "fail"
    assert "No whole number of 672 gives that rate; it fits if 572 to 606 of them" in passed.finding_en
    assert none.outcome == "not_evaluable"
