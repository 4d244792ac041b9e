"""Records to grades and county tables at growing size: our models beside hand-written DuckDB, polars and pandas.

    python bench/records.py            # 0.5 and 5 million records, 5 million reviews
    python bench/records.py 50         # and 50 million records, 55.67 million reviews

Every measurement runs in a process of its own, which also gives its largest memory. All read the same Parquet; all
settle which record stands, compute six ratios and their points, rank within county and scale, grade, and count by
county.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
#: Of the hand-written query as of dbt's profile.
SETTINGS = {"threads": 2, "memory_limit": "3GB", "preserve_insertion_order": False}
ITEMS = (
    "tax_paid",
    "land_used",
    "value_added",
    "energy_used",
    "emissions_total",
    "employees_average",
    "rnd_spending",
    "main_revenue",
)
POINTS = (
    ("tax_paid", "land_used", 24.097, 30), ("value_added", "land_used", 136.16, 20), ("value_added", "energy_used", 2.694, 20),  # noqa: E501
    ("value_added", "emissions_total", 4929.81, 10), ("value_added", "employees_average", 18.14, 10), ("rnd_spending", "main_revenue", 0.0302, 10),  # noqa: E501
)  # fmt: skip


def _place(folder: Path):  # noqa: ANN202 - the wing is imported in the child alone
    from pipelines.records.places import RecordsPlace

    return RecordsPlace(folder / "land_productivity")


def make(folder: Path, firms: int) -> dict[str, float]:
    """Deliveries of 132 items, and then through the door."""
    from pipelines.project import Project
    from pipelines.records import areas, door
    from pipelines.records.registers import register
    from pipelines.records.synthetic import firms as synthetic

    place = _place(folder)
    began = time.monotonic()
    files = synthetic.make(place.received, synthetic.Plan(firms, areas.counties(Project(CHECKOUT))))
    made = time.monotonic() - began
    land = register("land_productivity")
    door.take_entities(land, place, place.received / "firms.parquet")
    began = time.monotonic()
    rows = sum(door.take_events(land, place, path).rows for path in files)
    shutil.rmtree(place.received)
    return {"rows": rows, "made": made, "door": time.monotonic() - began}


def _plan(folder: Path):  # noqa: ANN202 - the wing is imported in the child alone
    from pipelines.records.evaluation import plan_for
    from pipelines.records.rules.check import load_valid
    from pipelines.records.rules.plan import Run

    return plan_for(
        _place(folder), [load_valid(CHECKOUT / "bench" / "records_rule.yaml")], [Run("2022", 2022, ("bench",))]
    )


def models(folder: Path, _: int) -> dict[str, float]:
    """Our dbt models; their own seconds, dbt's start told apart."""
    from pipelines.project import Project
    from pipelines.records.evaluation import evaluate

    place = _place(folder)
    place.work.unlink(missing_ok=True)
    outcome = evaluate(Project(CHECKOUT), place.work, _plan(folder), select=["+mart_enterprise_grades"], command="run")
    if outcome.failed:
        sys.exit(str(outcome.failed))
    (place.folder / "order.json").write_text(json.dumps(list(outcome.seconds)), encoding="utf-8")
    return {
        "seconds": sum(outcome.seconds.values()),
        "processor": outcome.processor_seconds,
        "start": outcome.start_seconds,
        **{f"  {name}": value for name, value in outcome.seconds.items()},
    }


def statements(folder: Path, _: int) -> dict[str, float]:
    """The statements that dbt sent for our models, in their order in one connection: their own time, without dbt."""
    import duckdb

    place = _place(folder)
    order = list(json.loads((place.folder / "order.json").read_text(encoding="utf-8")))
    compiled = place.folder / "target" / "run" / "models" / "records"
    (folder / "work.duckdb").unlink(missing_ok=True)
    with duckdb.connect(str(folder / "work.duckdb"), config=SETTINGS) as duck:
        began, processor = time.monotonic(), time.process_time()
        for name in order:
            duck.execute((compiled / f"{name}.sql").read_text(encoding="utf-8").replace("__dbt_tmp", ""))
        return {"seconds": time.monotonic() - began, "processor": time.process_time() - processor}


def correction(folder: Path, firms: int) -> dict[str, float]:
    """A late correction to a thousand firms of a few counties."""
    import polars as pl

    from pipelines.project import Project
    from pipelines.records import door
    from pipelines.records.correction import correct
    from pipelines.records.registers import register

    place = _place(folder)
    some = (
        pl.read_parquet(place.entities, columns=["firm_id", "county"])
        .sort("county", "firm_id")
        .head(min(1000, firms // 4))
    )
    rows = some.select(
        pl.int_range(pl.len()).alias("record_no") + 10**9, "firm_id", pl.lit("tax_paid").alias("item"), pl.lit(2022).alias("period"),  # noqa: E501
        pl.lit(250.0).alias("value"), pl.lit("万元").alias("unit"), pl.lit("tax").alias("department"),
        pl.lit("2024-01-01T00:00:00").alias("received_at"),
    )  # fmt: skip
    path = folder / "correction.parquet"
    rows.write_parquet(path)
    delivery = door.take_events(register("land_productivity"), place, path)
    done = correct(Project(CHECKOUT), place, _plan(folder), [delivery.delivery_id])
    return {"seconds": done.seconds, "counties": len(done.counties or []), "firms": some.height}


def by_hand(folder: Path, _: int) -> dict[str, float]:
    """One DuckDB query that somebody would write for this rule alone, into a file as dbt does."""
    import duckdb

    place = _place(folder)
    files = [f"{place.deliveries}/*/accepted/period=2022/item={item}/*.parquet" for item in ITEMS]
    items = f"read_parquet({files}, hive_partitioning = false)"
    pivot = ", ".join(f"max(case when item = '{item}' then value end) as {item}" for item in ITEMS)
    score = " + ".join(
        f"coalesce(case when {under} > 0 then {over} / {under} / {base} * {weight} end, 0)"
        for over, under, base, weight in POINTS
    )
    (folder / "hand.duckdb").unlink(missing_ok=True)
    with duckdb.connect(str(folder / "hand.duckdb"), config=SETTINGS) as duck:
        began, processor = time.monotonic(), time.process_time()
        duck.execute(f"""
            create table grades as
            with settled as (
                select firm_id, item, cast(arg_max(value, row(-precedence, received_at, record_no)) as double) as value
                from {items} where item in {ITEMS} and period = 2022 group by firm_id, item
            ),
            wide as (select firm_id, {pivot} from settled group by firm_id),
            scored as (
                select firms.*, wide.* exclude (firm_id), round({score}, 9) as score
                from read_parquet('{place.entities}') as firms left join wide using (firm_id)
            ),
            ranked as (
                select *, count(*) over (partition by county, scale) as firms,
                    row_number() over (partition by county, scale order by score desc, firm_id) as place
                from scored
            )
            select *, case when place <= firms * 0.2 then 'A' when place <= firms * 0.8 then 'B'
                when place <= firms * 0.95 then 'C' else 'D' end as grade
            from ranked
        """)  # noqa: S608 - our own names
        duck.execute(
            "create table counts as select county, industry, scale, grade, count(*) as firms from grades group by all"
        )
        return {"seconds": time.monotonic() - began, "processor": time.process_time() - processor}


def in_polars(folder: Path, _: int) -> dict[str, float]:
    """The same in polars, lazily."""
    import polars as pl

    place = _place(folder)
    began = time.monotonic()
    wide = (
        pl.scan_parquet(
            [f"{place.deliveries}/*/accepted/period=2022/item={item}/*.parquet" for item in ITEMS],
            hive_partitioning=False,
        )
        .filter(pl.col("item").is_in(list(ITEMS)), pl.col("period") == 2022)
        .sort("precedence", "received_at", "record_no", descending=[False, True, True])
        .group_by("firm_id", "item", maintain_order=False)
        .agg(pl.col("value").first().cast(pl.Float64))
        .group_by("firm_id")
        .agg(pl.col("value").filter(pl.col("item") == item).first().alias(item) for item in ITEMS)
    )
    score = sum(
        (
            pl.when(pl.col(under) > 0).then(pl.col(over) / pl.col(under) / base * weight).fill_null(0.0)
            for over, under, base, weight in POINTS
        ),
        pl.lit(0.0),
    )
    graded = (
        pl.scan_parquet(place.entities).join(wide, on="firm_id", how="left")
        .with_columns(score.round(9).alias("score")).sort("score", "firm_id", descending=[True, False])
        .with_columns(pl.int_range(1, pl.len() + 1).over("county", "scale").alias("place"), pl.len().over("county", "scale").alias("firms"))  # noqa: E501
        .with_columns((pl.col("place") / pl.col("firms")).alias("share"))
        .with_columns(pl.when(pl.col("share") <= 0.2).then(pl.lit("A")).when(pl.col("share") <= 0.8).then(pl.lit("B")).when(pl.col("share") <= 0.95).then(pl.lit("C")).otherwise(pl.lit("D")).alias("grade"))  # noqa: E501
        .collect()
    )  # fmt: skip
    graded.write_parquet(folder / "polars.parquet")
    graded.group_by("county", "industry", "scale", "grade").len()
    return {"seconds": time.monotonic() - began}


def in_pandas(folder: Path, _: int) -> dict[str, float]:
    """The same in pandas, which holds the needed items in memory."""
    import pandas as pd

    place = _place(folder)
    began = time.monotonic()
    paths = [path for item in ITEMS for path in place.deliveries.glob(f"*/accepted/*/item={item}/*.parquet")]
    long = pd.concat(pd.read_parquet(path, partitioning=None) for path in paths)
    long = long[long.period == 2022].sort_values(
        ["precedence", "received_at", "record_no"], ascending=[True, False, False]
    )
    wide = (
        long.drop_duplicates(["firm_id", "item"])
        .assign(value=lambda one: one.value.astype(float))
        .pivot(index="firm_id", columns="item", values="value")
    )
    firms = pd.read_parquet(place.entities).merge(wide, on="firm_id", how="left")
    firms["score"] = sum(
        (firms[over] / firms[under].where(firms[under] > 0) / base * weight).fillna(0)
        for over, under, base, weight in POINTS
    ).round(9)
    firms = firms.sort_values(["score", "firm_id"], ascending=[False, True])
    groups = firms.groupby(["county", "scale"])
    share = (groups.cumcount() + 1) / groups["firm_id"].transform("size")
    firms["grade"] = pd.cut(share, [0, 0.2, 0.8, 0.95, 1], labels=list("ABCD"))
    firms.groupby(["county", "industry", "scale", "grade"], observed=True).size()
    return {"seconds": time.monotonic() - began}


def reviews(folder: Path, count: int) -> dict[str, float]:
    """Reviews through the door and into counts by county and month."""
    from pipelines.project import Project
    from pipelines.records import areas, door
    from pipelines.records.evaluation import evaluate
    from pipelines.records.places import RecordsPlace
    from pipelines.records.registers import register
    from pipelines.records.reviews import plan_for_reviews
    from pipelines.records.synthetic import reviews as synthetic

    place = RecordsPlace(folder / "service_reviews")
    poor = round(672 * count / 55_670_000)
    path = synthetic.make(
        place.received / "reviews.parquet", synthetic.Plan(count, poor, poor, 1, areas.counties(Project(CHECKOUT)))
    )
    began = time.monotonic()
    delivery = door.take_events(register("service_reviews"), place, path)
    through = time.monotonic() - began
    path.unlink()
    outcome = evaluate(Project(CHECKOUT), place.work, plan_for_reviews(place), select=["+tag:reviews"], command="run")
    if outcome.failed:
        sys.exit(str(outcome.failed))
    return {"rows": delivery.rows, "door": through, "seconds": sum(outcome.seconds.values())}


STEPS = {
    function.__name__: function
    for function in (make, models, statements, by_hand, in_polars, in_pandas, correction, reviews)
}


def measured(step: str, folder: Path, size: int) -> dict[str, float]:
    """One step in a process of its own, with its largest memory in GB."""
    done = subprocess.run(
        [sys.executable, __file__, step, str(folder), str(size)],
        cwd=CHECKOUT,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return {"failed": done.returncode, "said": done.stderr[-300:]}  # type: ignore[dict-item] # shown, not reckoned with
    return json.loads(done.stdout.splitlines()[-1])


def main(largest: float) -> None:
    """Measure and print."""
    for millions in [size for size in (0.5, 5.0, 50.0) if size <= largest]:
        firms = round(millions * 1e6 / 132)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for step in ("make", "models", "statements", "by_hand", "in_polars", "in_pandas", "correction"):
                if step == "in_pandas" and millions > 5:
                    continue
                result = measured(step, folder, firms)
                print(
                    f"{millions:5} million  {step:12} "
                    + "  ".join(
                        f"{name} {value:.2f}" if isinstance(value, float) else f"{name} {value}"
                        for name, value in result.items()
                    ),
                    flush=True,
                )
    with tempfile.TemporaryDirectory() as name:
        count = 55_670_000 if largest >= 50 else 5_000_000
        print(f"{count / 1e6:5.2f} million  reviews      {measured('reviews', Path(name), count)}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 3:
        answer = STEPS[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
        answer["gigabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(json.dumps(answer))
    else:
        main(float(sys.argv[1]) if len(sys.argv) > 1 else 5.0)
