"""People who read while a new build is published."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.publishing.tables import ROWS, publish, python, ready

if TYPE_CHECKING:
    from pipelines.project import Project

LONG_READER = """
import json, sys, pathlib, duckdb
from tests.publishing.tables import whole_version_on
connection = duckdb.connect(sys.argv[1], read_only=True)
running = connection.cursor().execute("select version, figure_id from figures order by figure_id")
rows = running.fetchmany(10)
seen = [whole_version_on(connection)]
print("reading", flush=True)
for line in sys.stdin:
    rows += running.fetchmany(100)
    seen.append(whole_version_on(connection))
    print("read", flush=True)
rows += running.fetchall()
print(json.dumps({"seen": seen, "versions": sorted({row[0] for row in rows}), "ids": [row[1] for row in rows]}))
"""

REOPENING_READER = """
import json, sys, pathlib
from tests.publishing.tables import whole_version
path, last = pathlib.Path(sys.argv[1]), sys.argv[2]
seen = []
while seen[-1:] != [last] or len(seen) < 500:
    seen.append(whole_version(path))
    if seen[-1] not in seen[:-1]:
        print(seen[-1], flush=True)
print(json.dumps(seen))
"""


def test_a_reader_that_holds_the_old_build_open_goes_on_reading_it_through_25_publishes(project: Project) -> None:
    publish(project, 1)
    with python(LONG_READER, project.published) as reader:
        assert reader.stdin is not None
        ready(reader)
        for number in range(2, 27):
            publish(project, number)
            reader.stdin.write("published\n")
            reader.stdin.flush()
            ready(reader)
        said, errors = reader.communicate()
    assert reader.returncode == 0, errors
    read = json.loads(said)
    assert read["seen"] == ["v00001"] * 26
    assert read["versions"] == [1]
    assert read["ids"] == list(range(ROWS))


def test_readers_that_open_the_published_file_again_and_again_always_see_one_whole_build(project: Project) -> None:
    publish(project, 1)
    published = [f"v{number:05d}" for number in range(1, 37)]
    readers = [python(REOPENING_READER, project.published, published[-1]) for _ in range(2)]
    for number in range(2, 37):
        for reader in readers:
            ready(reader)  # both have read the build before, and go on opening while the next one is published
        publish(project, number)
    for reader in readers:
        said, errors = reader.communicate()
        assert reader.returncode == 0, errors
        seen = json.loads(said.splitlines()[-1])
        assert seen == sorted(seen), "a reader went back to an older build"
        assert sorted(set(seen)) == published
        assert len(seen) >= 500
