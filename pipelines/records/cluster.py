"""The models of this wing on Spark: a master and two workers on this machine, over the same Parquet.

It runs in an environment of its own (`make spark` makes it), with dbt-spark and pyspark and without the rest of gongfu:
nothing but the standard library, dbt and pyspark is imported here. What to run comes as files, written by
`pipelines.records.compare`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path


def main(folder: Path, project: Path, cores: int) -> None:
    """Run the models of `plan.json` on a cluster and leave the evaluation as Parquet.

    Args:
        folder: holds plan.json and select.json; gets spark_results/ and spark.json (seconds by model).
        project: the folder of the dbt project.
        cores: of each of the two workers; 0 runs in this process, without a cluster.
    """
    import pyspark

    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    select = json.loads((folder / "select.json").read_text(encoding="utf-8"))
    os.environ |= {"SPARK_HOME": str(Path(pyspark.__file__).parent), "SPARK_LOCAL_IP": "127.0.0.1"}
    shutil.rmtree(folder / "spark-warehouse", ignore_errors=True)
    master = "spark://127.0.0.1:7707" if cores else "local[2]"
    processes = _cluster(folder, master, cores) if cores else []
    began = time.monotonic()
    try:
        _session(folder, master, plan)
        ready = time.monotonic()
        seconds = _models(folder, project, plan, select)
        from pyspark.sql import SparkSession

        spark = SparkSession.builder.getOrCreate()
        spark.table("records.fct_enterprise_evaluation").write.mode("overwrite").parquet(str(folder / "spark_results"))
        spark.stop()
    finally:
        for process in processes:
            process.terminate()
            process.wait(30)
    report = {"pyspark": pyspark.__version__, "start_seconds": ready - began, "seconds": seconds, "master": master}
    (folder / "spark.json").write_text(json.dumps(report, indent=1), encoding="utf-8")


def _cluster(folder: Path, master: str, cores: int) -> list[subprocess.Popen[bytes]]:
    """A master and two workers; the start scripts are missing in the pip package, the classes are there."""
    spark_class = str(Path(os.environ["SPARK_HOME"]) / "bin" / "spark-class")
    deploy = "org.apache.spark.deploy"
    commands = [[spark_class, f"{deploy}.master.Master", "--host", "127.0.0.1", "--port", "7707", "--webui-port", "0"]]
    worker = [
        spark_class,
        f"{deploy}.worker.Worker",
        "--cores",
        str(cores),
        "--memory",
        "2g",
        "--webui-port",
        "0",
        master,
    ]
    commands += [[*worker, "--work-dir", str(folder / f"worker_{number}")] for number in (1, 2)]
    log = (folder / "cluster.log").open("wb")
    return [subprocess.Popen(command, stdout=log, stderr=log) for command in commands]  # noqa: S603 - our own words


def _session(folder: Path, master: str, plan: dict[str, dict[str, list[str]]]) -> None:
    """A session that dbt-spark finds, with the records as tables over their files."""
    from pyspark.sql import SparkSession

    spark = (
        SparkSession.builder.master(master)
        .appName("gongfu records")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.memory", "2g")
        .config("spark.executor.memory", "1500m")
        .config("spark.sql.warehouse.dir", str(folder / "spark-warehouse"))
        .config("spark.sql.shuffle.partitions", "8")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.ansi.enabled", "true")
        .config("spark.log.level", "ERROR")
        .getOrCreate()
    )
    spark.sql("create database if not exists records")
    for name, paths in plan["records"].items():
        path = paths[0]
        if not Path(path.split("*")[0]).exists():
            continue
        # deliveries keep what they refused beside what they accepted; only the latter are called data_*
        folder_or_file = path.split("*")[0]
        options = f"path '{_quoted(folder_or_file)}'"
        if "*" in path:
            options += ", recursiveFileLookup 'true', pathGlobFilter 'data_*.parquet'"
        spark.sql(f"create table records.records_{name} using parquet options ({options})")


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")


def _words(project: Path, target: Path, plan: dict[str, dict[str, list[str]]], level: str) -> list[str]:
    """dbt's words for a project on its cluster: where it lies and compiles to, the plan, and how little it says."""
    place = ["--project-dir", str(project), "--profiles-dir", str(project)]
    quiet = ["--log-level", level, "--log-level-file", "none", "--no-use-colors"]
    return [*place, "--target", "cluster", "--target-path", str(target), *quiet, "--vars", json.dumps({"plan": plan})]


def _models(folder: Path, project: Path, plan: dict[str, dict[str, list[str]]], select: list[str]) -> dict[str, float]:
    from dbt.cli.main import dbtRunner

    words = _words(project, folder / "target_spark", plan, "warn")
    done = dbtRunner().invoke(["run", *words, "--select", *select])
    results = getattr(done.result, "results", [])
    failed = [f"{one.node.name}: {one.message}" for one in results if str(one.status) != "success"]
    if failed or done.exception:
        sys.exit("\n".join(failed) or str(done.exception))
    return {one.node.name: float(one.execution_time) for one in results}


def parse(folder: Path, project: Path) -> None:
    """Compile every model for Spark and ask Spark's own parser of each; what it refuses is printed, and ends this
    with 1."""
    import pyspark
    from dbt.cli.main import dbtRunner
    from pyspark.sql import SparkSession

    os.environ |= {"SPARK_HOME": str(Path(pyspark.__file__).parent), "SPARK_LOCAL_IP": "127.0.0.1"}
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    target = folder / "target_parse"
    shutil.rmtree(target, ignore_errors=True)
    spark = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.log.level", "ERROR")
        .getOrCreate()
    )
    done = dbtRunner().invoke(["compile", *_words(project, target, plan, "error")])
    if done.exception:
        sys.exit(str(done.exception))
    parser = spark._jsparkSession.sessionState().sqlParser()
    models = [result.node for result in getattr(done.result, "results", []) if result.node.resource_type == "model"]
    refused = []
    for model in models:
        try:
            parser.parsePlan(model.compiled_code)
        except Exception as error:
            refused.append(f"{model.name}: {' '.join(str(error).split())[:300]}")
    spark.stop()
    print(f"{len(models) - len(refused)} of {len(models)} models are taken by Spark's parser")  # noqa: T201 - a command's answer
    sys.exit("\n".join(refused) or 0)


if __name__ == "__main__":
    if sys.argv[3] == "parse":
        parse(Path(sys.argv[1]), Path(sys.argv[2]))
    else:
        main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
