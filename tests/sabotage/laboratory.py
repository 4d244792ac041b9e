"""Where a mutated source is put through the real reader, the real door and dbt's own compiled models, and undone.

The file is a copy of a built warehouse. Each trial replaces one source's landed rows, makes the models between the
landing and the checks anew inside a transaction, looks for what was not there before, and rolls back.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import duckdb
import yaml

from pipelines.project import Project
from pipelines.receiving import assembling, landing
from pipelines.transforming.manifest import where

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sabotage.mutations import Mutation

AUDIT_MODELS = (
    "quality/int_audit_figures",
    "quality/int_audit_relations",
    "quality/int_audit_terms",
    "quality/int_audit_editions",
    "quality/int_audit_arithmetic",
    "quality/int_audit_words",
    "quality/int_audit_same_figure",
    "quality/int_audit_sentences",
    "quality/audit",
)
#: What a finding says in words is not looked at here, only that there is one.
WORDS_OF_AUDIT = ("quality/int_audit_words", "quality/int_audit_sentences", "quality/audit")
PLAUSIBILITY_MODELS = (
    "quality/int_plausibility_figures",
    "quality/int_plausibility_series",
    "quality/int_plausibility_tables",
    "quality/int_plausibility_growth",
    "quality/int_plausibility_revisions",
    "quality/plausibility",
)
MODELS = (
    "staging/stg_periods",
    "staging/stg_places",
    "reference/sources",
    "staging/stg_coded_figures",
    "staging/stg_valued_figures",
    "staging/stg_refusals",
    "facts/observations",
    "quality/unmapped_labels",
    *(name for name in AUDIT_MODELS if name not in WORDS_OF_AUDIT),
    *PLAUSIBILITY_MODELS,
)
#: A relation of these kinds moves with any of its terms; the others only bound them.
EXACT = ("parts_and_total", "ratio", "growth", "average_growth", "difference", "product", "range_ratio", "same_figure")


#: What a figure is, whatever line it stands on: where a row is gone all below it have moved up.
IDENTITY = "concat_ws('|', source_id, indicator, breakdown, ref_area, time_period, time_basis, base_period)"
#: What a layer says, and of which figures.
Said = dict[tuple[Any, ...], frozenset[str]]
#: What each layer says of a warehouse, as a query: its words, and the figures that they are about.
LAYERS = {
    "coding": """
        select [source_id, rule, column_name, printed_value] as words, cast([] as varchar[]) as figure_ids
        from staging.stg_refusals
        union all
        select [source_id, label, breakdown_printed, unit_printed], cast([] as varchar[]) from quality.unmapped_labels
    """,
    "range": """
        select [rule, whats.identity], [figure_id] from quality.plausibility
        join whats using (figure_id) where rule = 'range'
    """,
    "audit": """
        select [outcome, relation, whats.identity, split_part(instance, ':', -1)],
            list_append(term_figure_ids, printed_figure_id)
        from quality.int_audit_arithmetic as arithmetic
        join whats on arithmetic.printed_figure_id = whats.figure_id
        where outcome in ('warn', 'fail')
        union all
        select [outcome, 'same_figure', whats.identity, earlier_source_id], [pairs.figure_id, earlier_figure_id]
        from quality.int_audit_same_figure as pairs
        join whats on pairs.figure_id = whats.figure_id
        where outcome in ('warn', 'fail')
    """,
    "missing part": """
        select [terms.relation, whats.identity, cast(terms.term as varchar), terms.wanted_area], cast([] as varchar[])
        from quality.int_audit_terms as terms
        join quality.int_audit_arithmetic as arithmetic using (instance, as_of)
        join whats on terms.printed_figure_id = whats.figure_id
        where arithmetic.outcome = 'not_evaluable' and terms.kind = 'parts_and_total' and terms.figure_id is null
    """,
    "plausibility": """
        select [rule, whats.identity], list_filter([figure_id, compared_with], lambda one: one is not null)
        from quality.plausibility join whats using (figure_id) where rule <> 'range'
    """,
}


@dataclass
class Verdict:
    """What became of one mutation.

    Attributes:
        layers: those that said something new, of door, coding, range, audit, missing part, plausibility.
        changed: a value that came through differs from what was printed by more than the print allows, or a figure
            that was printed is gone or stands elsewhere.
        ties: exact, loose or none: what else in the warehouse the figure can be held against.
        astray: findings that were not there before and touch no figure that is changed: false alarms.
    """

    mutation: Mutation
    layers: list[str] = field(default_factory=list)
    changed: bool = True
    ties: str = "none"
    astray: int = 0


class Laboratory:
    """A copy of a built warehouse, and the models that lead to its checks."""

    def __init__(self, project: Project, workshop: Path) -> None:
        self.project = project
        self.workshop = workshop
        workshop.mkdir(parents=True, exist_ok=True)
        copy = workshop / "gongfu.duckdb"
        shutil.copyfile(project.published, copy)
        copy.chmod(0o644)
        compiled = compile_models(project)
        self.models = [(name, compiled[name.rpartition("/")[2]]) for name in MODELS]
        self.connection = duckdb.connect(str(copy))
        self.connection.execute("set TimeZone = 'UTC'")
        self.connection.execute("begin")
        self._make()
        self.connection.execute("commit")
        self.before = self._look()
        self.figures = self._figures()
        self.printed = {source: self._printed(source) for source in self.figures}
        assert self.figures, "the laboratory's warehouse is empty"
        self.exact, self.loose = self._ties()

    def try_out(self, mutation: Mutation) -> Verdict:
        """Put one mutated file through, and say which layers noticed."""
        verdict = Verdict(mutation, ties=self._tie(mutation))
        small = self._land(mutation)
        stamps = list(landing.land_all(small, again=True))
        if any(one.problems for one in stamps):
            verdict.layers.append("door")
        if any(one.source is None for one in stamps):
            return verdict
        assembling.assemble(small, small.building, stamps)
        self.connection.execute("begin")
        try:
            self._replace(mutation.source_id, small.building)
            self._make()
            after = self._look()
            verdict.changed = "door" in verdict.layers or self._is_changed(mutation.source_id)
            changed = self._printed(mutation.source_id) ^ self.printed.get(mutation.source_id, frozenset())
        finally:
            self.connection.execute("rollback")
        touched = {identity for identity, _, _ in changed}
        for layer, said in after.items():
            new = said.keys() - self.before[layer].keys()
            if new:
                verdict.layers.append(layer)
            verdict.astray += sum(bool(said[words]) and not said[words] & touched for words in new)
        return verdict

    def parts_of_totals(self) -> set[tuple[str, int]]:
        """Source and line of every figure that is a part of a printed total and stands in no other source."""
        rows = self.connection.execute("""
            select distinct figures.source_id, figures.line
            from quality.int_audit_terms as terms
            inner join landing.printed_figures as figures on terms.figure_id = figures.figure_id
            where terms.kind = 'parts_and_total'
                and not exists (
                    select 1
                    from facts.observations as this
                    inner join facts.observations as other
                        on this.indicator = other.indicator and this.breakdown = other.breakdown
                            and this.ref_area = other.ref_area and this.time_period = other.time_period
                            and this.time_basis = other.time_basis and this.source_id <> other.source_id
                    where this.figure_id = figures.figure_id
                )
        """).fetchall()
        return {(str(source), int(line)) for source, line in rows}

    def _land(self, mutation: Mutation) -> Project:
        root = self.workshop / "small"
        shutil.rmtree(root, ignore_errors=True)
        folder = root / "raw" / mutation.source_id
        shutil.copytree(self.project.raw / mutation.source_id, folder)
        (folder / "figures.csv").write_bytes(mutation.text)
        card = yaml.safe_load((folder / "source.yaml").read_text(encoding="utf-8"))
        for file in card["files"]:
            # the file that we received was wrong already: its hash is what the card says
            file["sha256"] = hashlib.sha256((folder / file["path"]).read_bytes()).hexdigest()
        (folder / "source.yaml").write_text(yaml.safe_dump(card, allow_unicode=True), encoding="utf-8")
        small = Project(root)
        small.workshop.mkdir(parents=True)
        return small

    def _replace(self, source_id: str, landed: Path) -> None:
        self.connection.execute("delete from landing.printed_figures where source_id = ?", [source_id])
        with duckdb.connect(str(landed), read_only=True) as small:
            figures = small.execute("select * from landing.printed_figures").to_arrow_table()
        if figures.num_rows:
            self.connection.register("mutated", figures)
            self.connection.execute("insert into landing.printed_figures by name select * from mutated")
            self.connection.unregister("mutated")

    def _make(self) -> None:
        for name, sql in self.models:
            schema, _, table = name.partition("/")
            self.connection.execute(f"create or replace table {schema}.{table} as {sql}")

    def _look(self) -> dict[str, Said]:
        self.connection.execute(
            f"create or replace temp table whats as select figure_id, {IDENTITY} as identity from facts.observations"
        )
        return {layer: self._said(query) for layer, query in LAYERS.items()}

    def _said(self, query: str) -> Said:
        rows = self.connection.execute(f"""
            with said (words, figure_ids) as ({query}),
            numbered as (select row_number() over () as number, * from said)
            select any_value(words), list(whats.identity) filter (whats.identity is not null)
            from numbered
            left join unnest(figure_ids) as of_figures (figure_id) on true
            left join whats on of_figures.figure_id = whats.figure_id
            group by number
        """).fetchall()
        return {tuple(words): frozenset(identities or ()) for words, identities in rows}

    def _printed(self, source_id: str) -> frozenset[tuple[str, Any, Any]]:
        return frozenset(
            self.connection.execute(
                f"select {IDENTITY}, obs_value_low, obs_value_high from facts.observations where source_id = ?",
                [source_id],
            ).fetchall()
        )

    def _figures(self) -> dict[str, set[Any]]:
        rows = self.connection.execute("""
            select source_id, indicator, breakdown, ref_area, time_period, time_basis, base_period, unit_measure,
                obs_value_low, obs_value_high
            from facts.observations
        """).fetchall()
        found: dict[str, set[Any]] = {}
        for source, *rest in rows:
            found.setdefault(str(source), set()).add(tuple(rest))
        return found

    def _is_changed(self, source_id: str) -> bool:
        """Whether some figure of the source now says what no print of it allowed."""
        now = self.connection.execute(
            """
            select indicator, breakdown, ref_area, time_period, time_basis, base_period, unit_measure,
                obs_value_low, obs_value_high
            from facts.observations where source_id = ?
            """,
            [source_id],
        ).fetchall()
        before = self.figures.get(source_id, set())
        spans = {row[:-2]: row[-2:] for row in before}
        for row in now:
            if row in before:
                continue
            low, high = spans.get(row[:-2], (None, None))
            if row[:-2] not in spans:
                return True
            if (low is not None and row[-1] is not None and row[-1] < low) or (
                high is not None and row[-2] is not None and row[-2] > high
            ):
                return True
        return len(now) < len(before)

    def _ties(self) -> tuple[set[tuple[str, int]], set[tuple[str, int]]]:
        exact = self._lines(f"""
            select unnest(figure_ids) as figure_id from quality.audit
            where outcome <> 'not_evaluable' and kind in {EXACT}
        """)
        loose = self._lines("""
            select unnest(figure_ids) as figure_id from quality.audit where outcome <> 'not_evaluable'
            union
            select figure_id from facts.observations where is_current and time_basis <> 'target'
            qualify count(*) over (
                partition by indicator, breakdown, ref_area, freq, time_basis,
                case when freq = 'A' then '' else substr(time_period, 5) end
            ) > 1
            union
            select figure_id from facts.observations
            qualify count(*) over (
                partition by source_id, indicator, breakdown, freq, time_period, time_basis
            ) >= 6
        """)
        return exact, loose - exact

    def _lines(self, figure_ids: str) -> set[tuple[str, int]]:
        rows = self.connection.execute(f"""
            select distinct figures.source_id, figures.line
            from ({figure_ids}) as tied
            inner join landing.printed_figures as figures on tied.figure_id = figures.figure_id
        """).fetchall()
        return {(str(source), int(line)) for source, line in rows}

    def _tie(self, mutation: Mutation) -> str:
        places = {(mutation.source_id, line) for line in mutation.lines}
        return "exact" if places & self.exact else "loose" if places & self.loose else "none"


def compile_models(project: Project) -> dict[str, str]:
    """dbt's compiled SQL of every model, by name."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    project.workshop.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(project.published, project.building)
    project.building.chmod(0o644)
    done = dbtRunner().invoke(["compile", *where(project)])
    DuckDBConnectionManager.close_all_connections()
    project.building.unlink()
    assert done.success, done.exception
    compiled = project.dbt / "target" / "compiled" / "gongfu"
    manifest = json.loads((project.dbt / "target" / "manifest.json").read_text(encoding="utf-8"))
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    return {node["name"]: (compiled / node["original_file_path"]).read_text(encoding="utf-8") for node in models}
