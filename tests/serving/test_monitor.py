"""The monitor shows what the warehouse holds, in two languages, and rewrites what changed alone."""

from __future__ import annotations

import csv
import gzip
import io
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
from lxml import etree, html

from pipelines.asking.warehouse import published
from pipelines.problems import BuildStopped
from pipelines.project import Project
from pipelines.serving.monitor.pages import File, write
from pipelines.serving.monitor.site import write_site
from pipelines.serving.monitor.wording import LANGUAGES, catalogue

if TYPE_CHECKING:
    from collections.abc import Callable

    Query = Callable[[str], list[tuple[object, ...]]]

PUBLIC = "source_id not in (select source_id from reference.sources where access = 'internal')"


def pages(site: Path) -> list[Path]:
    found = sorted(site.rglob("*.html"))
    assert found
    return found


def pages_of(folder: Path, code: str) -> list[Path]:
    """The page of an indicator or source, and its further ones; a code holds no `-`."""
    return [folder / f"{code}.html", *sorted(folder.glob(f"{code}-*.html"))]


def test_every_figure_of_the_warehouse_stands_on_the_page_of_its_indicator_and_of_its_source(
    site: Path, query: Query
) -> None:
    for language in LANGUAGES:
        for column, folder in (("indicator", "indicator"), ("source_id", "source")):
            counts = query(f"select {column}, count(*) from facts.observations where {PUBLIC} group by 1")
            assert counts
            for code, figures in counts:
                own = site / language / folder
                rows = [len(html.parse(str(page)).xpath("//tbody/tr")) for page in pages_of(own, str(code))]
                assert sum(rows) == figures, code


def test_every_number_leads_to_an_anchor_that_is_there(site: Path) -> None:
    anchors = {
        path.name: set(html.parse(str(path)).xpath("//tr/@id")) for path in (site / "zh" / "source").glob("*.html")
    }
    followed = 0
    for path in pages(site / "zh"):
        for link in html.parse(str(path)).xpath("//a/@href"):
            if "source/" in link and "#" in link:
                name, _, anchor = link.rpartition("/")[2].partition("#")
                assert anchor in anchors[name], (path, link)
                followed += 1
    assert followed > 1000


def test_every_link_within_the_site_leads_to_a_file(site: Path) -> None:
    for path in pages(site):
        for link in {each.partition("#")[0] for each in html.parse(str(path)).xpath("//@href | //@src")} - {""}:
            assert (path.parent / link).resolve().is_file(), (path, link)


def test_no_page_asks_the_network_for_anything(site: Path) -> None:
    for path in pages(site):
        page = html.parse(str(path))
        for address in page.xpath("//@href | //@src | //@action | //@srcset"):
            assert "//" not in address, (path, address)
        assert not re.search(r"url\(\s*['\"]?(https?:)?//", path.read_text(encoding="utf-8"))


def test_pages_are_well_formed(site: Path) -> None:
    for path in pages(site):
        parser = etree.HTMLParser(recover=True)
        root = etree.fromstring(path.read_bytes(), parser).getroottree().getroot()
        faults = [each for each in parser.error_log if "invalid" not in each.message]
        assert not faults, (path, faults)
        ids = root.xpath("//@id")
        assert len(ids) == len(set(ids)), path
        assert len(root.xpath("//h1")) == 1, path


def test_feeds_are_well_formed_atom(site: Path) -> None:
    for language in LANGUAGES:
        root = etree.parse(str(site / language / "feed.xml")).getroot()
        assert root.tag == "{http://www.w3.org/2005/Atom}feed"


def test_the_file_to_take_away_holds_each_print_exactly(site: Path, query: Query) -> None:
    (code, figures), *_ = query(
        f"select indicator, count(*) from facts.observations where {PUBLIC} group by 1 order by 2 desc"
    )
    text = (site / "data" / f"{code}.csv").read_text(encoding="utf-8-sig")
    rows = {row["figure_id"]: row["value"] for row in csv.DictReader(io.StringIO(text))}
    expected = query(f"select figure_id, obs_value from facts.observations where indicator = '{code}' and {PUBLIC}")
    assert len(rows) == figures
    assert all(float(rows[str(figure_id)]) == float(str(value)) for figure_id, value in expected)


def test_made_again_nothing_is_rewritten(site: Path, built: tuple[Project, object]) -> None:
    with published(built[0]) as warehouse:
        assert write_site(warehouse, site).made == ()


def test_no_page_is_too_large_to_be_read_at_once(site: Path) -> None:
    for path in pages(site):
        assert len(gzip.compress(path.read_bytes())) <= 150_000, path


def files(**contents: str) -> dict[str, File]:
    """Files made of what they hold: `one` is `one.html`, its content the text."""
    return {f"{name}.html": File(text, text.encode) for name, text in contents.items()}


def test_what_changed_alone_is_made_and_what_is_gone_is_removed(tmp_path: Path) -> None:
    write(tmp_path, files(one="1", two="2", three="3"))
    made = write(tmp_path, files(one="1", two="other"))
    assert made.made == made.written == ("two.html",)
    assert made.removed == ("three.html",)
    assert not (tmp_path / "three.html").exists()
    assert (tmp_path / "two.html").read_bytes() == b"other"


def test_a_page_that_somebody_deleted_is_written_again(tmp_path: Path) -> None:
    write(tmp_path, files(one="1"))
    (tmp_path / "one.html").unlink()
    assert write(tmp_path, files(one="1")).written == ("one.html",)


def test_a_page_that_was_being_made_when_the_power_went_is_made_again(tmp_path: Path) -> None:
    def power_cut() -> bytes:
        raise KeyboardInterrupt

    write(tmp_path, files(one="1", two="2"))
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path, files(one="new") | {"two.html": File("new", power_cut)})
    assert write(tmp_path, files(one="1", two="2")).made == ("one.html", "two.html")
    assert (tmp_path / "one.html").read_text() == "1"


def test_a_folder_that_cannot_be_written_is_named_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(BuildStopped, match=r"could not be written to .*taken") as stopped:
        write(tmp_path / "taken", files(one="1"))
    assert stopped.value.exit_code == 4
    assert "\n" not in str(stopped.value)


def test_a_language_that_is_not_there_is_named_in_one_line(built: tuple[Project, object], tmp_path: Path) -> None:
    with published(built[0]) as warehouse, pytest.raises(BuildStopped, match="no language fr; there are: zh, en"):
        write_site(warehouse, tmp_path, ["fr"])


def test_each_word_stands_in_both_languages() -> None:
    missing = [key for key, words in catalogue().items() if not all(words.values()) and key != "qualifier.exact"]
    assert missing == []


def test_an_internal_source_stands_on_no_page_and_changes_only_pages_that_spoke_of_it(
    built: tuple[Project, object], tmp_path: Path
) -> None:
    project, site = Project(tmp_path / "project"), tmp_path / "site"
    project.warehouse.mkdir(parents=True)
    shutil.copyfile(built[0].published, project.published)
    with published(project) as warehouse:
        write_site(warehouse, site, ["zh"])
    before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    with duckdb.connect(str(project.published)) as connection:
        (name,) = connection.execute(
            "select source_id from facts.observations group by 1 having count(*) < 30 order by count(*) desc, 1 limit 1"
        ).fetchone() or ("",)
        connection.execute("update reference.sources set access = 'internal' where source_id = $name", {"name": name})
    with published(project) as warehouse:
        made = write_site(warehouse, site, ["zh"])
    assert f"zh/source/{name}.html" in made.removed
    told = [
        path
        for path in site.rglob("*")
        if path.is_file() and path.suffix != ".json" and name.encode() in path.read_bytes()
    ]
    assert told == []
    spoke = {path.stem.partition("-")[0] for path, page in before.items() if name.encode() in page}
    indicators = [Path(each).stem.partition("-")[0] for each in made.written if re.match("zh/indicator/.*html", each)]
    assert indicators
    assert set(indicators) <= spoke
    assert len(made.made) < len(made.files) / 4


def test_each_publish_that_is_kept_tells_what_it_changed(built: tuple[Project, object], tmp_path: Path) -> None:
    project, site = Project(tmp_path / "project"), tmp_path / "site"
    earlier = project.warehouse / "versions"
    earlier.mkdir(parents=True)
    shutil.copyfile(built[0].published, project.published)
    figure = "indicator = 'gdp' and ref_area = '330000' and time_period = '2023' and freq = 'A' and is_current"
    figure += " and time_basis = 'flow' and breakdown = ''"
    for version, value in (("20010101T000000Z-aaaa", "82000"), ("20020101T000000Z-bbbb", "83000")):
        shutil.copyfile(built[0].published, earlier / f"{version}.duckdb")
        with duckdb.connect(str(earlier / f"{version}.duckdb")) as connection:
            connection.execute("update quality.build set version = ?", [version])
            connection.execute(f"update facts.observations set obs_value = {value}e8 where {figure}")
    with published(project) as warehouse:
        write_site(warehouse, site, ["en"])
    feed = (site / "en" / "feed.xml").read_text(encoding="utf-8")
    assert re.findall(r"<summary>[^:]+: (\S+) → (\S+)-", feed)[1] == ("20010101T000000Z-aaaa", "20020101T000000Z")
    assert feed.count("<entry>") == feed.count(" recoded 1 ") == 2
    page = (site / "en" / "changes.html").read_text(encoding="utf-8")
    assert [page.count(amount) for amount in ("8.2 trillion", "8.3 trillion")] == [1, 2]
