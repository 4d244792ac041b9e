"""What a rule may say. docs/rules.md explains each word; a rule is YAML of this shape.

A word that the text does not say is `unsaid`: never a default, never another county's number.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from pipelines.records.registers import Words

Unsaid = Literal["unsaid"]
Scale = Literal["above", "below"]
GroupedBy = Literal["county", "zone", "industry", "class", "scale"]


Number = Decimal
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Text = Annotated[str, Field(pattern=r"^[\w .:/+-]{1,60}$")]
Grade = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9+]{0,3}$")]


class Strict(BaseModel):
    """Nothing that is not in the language passes."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Printed(Strict):
    """Where something was read, and whether somebody held it against the text; else those of the block around it."""

    source: str | None = None
    verified: bool | None = None


class Condition(Strict):
    """A question about a firm: a flag, a fact compared with something, or several of these joined."""

    all: tuple[Condition, ...] | None = None
    any: tuple[Condition, ...] | None = None
    none: tuple[Condition, ...] | None = None
    flag: Code | None = None
    fact: Annotated[str, Field(pattern=r"^[a-z]+(\.[a-z][a-z0-9_]*)?$")] | None = None
    equals: Text | None = None
    one_of: tuple[Text, ...] | None = None
    below: Number | None = None
    at_most: Number | None = None
    at_least: Number | None = None
    above: Number | None = None
    missing: bool | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Condition:
        forms = [name for name in ("all", "any", "none", "flag", "fact") if getattr(self, name) is not None]
        if len(forms) != 1:
            raise ValueError("a condition has exactly one of: all, any, none, flag, fact")
        compared = [name for name in COMPARISONS if getattr(self, name) is not None]
        if (self.fact is None) == bool(compared):
            raise ValueError(f"a fact is compared by at least one of: {', '.join(COMPARISONS)}; nothing else is")
        return self

    def tests(self) -> list[Condition]:
        """All flags and facts that it asks for."""
        joined = [*(self.all or ()), *(self.any or ()), *(self.none or ())]
        return [self] if not joined else [test for part in joined for test in part.tests()]


COMPARISONS = ("equals", "one_of", "below", "at_most", "at_least", "above", "missing")


class Definition(Strict):
    """An indicator of the rule's own: sums of items, over some years, one divided by the other.

    Attributes:
        denominator: left out, the indicator is an amount.
        years: the years whose items are added up, counted from the evaluated one: [0, -1, -2] is a three-year mean.
        denominator_years: the same for the denominator; as `years` unless said. [0] over [-1] minus 1 is a growth rate.
        plus: added to the ratio.
    """

    name: Words
    unit: Words
    numerator: dict[Code, Number]
    denominator: dict[Code, Number] = {}
    years: tuple[Annotated[int, Field(ge=-5, le=0)], ...] = (0,)
    denominator_years: tuple[Annotated[int, Field(ge=-5, le=0)], ...] | None = None
    plus: Number = Decimal(0)


class Population(Strict):
    """Whose values a base is computed from: the firms that the rule scores, or some of them.

    Attributes:
        scale: only firms of this scale, whichever the scheme scores.
        within: only firms that share these with the firm that is scored.
        year: 0 is the evaluated year, -1 the year before.
        where: only firms for which this holds.
    """

    name: Words
    scale: Scale | None = None
    within: tuple[GroupedBy, ...] = ()
    year: Annotated[int, Field(ge=-5, le=0)] = 0
    where: Condition | None = None


class Computed(Printed):
    """A number that the rule takes from a population."""

    statistic: Literal["ratio_of_sums", "mean", "median", "percentile", "maximum", "minimum"]
    percent: Annotated[Number, Field(ge=0, le=100)] | None = None
    population: Population
    factor: Number = Decimal(1)

    @model_validator(mode="after")
    def _percentile_says_which(self) -> Computed:
        if (self.statistic == "percentile") != (self.percent is not None):
            raise ValueError("a percentile, and only it, has `percent`")
        return self


class Given(Printed):
    """A printed number with a source of its own."""

    given: Number


def _form_of_value(value: object) -> str:
    """Which form a value is typed in, so that a fault in it is said of that form alone."""
    if not isinstance(value, dict):
        return "unsaid" if value == "unsaid" else "number"
    if "by_class" in value:
        return "by_class"
    return "computed" if {"statistic", "population", "percent", "factor"} & set(value) else "given"


_OfNumber = Annotated[Number, Tag("number")]
_OfGiven = Annotated[Given, Tag("given")]
_OfComputed = Annotated[Computed, Tag("computed")]
_OfUnsaid = Annotated[Unsaid, Tag("unsaid")]


class ByClass(Printed):
    """A number for each class of the rule."""

    by_class: dict[Code, Annotated[_OfNumber | _OfGiven | _OfComputed | _OfUnsaid, Discriminator(_form_of_value)]]


Value = Annotated[
    _OfNumber | _OfGiven | _OfComputed | Annotated[ByClass, Tag("by_class")] | _OfUnsaid,
    Discriminator(_form_of_value),
]


class Step(Strict):
    """From here to there the indicator brings so many points; an end left out is open.

    A step is closed below, one of shares above, unless it says otherwise.
    """

    from_: Number | None = Field(default=None, alias="from")
    to: Number | None = None
    from_closed: bool | None = None
    to_closed: bool | None = None
    points: Number


class FixedPoints(Strict):
    """So many points, whatever the value."""

    points: Number


class Moved(Strict):
    """The weight goes to these indicators, so much to each."""

    to: dict[Code, Annotated[Number, Field(gt=0)]] = Field(min_length=1)


def _form_of_treatment(value: object) -> str:
    if not isinstance(value, dict):
        return "word"
    return "moved" if "to" in value else "points"


Treatment = Annotated[
    Annotated[Literal["zero", "full", "class_mean", "to_others", "unsaid"], Tag("word")]
    | Annotated[FixedPoints, Tag("points")]
    | Annotated[Moved, Tag("moved")],
    Discriminator(_form_of_treatment),
]


class Missing(Strict):
    """What happens where a value cannot be computed."""

    no_record: Treatment = "unsaid"
    zero_denominator: Treatment = "unsaid"


def _form_of_missing(value: object) -> str:
    return "both" if isinstance(value, dict) and not {"points", "to"} & set(value) else "one"


class Scored(Printed):
    """How one indicator becomes points.

    Attributes:
        weight: points of a firm that meets the base, or the best bound.
        points: ratio = value / base x weight; inverse = base / value x weight; mirror = (2 - value / base) x weight;
            linear between `worst` and `best`; steps; rank within the group that is ranked.
        steps_of: what steps are of: the value, its multiple of the base, or its place within the ranked group, as a
            cumulative share from the top in per cent.
        share_at_worst: per cent of the weight at `worst` (linear) or for the last (rank).
        share_beyond_worst: per cent of the weight past `worst`; as at it unless said.
        cap: most points, as a multiple of the weight. cap_points: the same in points.
        floor_points: fewest points.
        negative: what a value below zero brings.
    """

    weight: Value
    points: Literal["ratio", "inverse", "mirror", "linear", "steps", "rank"] | Unsaid
    base: Value | None = None
    worst: Value | None = None
    best: Value | None = None
    steps: tuple[Step, ...] = ()
    steps_of: Literal["value", "base", "share"] = "value"
    share_at_worst: Annotated[Number, Field(ge=0, le=100)] = Decimal(0)
    share_beyond_worst: Annotated[Number, Field(ge=0, le=100)] | None = None
    cap: Number | None = None
    cap_points: Number | None = None
    floor_points: Number | None = None
    lower_is_better: bool = False
    negative: Literal["as_computed", "zero", "unsaid"] | FixedPoints = "as_computed"
    missing: Annotated[
        Annotated[Treatment, Tag("one")] | Annotated[Missing, Tag("both")], Discriminator(_form_of_missing)
    ] = Missing()

    @model_validator(mode="after")
    def _has_what_its_points_need(self) -> Scored:
        needed = {"ratio": ("base",), "inverse": ("base",), "mirror": ("base",), "linear": ("worst", "best")}
        for name in needed.get(self.points, ()):
            if getattr(self, name) is None:
                raise ValueError(f"points: {self.points} needs `{name}` (a number, a statistic, or unsaid)")
        if (self.points == "steps") != bool(self.steps):
            raise ValueError("points: steps, and only it, has `steps`")
        if self.steps_of != "value" and not self.steps:
            raise ValueError("steps_of says what `steps` are of; there are none")
        if self.steps_of == "base" and self.base is None:
            raise ValueError("steps_of: base needs `base` (a number, a statistic, or unsaid)")
        return self


class Per(Strict):
    """Points for each further piece of something.

    Attributes:
        beyond: so many are free.
        step: what counts as one piece.
        first: points of the first piece, if it differs.
        each: points of each (further) piece.
    """

    fact: Annotated[str, Field(pattern=r"^[a-z]+\.[a-z][a-z0-9_]*$")]
    beyond: Number = Decimal(0)
    step: Annotated[Number, Field(gt=0)] = Decimal(1)
    first: Number | None = None
    each: Number


class Adjustment(Printed):
    """Points added to or taken from the total, or a factor on it.

    Attributes:
        at_most: the most that it can move the total, either way.
        group: of several adjustments of one group only the one with the largest effect counts.
    """

    id: Code
    name: Words
    when: Condition | None = None
    points: Number | None = None
    per: Per | None = None
    factor: Annotated[Number, Field(gt=0)] | None = None
    at_most: Annotated[Number, Field(ge=0)] | None = None
    group: Code | None = None

    @model_validator(mode="after")
    def _one_effect(self) -> Adjustment:
        if sum(effect is not None for effect in (self.points, self.per, self.factor)) != 1:
            raise ValueError("an adjustment has exactly one of: points, per, factor")
        return self


class Total(Strict):
    """Bounds of the score and of what is added to and taken from it; `decimals` where the text rounds it."""

    additions_at_most: Annotated[Number, Field(ge=0)] | None = None
    deductions_at_most: Annotated[Number, Field(ge=0)] | None = None
    at_most: Number | None = None
    at_least: Number | None = None
    decimals: Annotated[int, Field(ge=0, le=6)] | None = None


class Ranking(Printed):
    """Who is ranked against whom, by what, and how ties are settled before the firm's id settles them."""

    within: tuple[GroupedBy, ...] = ()
    by: Code = "score"
    ties: tuple[Code, ...] = ()


class Band(Printed):
    """One grade's interval: of the cumulative share from the top in per cent, or of the score. An end left out is
    open."""

    from_: Number | None = Field(default=None, alias="from")
    to: Number | None = None
    from_closed: bool | None = None
    to_closed: bool | None = None


class Grades(Printed):
    """How a grade follows from rank or score, best grade first.

    Attributes:
        rounding: of the number of firms that a share comes to; exact asks rank / firms against the share.
    """

    by: Literal["share", "score"] | Unsaid
    rounding: Literal["exact", "down", "up", "nearest"] = "exact"
    bands: dict[Grade, Band] = {}


class Effect(Strict):
    """What an override does: sets a grade, bounds it, or moves it (1 is one better)."""

    grade: Grade | None = None
    at_most: Grade | None = None
    at_least: Grade | None = None
    move: Annotated[int, Field(ge=-5, le=5)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Effect:
        if sum(value is not None for value in (self.grade, self.at_most, self.at_least, self.move)) != 1:
            raise ValueError("an effect has exactly one of: grade, at_most, at_least, move")
        return self


class Override(Printed):
    """A veto, a protection or a limit.

    Attributes:
        ranking: stays = keeps its place, its share is lost to others; refilled = leaves the ranking, its share is
            filled by the next (with at_most: stays in it, but the next ones are put before it up to the better grades'
            last place); excluded = leaves the ranking, shares are of the others alone.
    """

    id: Code
    name: Words
    kind: Literal["veto", "protection", "limit"]
    when: Condition
    effect: Effect
    ranking: Literal["stays", "refilled", "excluded"] | Unsaid = "stays"


class Named(Printed):
    """A group of firms by a condition."""

    id: Code
    name: Words
    when: Condition


class FirmClass(Printed):
    """A class of the rule: two-digit industries."""

    name: Words
    industries: tuple[Annotated[str, Field(pattern=r"^[0-9]{2}$")], ...]


class Scheme(Printed):
    """One way of scoring, for the firms that it is for.

    Attributes:
        weights_total: what the weights add up to.
    """

    name: Words
    when: Condition
    indicators: dict[Code, Scored] | Unsaid
    weights_total: Number = Decimal(100)
    adjustments: tuple[Adjustment, ...] = ()
    total: Total = Total()
    ranking: Ranking = Ranking()
    grades: Grades
    overrides: tuple[Override, ...] = ()
    precedence: tuple[Literal["veto", "protection", "limit"], ...] | Unsaid = "unsaid"


Tenants = Literal["own", "with_landlord", "follow_landlord"] | Unsaid


class UnitOfEvaluation(Strict):
    """Whether firms are evaluated together: members of a group, tenants with their landlord."""

    groups: Literal["own", "merged"] | Unsaid = "unsaid"
    tenants: Tenants | dict[Scale, Tenants] = "unsaid"


class Scope(Strict):
    """Which firms a rule is about."""

    areas: tuple[Annotated[str, Field(pattern=r"^[0-9]{6}$")], ...] = ()
    everywhere: bool = False
    zones: tuple[Code, ...] = ()
    where: Condition | None = None


class Rule(Strict):
    """One published rule."""

    rule: Code
    title: Words
    publisher: Words
    published_on: Text | Unsaid
    source: str
    verified: bool
    years: tuple[Annotated[int, Field(ge=2000, le=2100)], ...] = Field(min_length=1)
    scope: Scope
    classes: dict[Code, FirmClass] = {}
    indicators: dict[Code, Definition] = {}
    unit_of_evaluation: UnitOfEvaluation = UnitOfEvaluation()
    exempt: tuple[Named, ...] = ()
    ungraded: tuple[Named, ...] = ()
    schemes: dict[Code, Scheme] = Field(min_length=1)
