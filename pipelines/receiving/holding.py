"""Which sources are held back: those that are wrong in any way and changed, each alone, with its last good version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.problems import BuildStopped
from pipelines.rules import broken
from pipelines.sources.card import CARD_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipelines.problems import Problem
    from pipelines.receiving.good_past import GoodPast
    from pipelines.receiving.landing import Landed


@dataclass(frozen=True)
class HeldBack:
    """A version of a source that is not published.

    Attributes:
        source_id: whose.
        state: of the version that is held back.
        problems: why.
        kept: the id under which the last good version stays in use; None where there is none.
    """

    source_id: str
    state: str
    problems: list[Problem]
    kept: str | None


def refused_whole(landed: Iterable[Landed], past: GoodPast) -> list[HeldBack]:
    """The sources that could not be read, held back.

    Raises:
        BuildStopped: one of them has not changed since it was published, so that not it is to blame but the code; or
            its last good version was written by another form of gongfu and cannot be carried over.
    """
    refused = [one for one in landed if one.source is None]
    fell = [one for one in refused if past.states.get(one.source_id) == one.state]
    if fell:
        names = ", ".join(each.source_id for each in fell)
        raise BuildStopped(
            f"{len(fell)} sources that were good and have not changed cannot be read any more ({names}): "
            f"{fell[0].problems[0]}; the change of code or libraries is to be mended",
            zh=f"{len(fell)}个此前合格且未变的来源已无法读取（{names}）：{fell[0].problems[0].in_chinese}；应修正程序或库的变动",
        )
    return [_held_back(one, one.problems, past) for one in refused]


def held_back_before(landed: Iterable[Landed], past: GoodPast) -> list[HeldBack]:
    """The sources that a check held back in the published build and that have not changed since: the same again.

    For a build with the same code and code lists: what they were held back for would be found again.
    """
    found = []
    for one in landed:
        state, problems = past.held_back.get(one.source_id, ("", []))
        if one.source is not None and state == one.state and all(each.rule == "check_failed" for each in problems):
            found.append(_held_back(one, problems, past))
    return found


def blamed(landed: Iterable[Landed], reasons: dict[str, dict[str, str]], past: GoodPast) -> list[HeldBack]:
    """The sources that failing checks point at, held back.

    Args:
        landed: what became of each source.
        reasons: by source, the names of the checks and an example of each.
        past: the published file's.
    """
    return [
        _held_back(
            one,
            [
                broken("check_failed", source_id=one.source_id, file=_card(one), check=check, example=example)
                for check, example in reasons[one.source_id].items()
            ],
            past,
        )
        for one in landed
        if one.source_id in reasons
    ]


def is_changed(landed: Landed, past: GoodPast) -> bool:
    """Whether this version of a source is another than the published one, or the first."""
    source_id = past.id_in(landed.ids)
    return source_id is None or past.states[source_id] != landed.state


def _held_back(landed: Landed, problems: list[Problem], past: GoodPast) -> HeldBack:
    kept = past.id_in(landed.ids)
    if kept is not None and not past.is_of_this_form:
        raise BuildStopped(
            f"{landed.source_id} is held back ({problems[0]}), and its last good version was published by another form "
            "of gongfu, which this one cannot carry over; mend the source first",
            zh=f"{landed.source_id}被暂扣（{problems[0].in_chinese}），其上一个合格版本由另一形式的gongfu发布，无法沿用；"
            "请先修正该来源",
        )
    return HeldBack(landed.source_id, landed.state, problems, kept)


def _card(landed: Landed) -> str:
    return f"raw/{landed.folder}/{CARD_NAME}"
