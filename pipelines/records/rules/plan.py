"""Rules as the dbt models take them: one plan with every default resolved, every name known and every number exact.

A plan is plain data (`vars` of a dbt run). What reaches SQL from it are names of the register and of the language,
which the language's patterns bound, and numbers that were decimals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.records.registers import register
from pipelines.records.rules import unsaid
from pipelines.records.rules.check import bands, closed_above, closed_below, number
from pipelines.records.rules.language import (
    COMPARISONS,
    ByClass,
    Computed,
    FixedPoints,
    Missing,
    Moved,
    Per,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from pipelines.records.rules.check import CheckedRule
    from pipelines.records.rules.language import (
        Adjustment,
        Condition,
        Named,
        Override,
        Rule,
        Scale,
        Scheme,
        Scored,
        Tenants,
    )

Data = dict[str, Any]
#: A computed base whose population is smaller would tell one firm's value.
SMALLEST_POPULATION = 3


@dataclass(frozen=True)
class Run:
    """One evaluation of the register.

    Attributes:
        run: its name.
        period: the year that is evaluated.
        rules: ids in the order in which they are asked; the first that covers a firm holds for it.
        base_run: the run whose computed bases hold; itself unless an earlier year is scored on a later year's bases.
    """

    run: str
    period: int
    rules: tuple[str, ...]
    base_run: str | None = None


def plan_of(rules: Sequence[CheckedRule], runs: Iterable[Run]) -> Data:
    """The plan of these runs."""
    schemes: list[Data] = []
    for checked in rules:
        for name, scheme in checked.rule.schemes.items():
            schemes.append(_scheme(len(schemes) + 1, checked.rule, name, scheme))
    scored_or_ranked = {
        code for scheme in schemes for code in (*scheme["indicators"], *scheme["ties"], scheme["rank_by"])
    }
    names = sorted((scored_or_ranked - {"score"}) | _asked_for(rules))
    definitions = {name: _definitions(name, rules) for name in names}
    shifts = sorted({(name, 0) for name in names} | {shift for scheme in schemes for shift in _shifts(scheme)})
    return {
        "counties": [],
        "runs": [
            {"run": run.run, "period": run.period, "rules": list(run.rules), "base_run": run.base_run or run.run}
            for run in runs
        ],
        "rules": [_rule(checked) for checked in rules],
        "schemes": schemes,
        "indicators": names,
        "definitions": definitions,
        "shifts": [list(shift) for shift in shifts],
        "items": [list(one) for one in sorted(_items(definitions, shifts) | _items_of_conditions(rules))],
        "smallest_population": SMALLEST_POPULATION,
        "names": {name: _names_of_indicator(name, rules) for name in names},
    }


def _names_of_indicator(name: str, rules: Sequence[CheckedRule]) -> Data:
    for checked in rules:
        own = checked.rule.indicators.get(name)
        if own is not None:
            return {"zh": own.name.zh, "en": own.name.en, "unit_zh": own.unit.zh, "unit_en": own.unit.en}
    standard = register("land_productivity").indicators[name]
    return {"zh": standard.zh, "en": standard.en, "unit_zh": standard.unit.zh, "unit_en": standard.unit.en}


def _rule(checked: CheckedRule) -> Data:
    rule = checked.rule
    tenants = rule.unit_of_evaluation.tenants
    return {
        "rule": rule.rule,
        "version": checked.version,
        "years": list(rule.years),
        "title": rule.title.model_dump(),
        "verified": rule.verified,
        "reasons": {one.id: one.name.model_dump() for one in _named_parts(rule)},
        "areas": list(rule.scope.areas),
        "zones": list(rule.scope.zones),
        "where": _condition(rule.scope.where) if rule.scope.where else None,
        "classes": {name: list(one.industries) for name, one in rule.classes.items()},
        "groups": rule.unit_of_evaluation.groups,
        "tenants": {
            scale: tenants if isinstance(tenants, str) else _of_scale(tenants, scale) for scale in ("above", "below")
        },
        "exempt": [{"id": one.id, "when": _condition(one.when)} for one in rule.exempt],
        "ungraded": [{"id": one.id, "when": _condition(one.when)} for one in rule.ungraded],
    }


def _of_scale(tenants: Mapping[Scale, Tenants], scale: str) -> str:
    return next((how for of, how in tenants.items() if of == scale), "unsaid")


def _named_parts(rule: Rule) -> list[Named | Adjustment | Override]:
    """Everything of a rule that a firm may be told as a reason."""
    parts: list[Named | Adjustment | Override] = [*rule.exempt, *rule.ungraded]
    for scheme in rule.schemes.values():
        parts += [*scheme.adjustments, *scheme.overrides]
    return parts


def _scheme(position: int, rule: Rule, name: str, scheme: Scheme) -> Data:
    indicators = {} if isinstance(scheme.indicators, str) else scheme.indicators
    scored = {code: _scored(one, list(rule.classes)) for code, one in indicators.items()}
    grades = list(scheme.grades.bands)
    return {
        "no": position,
        "rule": rule.rule,
        "scheme": name,
        "name": scheme.name.model_dump(),
        "when": _condition(scheme.when),
        "unsaid": [word for word in unsaid.stops_scoring(scheme) if not word.startswith(("grades", "ranking"))],
        "ungradable": [word for word in unsaid.stops_scoring(scheme) if word.startswith(("grades", "ranking"))],
        "needs_class": "class" in scheme.ranking.within or any(_by_class(one) for one in indicators.values()),
        "indicators": scored,
        "adjustments": [_adjustment(one) for one in scheme.adjustments],
        "total": {key: _text(value) for key, value in scheme.total.model_dump().items()},
        "within": list(scheme.ranking.within),
        "rank_by": scheme.ranking.by,
        "ties": list(scheme.ranking.ties),
        "grades": grades,
        "grades_by": scheme.grades.by,
        "rounding": scheme.grades.rounding,
        "bands": [
            {
                "grade": grades.index(grade) + 1,
                "low": _text(low) if low.is_finite() else None,
                "high": _text(high) if high.is_finite() else None,
                "low_closed": low_closed,
                "high_closed": high_closed,
            }
            for grade, low, high, low_closed, high_closed in bands(scheme)
        ],
        "overrides": [_override(one, grades) for one in _in_order(scheme)],
        "precedence_unsaid": scheme.precedence == "unsaid",
    }


def _by_class(scored: Scored) -> bool:
    return any(isinstance(getattr(scored, word), ByClass) for word in ("weight", "base", "worst", "best"))


def _scored(scored: Scored, classes: list[str]) -> Data:
    missing = (
        scored.missing
        if isinstance(scored.missing, Missing)
        else Missing(no_record=scored.missing, zero_denominator=scored.missing)
    )
    beyond = scored.share_at_worst if scored.share_beyond_worst is None else scored.share_beyond_worst
    return {
        "points": scored.points,
        **{word: _value(getattr(scored, word), classes) for word in ("weight", "base", "worst", "best")},
        "steps": [
            {
                "low": _text(step.from_),
                "high": _text(step.to),
                "low_closed": closed_below(scored, step),
                "high_closed": closed_above(scored, step),
                "points": _text(step.points),
            }
            for step in scored.steps
        ],
        "steps_of": scored.steps_of,
        "share_at_worst": _text(scored.share_at_worst),
        "share_beyond_worst": _text(beyond),
        "cap": _text(scored.cap),
        "cap_points": _text(scored.cap_points),
        "floor_points": _text(scored.floor_points),
        "lower_is_better": scored.lower_is_better,
        "negative": _treatment(scored.negative),
        "no_record": _treatment(missing.no_record),
        "zero_denominator": _treatment(missing.zero_denominator),
    }


def _value(value: object, classes: list[str]) -> Data | None:
    """How a number is had: for every class alike, or class by class."""
    if value is None:
        return None
    if isinstance(value, ByClass):
        return {"by_class": {name: _one_value(number(value, name)) for name in classes}}
    return {"all": _one_value(number(value, None))}


def _one_value(value: object) -> Data:
    if isinstance(value, Computed):
        population = value.population
        return {
            "statistic": value.statistic,
            "percent": _text(value.percent),
            "factor": _text(value.factor),
            "scale": population.scale,
            "within": list(population.within),
            "shift": -population.year,
            "where": _condition(population.where) if population.where else None,
        }
    return {"unsaid": True} if value == "unsaid" else {"given": str(value)}


def _treatment(treatment: object) -> Data:
    if isinstance(treatment, FixedPoints):
        return {"how": "points", "points": _text(treatment.points)}
    if isinstance(treatment, Moved):
        return {"how": "moved", "to": {code: _text(weight) for code, weight in treatment.to.items()}}
    return {"how": treatment}


def _adjustment(one: Adjustment) -> Data:
    return {
        "id": one.id,
        "when": _condition(one.when) if one.when else None,
        "points": _text(one.points),
        "per": _per(one.per) if one.per else None,
        "factor": _text(one.factor),
        "at_most": _text(one.at_most),
        "group": one.group,
    }


def _per(per: Per) -> Data:
    first = per.each if per.first is None else per.first
    return {
        "fact": per.fact,
        "beyond": _text(per.beyond),
        "step": _text(per.step),
        "first": _text(first),
        "each": _text(per.each),
    }


def _in_order(scheme: Scheme) -> list[Override]:
    """Overrides in the order in which they are applied: the kind that prevails comes last, moves before bounds."""
    order: list[str] = list(scheme.precedence) if isinstance(scheme.precedence, tuple) else []
    order += [kind for kind in ("protection", "limit", "veto") if kind not in order]
    return sorted(scheme.overrides, key=lambda one: (-order.index(one.kind), one.effect.move is None))


def _override(one: Override, grades: list[str]) -> Data:
    effect = one.effect
    position = {
        name: grades.index(grade) + 1
        for name in ("grade", "at_most", "at_least")
        if (grade := getattr(effect, name)) in grades
    }
    return {
        "id": one.id,
        "kind": one.kind,
        "when": _condition(one.when),
        "move": effect.move,
        "ranking": "passed_over" if one.ranking == "refilled" and effect.at_most else one.ranking,
        **position,
    }


def _condition(condition: Condition) -> Data:
    for joined in ("all", "any", "none"):
        parts = getattr(condition, joined)
        if parts is not None:
            return {"join": joined, "parts": [_condition(part) for part in parts]}
    if condition.flag is not None:
        return {"flag": condition.flag}
    compared = {name: getattr(condition, name) for name in COMPARISONS if getattr(condition, name) is not None}
    plain = {
        name: list(value) if isinstance(value, tuple) else value if isinstance(value, bool | str) else str(value)
        for name, value in compared.items()
    }
    return {"fact": condition.fact, "compared": plain}


def _text(value: Decimal | int | None) -> str | None:
    return None if value is None else format(value, "f") if not isinstance(value, int) else str(value)


def _definitions(name: str, rules: Sequence[CheckedRule]) -> list[Data]:
    """How an indicator is computed: a rule's own definition where it has one, then the register's."""
    found: list[Data] = []
    for checked in rules:
        own = checked.rule.indicators.get(name)
        if own is not None:
            found.append(
                {
                    "rule": checked.rule.rule,
                    "numerator": {item: str(coefficient) for item, coefficient in own.numerator.items()},
                    "denominator": {item: str(coefficient) for item, coefficient in own.denominator.items()},
                    "years": [-year for year in own.years],
                    "denominator_years": [-year for year in own.denominator_years or own.years],
                    "plus": _text(own.plus),
                }
            )
    standard = register("land_productivity").indicators.get(name)
    if standard is not None:
        found.append(
            {
                "rule": None,
                "numerator": {item: str(coefficient) for item, coefficient in standard.numerator.items()},
                "denominator": {item: str(coefficient) for item, coefficient in standard.denominator.items()},
                "years": [0],
                "denominator_years": [0],
                "plus": "0",
            }
        )
    return found


def _asked_for(rules: Sequence[CheckedRule]) -> set[str]:
    """Indicators that conditions ask for."""
    facts = {
        str(test.fact) for checked in rules for condition in _all_conditions(checked.rule) for test in condition.tests()
    }
    return {fact.partition(".")[2] for fact in facts if fact.startswith(("indicator.", "ratio.", "points."))}


def _items_of_conditions(rules: Sequence[CheckedRule]) -> set[tuple[str, int]]:
    facts = {
        str(test.fact) for checked in rules for condition in _all_conditions(checked.rule) for test in condition.tests()
    }
    facts |= {
        one.per.fact
        for checked in rules
        for scheme in checked.rule.schemes.values()
        for one in scheme.adjustments
        if one.per
    }
    return {(fact.partition(".")[2], 0) for fact in facts if fact.startswith("item.")}


def _all_conditions(rule: Rule) -> list[Condition]:
    found = [one.when for one in (*rule.exempt, *rule.ungraded)]
    found += [rule.scope.where] if rule.scope.where else []
    for scheme in rule.schemes.values():
        found += [scheme.when, *(one.when for one in scheme.overrides)]
        found += [one.when for one in scheme.adjustments if one.when]
        if not isinstance(scheme.indicators, str):
            for scored in scheme.indicators.values():
                for value in (scored.base, scored.worst, scored.best):
                    parts = value.by_class.values() if isinstance(value, ByClass) else (value,)
                    found += [
                        part.population.where for part in parts if isinstance(part, Computed) and part.population.where
                    ]
    return found


def _shifts(scheme: Data) -> set[tuple[str, int]]:
    found = set()
    for code, scored in scheme["indicators"].items():
        for word in ("base", "worst", "best"):
            value = scored[word] or {}
            for one in [value.get("all"), *value.get("by_class", {}).values()]:
                if one and one.get("shift"):
                    found.add((code, one["shift"]))
    return found


def _items(definitions: dict[str, list[Data]], shifts: Iterable[tuple[str, int]]) -> set[tuple[str, int]]:
    """Each item that is read, with how many years before the evaluated one."""
    found = set()
    for name, shift in shifts:
        for definition in definitions[name]:
            found |= {(item, year + shift) for item in definition["numerator"] for year in definition["years"]}
            found |= {
                (item, year + shift) for item in definition["denominator"] for year in definition["denominator_years"]
            }
    return found
