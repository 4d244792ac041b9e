"""What is wrong in a rule, with its line: the language first, then what the words mean together."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from pipelines.records.documents import Fault, Place, Unreadable, read
from pipelines.records.registers import register
from pipelines.records.rules import unsaid
from pipelines.records.rules.language import (
    ByClass,
    Computed,
    Condition,
    Given,
    Missing,
    Moved,
    Rule,
    Scheme,
    Scored,
    Step,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipelines.records.documents import Document

#: Facts of a firm that conditions may ask for, beside flags, items and indicators.
FIRM_FACTS = (
    "county", "zone", "industry", "scale", "tenancy", "stage", "tenants", "age_years", "enrolled_in", "years_enrolled",
    "group", "class",
)  # fmt: skip


@dataclass(frozen=True)
class CheckedRule:
    """A rule that the language takes.

    Attributes:
        rule: as typed.
        version: of the file's content, twelve characters.
        faults: what cannot be right; a rule with any is not evaluated.
        notes: gaps of the printed rule, and what it leaves unsaid.
    """

    rule: Rule
    version: str
    faults: list[Fault]
    notes: list[Fault]


def load(path: Path) -> CheckedRule:
    """The rule in a file, checked.

    Raises:
        Unreadable: no YAML, or not of the language; with the line of every fault.
    """
    document = read(path)
    version = sha256(path.read_bytes()).hexdigest()[:12]
    try:
        rule = Rule.model_validate(document.data)
    except ValidationError as error:
        raise Unreadable(list(_language_faults(document, error))) from None
    finder = _Finder(rule, document)
    return CheckedRule(rule, version, sorted(finder.faults(), key=_by_line), sorted(finder.notes(), key=_by_line))


def load_valid(path: Path) -> CheckedRule:
    """The rule in a file, ready to be evaluated; raises Unreadable also for faults of meaning."""
    checked = load(path)
    if checked.faults:
        raise Unreadable(checked.faults)
    return checked


def _by_line(fault: Fault) -> tuple[int, str]:
    return fault.line, fault.message


def _language_faults(document: Document, error: ValidationError) -> Iterator[Fault]:
    found: dict[Place, Fault] = {}
    for one in error.errors(include_url=False, include_context=False):
        place: Place = ()
        data = document.data
        unknown = ""
        for part in one["loc"]:
            try:
                data = data[part]
            except (KeyError, IndexError, TypeError):
                unknown = str(part)
                continue
            place, unknown = (*place, part), ""
        named = [str(part) for part in place] + ([unknown] if unknown and one["type"] == "missing" else [])
        said_en, said_zh = _said(one)
        fault = Fault(document.line(place), f"{'.'.join(named)}: {said_en}", f"{'.'.join(named)}：{said_zh}")
        found.setdefault((*place, unknown) if one["type"] == "missing" else place, fault)
    for place, fault in sorted(found.items(), key=lambda pair: _by_line(pair[1])):
        # of a value that may have several forms each form complains; the deepest place is the one that was meant
        if not any(len(other) > len(place) and other[: len(place)] == place for other in found):
            yield fault


def _said(error: Any) -> tuple[str, str]:  # noqa: ANN401 - pydantic's error
    kind, message = str(error["type"]), " ".join(str(error["msg"]).split())
    if kind == "missing":
        return "is missing; write it, or unsaid where the text does not say it", "缺少；请填写，原文未说明的写 unsaid"
    if kind == "extra_forbidden":
        return "is not a word of the rule language; docs/rules.md lists them", "不是规则语言的词，见 docs/rules.md"
    given = error.get("input")
    shown = f" (it says {given})" if isinstance(given, str | bool) else ""
    return message.removeprefix(
        "Value error, "
    ) + shown, f"不符合规则语言{shown}：{message.removeprefix('Value error, ')}"


class _Finder:
    """Looks through one rule; a place is where in the file a fault stands."""

    def __init__(self, rule: Rule, document: Document) -> None:
        self._rule = rule
        self._document = document
        self._register = register("land_productivity")

    def faults(self) -> Iterator[Fault]:
        yield from self._of_scope()
        yield from self._of_definitions()
        yield from self._of_classes()
        yield from self._of_conditions()
        for name, scheme in self._rule.schemes.items():
            yield from self._of_weights(name, scheme)
            yield from self._of_indicators(name, scheme)
            yield from self._of_ranking(name, scheme)
            yield from self._of_bands(name, scheme)
            yield from self._of_overrides(name, scheme)

    def notes(self) -> Iterator[Fault]:
        for place, what in unsaid.places(self._rule):
            yield self._at(
                place, f"unsaid: {what}; firms that it concerns stay unrated", f"未说明：{what}；所涉企业不予评级"
            )
        yield from self._class_gaps()
        for name, scheme in self._rule.schemes.items():
            yield from self._band_gaps(name, scheme)

    def _at(self, place: Place, en: str, zh: str) -> Fault:
        return Fault(self._document.line(place), en, zh)

    def _of_scope(self) -> Iterator[Fault]:
        scope = self._rule.scope
        if bool(scope.areas) == scope.everywhere:
            yield self._at(
                ("scope",),
                "scope names areas, or says everywhere: true; one of the two",
                "范围须列出地区，或写明 everywhere: true",
            )

    def _of_definitions(self) -> Iterator[Fault]:
        for name, definition in self._rule.indicators.items():
            if not definition.numerator:
                yield self._at(("indicators", name, "numerator"), "names no item", "没有数据项")
            for side in ("numerator", "denominator"):
                for item in getattr(definition, side):
                    if item not in self._register.items:
                        yield self._at(
                            ("indicators", name, side, item), f'unknown item "{item}"', f"未知数据项“{item}”"
                        )
        for name, scheme in self._rule.schemes.items():
            if isinstance(scheme.indicators, str):
                continue
            for code in scheme.indicators:
                if code not in self._known():
                    en = f'unknown indicator "{code}"; define it under indicators, or use one of {", ".join(self._register.indicators)}'  # noqa: E501
                    yield self._at(("schemes", name, "indicators", code), en, f"未知指标“{code}”")

    def _known(self) -> set[str]:
        return set(self._register.indicators) | set(self._rule.indicators)

    def _of_classes(self) -> Iterator[Fault]:
        seen: dict[str, str] = {}
        for name, one in self._rule.classes.items():
            if not one.industries:
                yield self._at(
                    ("classes", name), f'class "{name}" has no industry: nobody maps to it', f"类别“{name}”没有行业"
                )
            for industry in one.industries:
                if industry in seen:
                    en = f'industry {industry} is in "{seen[industry]}" and in "{name}"'
                    yield self._at(("classes", name), en, f"行业 {industry} 同属“{seen[industry]}”与“{name}”")
                seen[industry] = name

    def _class_gaps(self) -> Iterator[Fault]:
        if not self._rule.classes:
            return
        mapped = {industry for one in self._rule.classes.values() for industry in one.industries}
        gap = [f"{number:02d}" for number in range(13, 44) if f"{number:02d}" not in mapped]
        if gap:
            yield self._at(
                ("classes",),
                f"no class for industries {', '.join(gap)}; their firms stay unrated where classes matter",
                f"行业 {'、'.join(gap)} 没有归类；涉及类别时不予评级",
            )

    def _of_conditions(self) -> Iterator[Fault]:
        for place, condition, stage in _conditions(self._rule):
            for test in condition.tests():
                yield from self._of_test(place, test, stage)

    def _of_test(self, place: Place, test: Condition, stage: str) -> Iterator[Fault]:
        if test.flag is not None:
            if test.flag not in self._register.flags:
                yield self._at(
                    place, f'unknown flag "{test.flag}"; flags stand in the register', f"未知标记“{test.flag}”"
                )
            return
        kind, _, name = str(test.fact).partition(".")
        known: dict[str, Any] = {
            "firm": FIRM_FACTS,
            "item": self._register.items,
            "indicator": self._known(),
            "ratio": self._known(),
            "points": self._known(),
        }
        if stage == "scope" and (kind != "firm" or name in ("class", "group")):
            en = f"{test.fact} is not known where it is asked whether the rule covers a firm; write it under exempt"
            yield self._at(place, en, f"判断规则是否适用时尚不知道 {test.fact}；请写在 exempt 下")
        elif kind in ("score", "grade"):
            if stage != "after":
                yield self._at(place, f"{kind} is not known yet where this is asked", f"此处尚不知道 {kind}")
        elif kind not in known or name not in known[kind]:
            yield self._at(
                place,
                f'unknown fact "{test.fact}"; a rule asks for groups of firms, never for one by its name',
                f"未知事实“{test.fact}”；规则只能针对一类企业，不能指名某一家",
            )
        elif kind in ("ratio", "points") and stage == "before":
            yield self._at(place, f"{test.fact} is not known before points are given", f"得分之前不知道 {test.fact}")

    def _of_weights(self, name: str, scheme: Scheme) -> Iterator[Fault]:
        if isinstance(scheme.indicators, str):
            return
        for firm_class in list[str | None](self._rule.classes) or [None]:
            weights = [number(one.weight, firm_class) for one in scheme.indicators.values()]
            known = [weight for weight in weights if isinstance(weight, Decimal)]
            if len(known) == len(weights) and sum(known) != scheme.weights_total:
                of = f" for class {firm_class}" if firm_class else ""
                en = f"weights{of} add up to {sum(known)}, not to {scheme.weights_total}; correct them, or state weights_total"  # noqa: E501
                yield self._at(
                    ("schemes", name, "indicators"),
                    en,
                    f"权重合计为 {sum(known)}，不是 {scheme.weights_total}；请更正或写明 weights_total",
                )
                return

    def _of_indicators(self, name: str, scheme: Scheme) -> Iterator[Fault]:
        if isinstance(scheme.indicators, str):
            return
        for code, scored in scheme.indicators.items():
            place: Place = ("schemes", name, "indicators", code)
            for word in ("weight", "base", "worst", "best"):
                value = getattr(scored, word)
                if isinstance(value, ByClass):
                    for firm_class in value.by_class:
                        if firm_class not in self._rule.classes:
                            yield self._at(
                                (*place, word, "by_class", firm_class),
                                f'no class "{firm_class}": nobody maps to it',
                                f"没有类别“{firm_class}”",
                            )
                if word == "weight" and isinstance(value, Computed):
                    yield self._at((*place, word), "a weight is a number, never computed", "权重须为数值")
                for base in [value, *(value.by_class.values() if isinstance(value, ByClass) else ())]:
                    exact = base.given if isinstance(base, Given) else base
                    if word == "base" and isinstance(exact, Decimal) and exact <= 0:
                        yield self._at(
                            (*place, word), f"a base of {exact} divides nothing; it must be above 0", "基准值须大于 0"
                        )
            yield from self._of_steps(place, scored)
            yield from self._of_moved_weights(place, code, scheme)

    def _of_moved_weights(self, place: Place, code: str, scheme: Scheme) -> Iterator[Fault]:
        """A weight is moved whole, and to other indicators of the scheme."""
        scored = scheme.indicators[code] if not isinstance(scheme.indicators, str) else None
        if scored is None:
            return
        missing = scored.missing if isinstance(scored.missing, Missing) else Missing(no_record=scored.missing)
        for treatment in (missing.no_record, missing.zero_denominator):
            if not isinstance(treatment, Moved):
                continue
            for name in treatment.to:
                if name == code or name not in scheme.indicators:
                    en = f'the weight cannot go to "{name}": it is no other indicator of this scheme'
                    yield self._at((*place, "missing"), en, f"权重不能移至“{name}”：它不是本方案的其他指标")
            weight, moved = number(scored.weight, None), sum(treatment.to.values())
            if isinstance(weight, Decimal) and weight != moved:
                en = f"of a weight of {weight} {moved} are moved"
                yield self._at((*place, "missing"), en, f"权重为 {weight}，移出的合计为 {moved}")

    def _of_steps(self, place: Place, scored: Scored) -> Iterator[Fault]:
        low = Decimal("-Infinity")
        ordered = sorted(scored.steps, key=lambda step: low if step.from_ is None else step.from_)
        if scored.steps_of == "share" and any(
            not 0 <= end <= 100 for step in ordered for end in (step.from_, step.to) if end is not None
        ):
            yield self._at((*place, "steps"), "steps of shares lie between 0 and 100", "名次占比须在 0 至 100 之间")
        for first, second in pairwise(ordered):
            if (
                first.to is None
                or second.from_ is None
                or first.to > second.from_
                or (first.to == second.from_ and closed_above(scored, first) and closed_below(scored, second))
            ):
                yield self._at((*place, "steps"), "steps overlap", "分档区间重叠")

    def _of_ranking(self, name: str, scheme: Scheme) -> Iterator[Fault]:
        place: Place = ("schemes", name, "ranking")
        for code in [*scheme.ranking.ties, *([scheme.ranking.by] if scheme.ranking.by != "score" else [])]:
            if code not in self._known():
                yield self._at(place, f'unknown indicator "{code}"', f"未知指标“{code}”")
        if "class" in scheme.ranking.within and not self._rule.classes:
            yield self._at(place, "ranked within classes, but the rule has no classes", "按类别排名，但规则没有类别")

    def _of_bands(self, name: str, scheme: Scheme) -> Iterator[Fault]:
        grades = scheme.grades
        place: Place = ("schemes", name, "grades")
        if grades.by == "unsaid":
            return
        if not grades.bands:
            yield self._at(
                place, "no grade has a band; write bands, or by: unsaid", "没有任何等级区间；请写明区间或 by: unsaid"
            )
        spans = bands(scheme)
        for (first, _, high, _, closed_above), (second, low, _, closed_below, _) in pairwise(spans):
            if high > low or (high == low and closed_above and closed_below):
                yield self._at(
                    (*place, "bands", second),
                    f"{first} and {second} overlap at {low}",
                    f"{first} 与 {second} 在 {low} 处重叠",
                )
        for grade, low, high, _, _ in spans:
            if low >= high:
                yield self._at(
                    (*place, "bands", grade),
                    f"{grade} runs from {low} to {high}: it holds nothing",
                    f"{grade} 的区间为空",
                )

    def _band_gaps(self, name: str, scheme: Scheme) -> Iterator[Fault]:
        spans = bands(scheme)
        if scheme.grades.by == "unsaid" or not spans:
            return
        place: Place = ("schemes", name, "grades", "bands")
        for (first, _, high, _, closed_above), (second, low, _, closed_below, _) in pairwise(spans):
            if high < low or (high == low and not closed_above and not closed_below):
                yield self._at(
                    (*place, second),
                    f"gap between {first} and {second}, from {high} to {low}; firms in it stay unrated",
                    f"{first} 与 {second} 之间有空档（{high}–{low}）；落入者不予评级",
                )
        if scheme.grades.by == "share" and (spans[0][1] > 0 or spans[-1][2] < 100):
            yield self._at(
                place,
                f"grades cover {spans[0][1]} to {spans[-1][2]} % of the firms, not all",
                f"等级只覆盖 {spans[0][1]}%–{spans[-1][2]}%",
            )
        if scheme.grades.by == "score" and (spans[0][1].is_finite() or spans[-1][2].is_finite()):
            yield self._at(
                place, "some scores have no grade; leave the outer ends open", "部分得分没有等级；外端应为开放区间"
            )

    def _of_overrides(self, name: str, scheme: Scheme) -> Iterator[Fault]:
        for position, override in enumerate(scheme.overrides):
            place: Place = ("schemes", name, "overrides", position)
            effect = override.effect
            for grade in (effect.grade, effect.at_most, effect.at_least):
                if grade is not None and scheme.grades.by != "unsaid" and grade not in scheme.grades.bands:
                    yield self._at(place, f'no grade "{grade}" in this scheme', f"本方案没有等级“{grade}”")
            passed_over = override.ranking == "refilled" and effect.at_most is not None
            if override.ranking in ("refilled", "excluded") and effect.grade is None and not passed_over:
                yield self._at(
                    place,
                    "who leaves the ranking needs a grade of its own (effect: {grade: …}); "
                    "at_most may be refilled: the next ones take the better grades",
                    "退出排名者须直接指定等级；at_most 可与 refilled 同用，由后者依次递补",
                )
            if passed_over and scheme.grades.by == "score":
                yield self._at(place, "grades by score have no places that others could take", "按得分定级时不存在递补")
            asks_after = any(str(test.fact) in ("score", "grade") for test in override.when.tests())
            if override.ranking in ("refilled", "excluded") and asks_after:
                yield self._at(
                    place,
                    "who leaves the ranking cannot be chosen by score or grade",
                    "退出排名的条件不能取决于得分或等级",
                )
        if isinstance(scheme.precedence, tuple) and len(set(scheme.precedence)) != len(scheme.precedence):
            yield self._at(("schemes", name, "precedence"), "precedence names a kind twice", "优先次序重复")


Span = tuple[str, Decimal, Decimal, bool, bool]


def bands(scheme: Scheme) -> list[Span]:
    """Grades as (name, low, high, low end closed, high end closed), from the lowest number upward.

    Shares run from 0 (open) to 100 (closed); an interval of shares is closed above, one of scores below, unless it says
    otherwise.
    """
    by_share = scheme.grades.by == "share"
    lowest, highest = (Decimal(0), Decimal(100)) if by_share else (Decimal("-Infinity"), Decimal("Infinity"))
    spans = []
    for grade, band in scheme.grades.bands.items():
        low = lowest if band.from_ is None else band.from_
        high = highest if band.to is None else band.to
        closed_below = (not by_share) if band.from_closed is None else band.from_closed
        closed_above = by_share if band.to_closed is None else band.to_closed
        spans.append((grade, low, high, closed_below, closed_above))
    return sorted(spans, key=lambda span: (span[1], span[2]))


def closed_below(scored: Scored, step: Step) -> bool:
    """Whether a step holds its lower end."""
    return scored.steps_of != "share" if step.from_closed is None else step.from_closed


def closed_above(scored: Scored, step: Step) -> bool:
    """Whether a step holds its upper end."""
    return scored.steps_of == "share" if step.to_closed is None else step.to_closed


def number(value: Any, firm_class: str | None) -> Any:  # noqa: ANN401 - a number, a statistic, unsaid or None
    """The value that holds for a class: a Decimal, a Computed, "unsaid", or None where the rule has none for it."""
    if isinstance(value, ByClass):
        value = value.by_class.get(firm_class) if firm_class else None
        if value is None:
            return "unsaid"
    return value.given if isinstance(value, Given) else value


def _conditions(rule: Rule) -> Iterator[tuple[Place, Condition, str]]:
    """Every condition, with its place and what is known when it is asked: of the scope alone,
    before points, with points, after grades."""
    if rule.scope.where:
        yield ("scope", "where"), rule.scope.where, "scope"
    for group in ("exempt", "ungraded"):
        for position, named in enumerate(getattr(rule, group)):
            yield (group, position, "when"), named.when, "before"
    for name, scheme in rule.schemes.items():
        yield ("schemes", name, "when"), scheme.when, "before"
        for position, adjustment in enumerate(scheme.adjustments):
            place: Place = ("schemes", name, "adjustments", position)
            if adjustment.when:
                yield (*place, "when"), adjustment.when, "points"
            if adjustment.per:
                yield (*place, "per", "fact"), Condition(fact=adjustment.per.fact, missing=False), "points"
        for position, override in enumerate(scheme.overrides):
            yield ("schemes", name, "overrides", position, "when"), override.when, "after"
        if not isinstance(scheme.indicators, str):
            yield from _of_populations(name, scheme)


def _of_populations(name: str, scheme: Scheme) -> Iterator[tuple[Place, Condition, str]]:
    for code, scored in ({} if isinstance(scheme.indicators, str) else scheme.indicators).items():
        for word in ("base", "worst", "best"):
            value = getattr(scored, word)
            for computed in [value, *(value.by_class.values() if isinstance(value, ByClass) else ())]:
                if isinstance(computed, Computed) and computed.population.where:
                    yield ("schemes", name, "indicators", code, word), computed.population.where, "before"
