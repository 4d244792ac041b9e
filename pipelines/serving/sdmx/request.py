"""What a client asks for, out of paths and parameters; whatever is not understood is refused, never passed over."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from pipelines.asking.periods import days_of
from pipelines.asking.warehouse import UnknownName
from pipelines.problems import shortened
from pipelines.serving.sdmx.flows import AGENCY, FLOWS, TIME, VERSION, Flow
from pipelines.serving.sdmx.problems import NO_RESULTS, NOT_IMPLEMENTED, SYNTAX, TOO_LARGE, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

DETAILS = ("full", "dataonly", "serieskeysonly", "nodata")
#: What `dimensionAtObservation` says where a message is flat: each observation with its whole key.
FLAT = "AllDimensions"
#: Keys of one request at most.
MOST_KEYS = 100
#: How the versions of the standard write "any" and "the latest".
ANY = frozenset({"all", "*"})
LATEST = frozenset({"latest", "~", "+", VERSION, "1.0.0", "1.0+", "1+.0", "1.0+.0", "1"})
_COMPONENT = re.compile(r"c\[(?P<id>[A-Z_]+)\]")
_DATA = frozenset({
    "startPeriod", "endPeriod", "updatedAfter", "firstNObservations", "lastNObservations", "dimensionAtObservation",
    "detail", "includeHistory", "asOf", "attributes", "measures",
})  # fmt: skip
_AVAILABILITY = frozenset({"mode", "references", "startPeriod", "endPeriod", "updatedAfter"})
#: Operators of what a period is held against; of codes there is `eq` alone.
_OPERATORS = ("eq", "ge", "gt", "le", "lt")


@dataclass(frozen=True)
class DataQuery:
    """Which observations are asked for.

    Attributes:
        chosen: of each dimension the values that are wanted, any of them; one that is not named is not restricted.
        keys: where several keys are asked for, what each chooses; `chosen` then holds all that they hold together.
        since, until: the days that startPeriod and endPeriod begin and end.
        seen_after: updatedAfter.
        first, last: of each series so many of its earliest and latest periods.
        with_history: every print, not only the one that stands.
        as_of: as it was known on that day.
        detail: one of `DETAILS`.
        is_flat: observations not by series, each with its whole key.
    """

    flow: Flow
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keys: tuple[Mapping[str, tuple[str, ...]], ...] = ()
    since: date | None = None
    until: date | None = None
    seen_after: datetime | None = None
    first: int | None = None
    last: int | None = None
    with_history: bool = False
    as_of: date | None = None
    detail: str = "full"
    is_flat: bool = False


def flow_named(agency: str, flow: str, version: str) -> Flow:
    """The dataflow of an agency, an id and a version.

    Raises:
        Refused: there is none.
    """
    for each in FLOWS:
        own = flow in {each.id, *ANY} and agency in {AGENCY, *ANY} and (version in LATEST or version in ANY)
        if own and (flow == each.id or len(FLOWS) == 1):
            return each
    known = ", ".join(f"{AGENCY}:{each.id}({VERSION})" for each in FLOWS)
    raise Refused(NO_RESULTS, f"no dataflow is called {_quoted(f'{agency}:{flow}({version})')}; there are: {known}")


def flow_of_reference(reference: str) -> Flow:
    """The dataflow of a 1.x reference: `CURRENT`, `GONGFU,CURRENT` or `GONGFU,CURRENT,1.0`. Raises as `flow_named`."""
    parts = reference.split(",")
    if len(parts) > 3 or not all(parts):
        raise Refused(SYNTAX, f"{_quoted(reference)} is no dataflow; write it as {AGENCY},CURRENT,{VERSION}")
    agency, flow, version = {1: ["all", *parts, "latest"], 2: [*parts, "latest"], 3: parts}[len(parts)]
    return flow_named(agency, flow, version)


def check_provider(provider: str) -> None:
    """Refuse a provider that is not ours: `GONGFU`, `GONGFU,GONGFU`, `all`."""
    if not set(re.split(r"[,+]", provider)) <= {AGENCY, *ANY}:
        raise Refused(NO_RESULTS, f"no data provider is called {_quoted(provider)}; there is {AGENCY}")


def data_query(flow: Flow, key: str, parameters: Mapping[str, str]) -> DataQuery:
    """The observations that a key and parameters ask for.

    Args:
        flow: of which.
        key: values of the dimensions apart by points, several by `+`, any by nothing or `*`; `all` for everything.
        parameters: of the query, `c[INDICATOR]=gdp` among them.

    Raises:
        Refused: something in it is not understood.
    """
    _refuse_unknown(parameters, _DATA)
    at_observation = parameters.get("dimensionAtObservation", TIME)
    if at_observation not in {TIME, FLAT}:
        message = f"dimensionAtObservation is {TIME} or {FLAT}, not {_quoted(at_observation)}"
        raise Refused(NOT_IMPLEMENTED if at_observation in flow.keys else SYNTAX, message)
    keys, days = _chosen(flow, key, parameters)
    since, until = _range(parameters, days)
    as_of = parameters.get("asOf")
    query = DataQuery(
        flow=flow,
        chosen=_together(flow, keys),
        keys=keys if len(keys) > 1 else (),
        since=since,
        until=until,
        seen_after=_moment("updatedAfter", parameters["updatedAfter"]) if "updatedAfter" in parameters else None,
        first=_count("firstNObservations", parameters),
        last=_count("lastNObservations", parameters),
        with_history=_truth("includeHistory", parameters),
        as_of=_moment("asOf", as_of).date() if as_of is not None else None,
        detail=_detail(parameters),
        is_flat=at_observation == FLAT,
    )
    _refuse_unfit(query)
    return query


def availability_query(flow: Flow, key: str, parameters: Mapping[str, str]) -> DataQuery:
    """The observations of which is asked what values their dimensions have. Raises as `data_query`."""
    _refuse_unknown(parameters, _AVAILABILITY)
    if parameters.get("mode", "exact") not in {"exact", "available"}:
        raise Refused(SYNTAX, f"mode is exact or available, not {_quoted(parameters['mode'])}")
    asked = {name: value for name, value in parameters.items() if name not in {"mode", "references"}}
    return data_query(flow, key, asked)


def _refuse_unfit(query: DataQuery) -> None:
    if query.flow.id == "OBSERVATIONS" and (query.with_history or query.as_of or query.first or query.last):
        raise Refused(
            NOT_IMPLEMENTED,
            "OBSERVATIONS holds every print already: includeHistory, asOf, firstNObservations and lastNObservations "
            "are for CURRENT",
        )


def _chosen(
    flow: Flow, key: str, parameters: Mapping[str, str]
) -> tuple[tuple[dict[str, tuple[str, ...]], ...], list[tuple[str, str]]]:
    """Of each key the values by dimension, and what is asked of the time period as pairs of operator and period."""
    chosen: dict[str, tuple[str, ...]] = {}
    days: list[tuple[str, str]] = []
    for name, value in parameters.items():
        if not (found := _COMPONENT.fullmatch(name)):
            continue
        if found["id"] == TIME:
            days += [_operator(each) for each in re.split(r"[+,]", value)]
            continue
        if found["id"] not in flow.keys:
            raise Refused(SYNTAX, f"{flow.id} has no dimension {found['id']}; it has {', '.join(flow.keys)}")
        chosen[found["id"]] = tuple(_equals(each) for each in value.split(","))
    return tuple(_narrowed(_of_key(flow, each), chosen) for each in _keys(key)), days


def _keys(key: str) -> list[str]:
    keys = key.split(",")
    if len(keys) > MOST_KEYS:
        raise Refused(TOO_LARGE, f"{len(keys)} keys are more than the {MOST_KEYS} of one request")
    return keys


def _narrowed(own: Mapping[str, tuple[str, ...]], chosen: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """What a key chooses, of that what parameters choose; `\\0` is no code."""
    both = {
        name: tuple(each for each in chosen[name] if each in own[name]) or ("\0",) for name in own if name in chosen
    }
    return {**own, **chosen, **both}


def _together(flow: Flow, keys: tuple[Mapping[str, tuple[str, ...]], ...]) -> dict[str, tuple[str, ...]]:
    """What some keys choose together: a dimension that one of them leaves open is open."""
    return {
        name: tuple(dict.fromkeys(value for key in keys for value in key[name]))
        for name in flow.keys
        if all(name in key for key in keys)
    }


def _of_key(flow: Flow, key: str) -> dict[str, tuple[str, ...]]:
    chosen: dict[str, tuple[str, ...]] = {}
    if key in ANY or not key:
        return chosen
    parts = key.split(".")
    if len(parts) != len(flow.keys):
        raise Refused(
            SYNTAX,
            f"the key {_quoted(key)} has {len(parts)} parts; {flow.id} has {len(flow.keys)} dimensions: "
            f"{'.'.join(flow.keys)}",
        )
    for name, part in zip(flow.keys, parts, strict=True):
        values = tuple(each for each in part.split("+") if each)
        if values and values != ("*",):
            chosen[name] = values
    return chosen


def _operator(text: str) -> tuple[str, str]:
    operator, _, value = text.rpartition(":")
    if operator and operator not in _OPERATORS:
        raise Refused(
            NOT_IMPLEMENTED, f"the operator {_quoted(operator)} is not served; there are {', '.join(_OPERATORS)}"
        )
    return operator or "eq", value


def _equals(text: str) -> str:
    operator, _, value = text.rpartition(":")
    if operator not in {"", "eq"}:
        raise Refused(NOT_IMPLEMENTED, f"the operator {_quoted(operator)} is not served; there is eq")
    return value


def _range(parameters: Mapping[str, str], days: list[tuple[str, str]]) -> tuple[date | None, date | None]:
    lows = [_days(each)[0] for operator, each in days if operator in {"ge", "eq"}]
    lows += [_beside(_days(each)[1], 1) for operator, each in days if operator == "gt"]
    highs = [_days(each)[1] for operator, each in days if operator in {"le", "eq"}]
    highs += [_beside(_days(each)[0], -1) for operator, each in days if operator == "lt"]
    if "startPeriod" in parameters:
        lows.append(_days(parameters["startPeriod"])[0])
    if "endPeriod" in parameters:
        highs.append(_days(parameters["endPeriod"])[1])
    return max(lows, default=None), min(highs, default=None)


def _beside(day: date, days: int) -> date:
    """So many days after a day, or before it; the first and the last of all days have none beyond them."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def _days(period: str) -> tuple[date, date]:
    written = re.sub(r"^(\d{4})-A1$", r"\1", period.partition("T")[0] if "-T" not in period else period)
    try:
        return days_of(written)
    except UnknownName as error:
        raise Refused(SYNTAX, shortened(str(error), 200)) from None


def _moment(name: str, text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        found.astimezone(UTC)
    except (ValueError, OverflowError):  # the first hours of the year 1 elsewhere are no time in UTC
        message = f"{name}={_quoted(text)} is no time; write it as 2026-11-25 or 2026-11-25T08:00:00Z"
        raise Refused(SYNTAX, message) from None
    return found


def _count(name: str, parameters: Mapping[str, str]) -> int | None:
    if name not in parameters:
        return None
    text = parameters[name]
    if not re.fullmatch("[0-9]{1,9}", text) or int(text) == 0:
        raise Refused(SYNTAX, f"{name}={_quoted(text)} is no number of observations")
    return int(text)


def _truth(name: str, parameters: Mapping[str, str]) -> bool:
    text = parameters.get(name, "false").lower()  # sdmx1 writes True
    if text not in {"true", "false"}:
        raise Refused(SYNTAX, f"{name} is true or false, not {_quoted(text)}")
    return text == "true"


def _detail(parameters: Mapping[str, str]) -> str:
    detail = parameters.get("detail", "full")
    if detail not in DETAILS:
        raise Refused(SYNTAX, f"detail is one of {', '.join(DETAILS)}, not {_quoted(detail)}")
    attributes, measures = parameters.get("attributes", "dsd"), parameters.get("measures", "all")
    known = {"dsd", "all", "none", "obs"}
    if attributes not in known or measures not in {"all", "none", "OBS_VALUE"}:
        raise Refused(NOT_IMPLEMENTED, "attributes is dsd, obs, all or none; measures is all, OBS_VALUE or none")
    if measures == "none":
        return "serieskeysonly"
    return "dataonly" if attributes == "none" else detail


def _refuse_unknown(parameters: Mapping[str, str], known: frozenset[str]) -> None:
    for name in parameters:
        if name not in known and not _COMPONENT.fullmatch(name):
            raise Refused(SYNTAX, f"there is no parameter {_quoted(name)}; there are {', '.join(sorted(known))}")


def _quoted(text: str) -> str:
    return shortened(text, 80)
