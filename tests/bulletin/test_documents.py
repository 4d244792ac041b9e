"""A document in any form in use is opened as text, and its figures point into what it was; bad input gets one line."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.commands.read import read as command
from pipelines.problems import SourceRefused
from pipelines.readers.prose.bulletin import figures_of
from pipelines.readers.prose.documents import received
from pipelines.readers.prose.figure import Row
from pipelines.readers.prose.output import COLUMNS

SENTENCE = "2022年，全县粮食总产量12.5万吨，比上年增长3.1%。"
CONTRACT = (
    "char_start,char_end,quote,value,unit,qualifier,kind,place,period,subject,breakdown,status,reading_confidence,rule,"
    "reason"
)


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def rows_of(path: Path) -> list[Row]:
    document = received(path)
    rows = figures_of(document.reading())
    assert all(document.text[row.char_start : row.char_end] == row.quote for row in rows)
    return [row for row in rows if row.status == "figure"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_is_read_in_the_encodings_in_use(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, "document.txt", (SENTENCE * 20).encode(encoding))
    assert [row.value for row in rows_of(path)][:2] == [Decimal(125000), Decimal("3.1")]


def test_big5_is_told_from_gb18030(tmp_path: Path) -> None:
    text = "2022年全縣糧食總產量12.5萬噸，比上年增長3.1%，全年經濟運行平穩，人民生活水準不斷提高。"
    path = written(tmp_path, "document.txt", text.encode("big5"))
    assert [row.value for row in rows_of(path)] == [Decimal(125000), Decimal("3.1")]


def test_offsets_of_a_page_point_into_its_source_and_tables_are_passed_over(tmp_path: Path) -> None:
    page = (
        "<!doctype html><html><head><style>p{width:50%}</style></head><body><p>2022年，全县粮食总产量<b>12.5</b>万吨，"
        "比上年增长&nbsp;3.1&#37;。</p><table><tr><td>99亿元</td></tr></table></body></html>"
    )
    path = written(tmp_path, "document.html", page.encode())
    figures = rows_of(path)
    assert [row.value for row in figures] == [Decimal(125000), Decimal("3.1")]
    assert figures[0].quote == "12.5</b>万吨"
    (table,) = received(path).tables
    begin, end = (int(at) for at in table.where.removeprefix("char:").split("-"))
    assert (page[begin:end], table.numbers) == ("<table><tr><td>99亿元</td></tr>", 1)


def test_a_table_that_only_lays_out_a_page_is_prose_and_one_inside_it_is_none(tmp_path: Path) -> None:
    inner = "<table><tr><th>年份</th><th>产量</th></tr><tr><td>2021</td><td>9.5</td></tr></table>"
    page = f"<html><body><table><tr><td>{SENTENCE * 3}</td></tr><tr><td>{inner}</td></tr></table></body></html>"
    path = written(tmp_path, "document.html", page.encode())
    assert [row.value for row in rows_of(path)] == [Decimal(125000), Decimal("3.1")] * 3
    assert [table.numbers for table in received(path).tables] == [2]


def test_a_table_of_a_word_document_is_named_with_how_many_numbers_it_holds(tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    document.add_paragraph(SENTENCE)
    table = document.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "产量（2021年）"
    table.cell(1, 0).text, table.cell(1, 1).text = "粮食", "9.5"
    stream = io.BytesIO()
    document.save(stream)
    path = written(tmp_path, "document.docx", stream.getvalue())
    assert [row.value for row in rows_of(path)] == [Decimal(125000), Decimal("3.1")]
    assert [(each.where, each.numbers) for each in received(path).tables] == [("table 1", 2)]


def test_a_word_document_is_read_and_its_extractor_is_named(tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    document.add_paragraph(SENTENCE)
    stream = io.BytesIO()
    document.save(stream)
    path = written(tmp_path, "document.docx", stream.getvalue())
    assert [row.value for row in rows_of(path)] == [Decimal(125000), Decimal("3.1")]
    assert received(path).extractor.startswith("python-docx 1.")


def pdf(words: str) -> bytes:
    """A PDF of one page with Latin words, written out by hand."""
    stream = f"BT /F1 12 Tf 20 100 Td ({words}) Tj ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 200] /Contents 4 0 R "
        "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
    ]
    out, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF"
    return f"{out}xref\n0 5\n0000000000 65535 f \n{table}{end}".encode()


def test_a_pdf_is_read_with_its_pages_and_a_scan_is_refused(tmp_path: Path) -> None:
    document = received(written(tmp_path, "document.pdf", pdf("GDP of the county grew by 3.1% in the year 2022")))
    assert [row.value for row in figures_of(document.reading()) if row.value is not None] == [Decimal("3.1")]
    assert document.page_starts == (0,)
    assert document.extractor.startswith("pypdfium2 ")
    with pytest.raises(SourceRefused, match="pages 1 are scans without text"):
        received(written(tmp_path, "scan.pdf", pdf("")))


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.txt", b"", "the file is empty"),
        ("blank.txt", b" \n\x00\n", "the file is empty"),
        ("binary.txt", bytes(range(256)) * 50, "the file is binary"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n0000", "this is PNG"),
        ("broken.docx", b"PK\x03\x04 no archive", "not a Word document"),
        ("broken.pdf", b"%PDF-1.4 nothing", "not a PDF that can be opened"),
        ("noise.txt", b"\x81\x20\xff\xff" * 200, "save it as UTF-8"),
        ("large.txt", b"1" * (20 * 1024 * 1024 + 1), "larger than 20 MiB"),
    ],
)
def test_what_cannot_be_opened_is_one_line_that_says_what_to_do(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    path = written(tmp_path, name, data)
    with pytest.raises(SourceRefused) as refused:
        received(path)
    (problem,) = refused.value.problems
    assert said in str(problem)
    assert "\n" not in str(problem)
    assert problem.message_zh


@pytest.mark.parametrize(
    "text",
    [
        "1" * 1_000_000,
        "1," * 30_000,
        "1,234," * 20_000,
        "（" * 100_000 + "12%" + "）" * 100_000,
        "《" * 100_000,
        "“12" * 20_000,
        "增长" * 50_000 + "3%",
        "比上年" * 50_000 + "增长3%",
        "第" * 100_000,
        "3%、" * 20_000,
        "\u202e12万元\u202c" * 10_000,
        "12\x00万\x00元。" * 10_000,
        "在" * 100_000 + "届",
    ],
    ids=lambda text: text[:6].encode("unicode_escape").decode(),
)
def test_a_long_line_of_one_thing_is_read_to_its_end(text: str, tmp_path: Path) -> None:
    document = received(written(tmp_path, "document.txt", text.encode()))
    for row in figures_of(document.reading()):
        assert document.text[row.char_start : row.char_end] == row.quote


def test_the_command_prints_the_columns_of_its_contract(tmp_path: Path) -> None:
    path = written(tmp_path, "document.txt", SENTENCE.encode())
    done = CliRunner().invoke(command, [str(path), "--format", "csv"])
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0] == CONTRACT == ",".join(COLUMNS)
    assert lines[1] == "0,4,2022,,,,,,,,,left_out,0.0,time,time"
    assert lines[2].startswith("13,19,12.5万吨,125000,吨,exact,level,全县,2022,粮食总产量,,figure,0.9")
    assert lines[3].startswith("25,29,3.1%,3.1,%,exact,growth_rate,全县,2022/2021,粮食总产量,,figure,0.8")


def test_the_page_holds_every_figure_and_nothing_from_elsewhere(tmp_path: Path) -> None:
    path = written(tmp_path, "document.txt", f"<b>{SENTENCE}</b>收入分别为23323395346268亿元。".encode())
    page = tmp_path / "page.html"
    done = CliRunner().invoke(command, [str(path), "--page", str(page)])
    assert done.exit_code == 0
    html = page.read_text(encoding="utf-8")
    assert '<mark id="f1" class="level" tabindex="0">12.5万吨</mark>' in html
    assert '<mark id="f3" class="refused doubt" tabindex="0">23323395346268亿元</mark>' in html
    assert "&lt;b&gt;" in html
    assert "http" not in html
