"""`gongfu trace`: the whole way of one figure, from the file that it is printed in to the tables that hold it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from pipelines.asking.written import interval, plain
from pipelines.commands.language import Command
from pipelines.problems import shortened
from pipelines.project import current

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.asking.way import Way

_LOW = {"half_step": "half a step", "about": "about", "value": "the value", "open": "open"}
_HIGH = _LOW | {"next_step": "the next step"}
_LINE_CHARACTERS = 150


@click.command(cls=Command)
@click.argument("words", nargs=-1, required=True)
def trace(words: tuple[str, ...]) -> None:
    """Show the way of one figure: file, print, each step, other vintages, tables that hold it.

    WORDS is a figure_id, or indicator, place and period, by code or by name: "gdp 330000 2022", 地区生产总值 浙江 2022,
    "Gross regional product, Zhejiang, 2022"; add a breakdown as industry=tertiary.
    """
    from pipelines.asking.naming import figure_named, moved_to
    from pipelines.asking.warehouse import published
    from pipelines.asking.way import way_of

    with published(current()) as warehouse:
        figure = figure_named(warehouse, words, "internal")
        way, moved = way_of(warehouse, figure, "internal"), moved_to(warehouse, words, "internal")
    for line in _screen(way):
        click.echo(line)
    if moved:
        click.echo(f"\nIn an earlier edition of the file {' '.join(words)} named what is now {', '.join(moved)}.")


def _screen(way: Way) -> Iterator[str]:
    yield from _heading(way)
    yield from ("", "Source")
    yield from _source(way)
    yield from ("", "Print")
    yield from _print(way)
    yield from ("", "Steps")
    yield from _steps(way)
    if way.vintages:
        yield from ("", f"Vintages ({len(way.vintages)}; * is the current one)")
        yield from _vintages(way)
    yield from ("", "Tables")
    yield from _tables(way)


def _heading(way: Way) -> Iterator[str]:
    yield str(way.printed["figure_id"])
    seen, names = way.observation, way.names
    if seen is None:
        yield "not taken: " + ("; ".join(each.rule for each in way.refusals) or "no code for its label")
        return
    what = f"{names['indicator_zh']} {names['indicator_en']}"
    part = f" [{seen.breakdown}]" if seen.breakdown else ""
    yield f"{what}{part} · {names['area_zh']} {names['area_en']} · {seen.time_period} · {seen.time_basis}"
    yield f"{plain(seen.value)} {seen.unit_measure}, {interval(seen.low, seen.high, seen.qualifier)}"


def _source(way: Way) -> Iterator[str]:
    source, printed = way.source, way.printed
    yield _row("file", printed["file"])
    if way.raw_sha256 is None:
        yield _row("sha256", "the file is not there any more")
    else:
        known = way.raw_sha256 in str(source.sha256).split()
        yield _row("sha256", f"{way.raw_sha256} ({'as received' if known else 'NOT what the card says'})")
    yield _row("title", f"{source.title_zh} · {source.title_en}")
    yield _row("publisher", f"{source.publisher_zh} · {source.publisher_en}")
    published = source.published_on or "unknown"
    yield _row("published", f"{published} ({source.published_on_precision}); counts as known from {source.known_from}")
    yield _row("licence", source.licence)
    for name in ("address", "note"):
        if getattr(source, name):
            yield _row(name, shortened(getattr(source, name), _LINE_CHARACTERS))


def _print(way: Way) -> Iterator[str]:
    printed = way.printed
    place = " ".join(
        str(text)
        for text in (
            f"line {printed['line']}",
            f"sheet {printed['sheet']}" if printed["sheet"] else "",
            f"cell {printed['cell']}" if printed["cell"] else "",
            f"characters {printed['char_start']} to {printed['char_end']}" if printed["char_start"] is not None else "",
            f"unit {printed['unit_char_start']} to {printed['unit_char_end']}"
            if printed["unit_char_start"] is not None
            else "",
            f"chapter {printed['chapter']}" if printed["chapter"] else "",
            f"table {printed['table_name']}" if printed["table_name"] else "",
        )
        if text
    )
    yield _row("where", place)
    width = max((len(each.place) for each in way.neighbours), default=0)
    for each in way.neighbours:
        mark = ">" if each.is_own else " "
        yield f"{mark} {each.place:>{width}}  {shortened(each.text, _LINE_CHARACTERS)}"


def _steps(way: Way) -> Iterator[str]:
    printed, coded = way.printed, way.coded
    label = " · ".join(text for text in (printed["label"], printed["breakdown_printed"]) if text)
    if coded is None:
        yield _row("period", f"{printed['period_printed']} → no rule reads these words")
        return
    yield _row("label", f"{label} → {_label_code(way)}")
    area = way.names.get("area_zh")
    stretch = _stretch(way.names)
    place = f"{coded['ref_area']} {area}{stretch}" if area else "no place of that time"
    yield _row("place", f"{printed['place_printed']} → {place}")
    base = f", base {coded['base_period']}" if coded["base_period"] else ""
    yield _row(
        "period",
        f"{printed['period_printed']} → {coded['time_period']} ({coded['freq']}, {coded['period_start']} to "
        f"{coded['period_end']}), {coded['time_basis']}{base}",
    )
    yield _row("unit", f"{coded['unit_words'] or '(none)'} → {_unit_code(coded)}")
    yield from _value_steps(way, coded)
    for row in way.corrections:
        by = row["value"] or (plain(row["factor"]) if row["factor"] is not None else "")
        yield _row(
            "corrected",
            f"{' '.join(text for text in (row['action'], by) if text)} ({row['status']}): {row['reason']} "
            f"({row['who']}, {row['entered_on']}; {row['file']}, entry {row['entry']})",
        )
    if not way.corrections:
        yield _row("corrected", "no")
    for refusal in way.refusals:
        yield _row("refused", f"{refusal.rule}: {refusal.message_en} · {refusal.message_zh}")


def _value_steps(way: Way, coded: dict[str, Any]) -> Iterator[str]:
    if way.valued is None:
        return
    factor = f" × {plain(coded['factor'])}" if coded["factor"] not in (None, 1) else ""
    yield _row("value", f"{way.printed['value_printed']} × 10^{coded['unit_mult']}{factor} = {_as_valued(way)}")
    allowed = interval(way.valued["obs_value_low"], way.valued["obs_value_high"], coded["qualifier"])
    rules = f"below: {_LOW[coded['low_rule']]}, above: {_HIGH[coded['high_rule']]}" if coded["low_rule"] else ""
    yield _row(
        "qualifier",
        f"{way.printed['qualifier_printed'] or '(none)'} → {coded['qualifier']} ({rules}) → {allowed}",
    )
    status = way.observation.obs_status if way.observation else way.valued["obs_status"]
    stage = way.observation.stage if way.observation else None
    yield _row("status", f"{status}{f', stage {stage}' if stage else ''}")


def _as_valued(way: Way) -> str:
    """The value in the base unit, and where it was corrected, that it is no longer what is printed."""
    if way.valued is None or way.coded is None:
        return ""
    value = f"{plain(way.valued['obs_value'])} {way.coded['unit_measure']}"
    done = [row["action"] for row in way.corrections if row["status"] != "withdrawn"]
    return f"{value} (after the correction)" if done and done[0] in {"override", "scale"} else value


def _label_code(way: Way) -> str:
    if way.coded is None or way.coded["indicator"] is None:
        return "no row of reference.crosswalk knows this label"
    part = f" [{way.coded['breakdown']}]" if way.coded["breakdown"] else ""
    row = way.crosswalk or {}
    of = "for every source" if row.get("source_id") == "*" else f"for {row.get('source_id')} alone"
    note = f"; {row['note']}" if row.get("note") else ""
    return f"{way.coded['indicator']}{part} (crosswalk, {of}{note})"


def _unit_code(coded: dict[str, Any]) -> str:
    if coded["unit_measure"] is None:
        return "unknown"
    factor = f" × {plain(coded['factor'])}" if coded["factor"] != 1 else ""
    return f"{coded['unit_measure']} × 10^{coded['unit_mult']}{factor}"


def _stretch(names: dict[str, Any]) -> str:
    if names.get("valid_from") is None and names.get("valid_to") is None:
        return ""
    return f" (this territory from {names['valid_from'] or 'the beginning'} to {names['valid_to'] or 'today'})"


def _vintages(way: Way) -> Iterator[str]:
    for each in way.vintages:
        mark = "*" if each.is_current else " "
        own = "  ← this print" if each.figure_id == way.printed["figure_id"] else ""
        stage = f"  {each.stage}" if each.stage else ""
        published = each.published_on or "undated"
        yield f"{mark} {published:<10}  {plain(each.value)}  {each.qualifier}{stage}  {each.figure_id}{own}"


def _tables(way: Way) -> Iterator[str]:
    chain = ["landing.printed_figures"]
    chain += ["staging.stg_coded_figures"] if way.coded else []
    chain += ["staging.stg_valued_figures"] if way.valued else []
    chain += ["facts.observations"] if way.observation else ["quality.quarantine" if way.refusals else ""]
    yield "  " + " → ".join(table for table in chain if table)
    for each in way.held:
        column = "" if each.column == "figure_id" else f" ({each.column})"
        yield f"  → {each.table}{column}"


def _row(name: str, text: object) -> str:
    return f"  {name:<10} {text}"
