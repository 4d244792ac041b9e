"""Recorded answers of the bureau's query API: what was asked is what was answered, and absent means absent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from pipelines.problems import SourceRefused
from pipelines.readers.shapes.query_api import read
from tests.readers.files import figures, read_with

if TYPE_CHECKING:
    from pathlib import Path

INCOME = ("A0A0101", "居民人均可支配收入_累计值", "元")


def asked(database: str = "fsjd", **codes: str) -> str:
    """The form fields of a request."""
    words = [{"wdcode": name, "valuecode": code} for name, code in codes.items()]
    return urlencode(
        {"m": "QueryData", "dbcode": database, "wds": json.dumps(words[:1]), "dfwds": json.dumps(words[1:])}
    )


def node(
    printed: str, indicator: str = INCOME[0], place: str | None = "330000", period: str = "2020B", **data: object
) -> dict:
    words = {"zb": indicator, "reg": place, "sj": period}
    return {
        "code": "_".join(f"{name}.{code}" for name, code in words.items() if code),
        "data": {"data": float(printed or 0), "dotcount": 0, "hasdata": bool(printed), "strdata": printed} | data,
        "wds": [{"wdcode": name, "valuecode": code} for name, code in words.items() if code],
    }


def answer(*nodes: dict, unit: str = INCOME[2], **changes: object) -> dict:
    names = {
        "zb": [{"code": INCOME[0], "cname": INCOME[1], "unit": unit}],
        "reg": [{"code": "330000", "cname": "浙江省", "unit": ""}],
        "sj": [{"code": "2020B", "cname": "2020年第二季度"}, {"code": "2020A", "cname": "2020年第一季度"}],
    }
    data = {
        "datanodes": list(nodes),
        "hasdatacount": sum(1 for one in nodes if one["data"]["hasdata"]),
        "wdnodes": [{"wdcode": name, "nodes": nodes_, "wdname": name} for name, nodes_ in names.items()],
    }
    return {"returncode": 200, "returndata": data | changes}


def recorded(folder: Path, content: object, request: str | None = None) -> Path:
    path = folder / "income.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), encoding="utf-8")
    if request is not None:
        (folder / "income.request.txt").write_text(request, encoding="utf-8")
    return path


QUESTION = asked(zb="A0A01", reg="330000", sj="2020A,2020B")


def refusal(folder: Path, content: object, request: str | None = QUESTION) -> str:
    with pytest.raises(SourceRefused) as refused:
        read_with(read, recorded(folder, content, request))
    (problem,) = refused.value.problems
    assert "\n" not in problem.message_en
    return problem.rule


def test_a_figure_takes_its_words_from_the_answer_and_its_place_is_a_json_pointer(tmp_path: Path) -> None:
    content = answer(node("25898", period="2020B"), node("14752.0", period="2020A"))
    reading = read_with(read, recorded(tmp_path, content, QUESTION))
    assert figures(reading) == [
        (INCOME[1], "浙江省", "2020年第二季度", "25898", "元", "/returndata/datanodes/0/data/strdata"),
        (INCOME[1], "浙江省", "2020年第一季度", "14752.0", "元", "/returndata/datanodes/1/data/strdata"),
    ]
    assert reading.figures["table"].unique().to_list() == ["分省季度数据"]


def test_what_has_no_data_is_missing_whatever_its_data_says(tmp_path: Path) -> None:
    content = answer(
        node("25898"), node("", period="2020A", data=0.0), node("", period="2020A", data=9.5, strdata="9.5")
    )
    assert [row[3] for row in figures(read_with(read, recorded(tmp_path, content, QUESTION)))] == ["25898"]


def test_an_answer_of_nothing_is_said_to_be_one(tmp_path: Path) -> None:
    reading = read_with(read, recorded(tmp_path, answer(node("")), QUESTION))
    assert reading.figures.is_empty()
    assert [problem.rule for problem in reading.problems] == ["answer_empty"]


def test_an_error_that_comes_as_success_is_refused(tmp_path: Path) -> None:
    content = {"returncode": 501, "returndata": "对不起，未能找到符合查询条件的信息。"}
    assert refusal(tmp_path, content) == "answer_error"


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (asked(zb="A0A02", reg="330000", sj="2020B"), "answer_for_another_indicator"),
        (asked(zb="A0A01", reg="110000", sj="2020B"), "answer_for_another_place"),
        (asked(zb="A0A01", reg="330000", sj="2019B"), "answer_for_another_period"),
        ("not a request", "request_form"),
        (asked(reg="330000", sj="2020B"), "request_form"),
        (None, "request_missing"),
        ("m=QueryData&dbcode=fsjd&wds=[{", "request_form"),
        ("m=QueryData&dbcode=fsjd&wds=[1]", "request_form"),
    ],
)
def test_an_answer_to_another_question_is_refused(tmp_path: Path, request_: str | None, expected: str) -> None:
    assert refusal(tmp_path, answer(node("25898")), request_) == expected


def test_a_region_that_a_national_table_ignored_is_another_answer(tmp_path: Path) -> None:
    assert refusal(tmp_path, answer(node("6.8", place=None)), asked("hgyd", zb="A0A01", reg="110000")) == (
        "answer_for_another_place"
    )


def test_a_national_table_is_about_the_nation(tmp_path: Path) -> None:
    content = answer(node("16135", place=None))
    assert [row[1] for row in figures(read_with(read, recorded(tmp_path, content, asked("hgjd", zb="A0A01"))))] == [
        "全国"
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "file_empty"),
        ("<html>503</html>", "cut_off"),
        (json.dumps(answer(node("1")))[:200], "cut_off"),
        ("[" * 100_000, "cut_off"),
        ("[]", "answer_form"),
        ({"returncode": 200, "returndata": {"datanodes": 3}}, "answer_form"),
        ({"returncode": 200}, "answer_form"),
        ({}, "answer_error"),
        (answer(node("1"), hasdatacount=2), "count_differs"),
    ],
)
def test_what_is_no_whole_answer_is_refused(tmp_path: Path, content: object, expected: str) -> None:
    assert refusal(tmp_path, content) == expected


def test_a_print_that_disagrees_with_its_number_and_a_name_that_is_not_given_are_put_aside(tmp_path: Path) -> None:
    content = answer(node("25898", data=2589.8), node("5", period="2020C"), node("7"), unit="")
    reading = read_with(read, recorded(tmp_path, content, asked(zb="A0A01", reg="330000")))
    assert reading.figures.is_empty()
    assert [problem.rule for problem in reading.problems] == ["two_values_in_answer", "unit_missing", "unit_missing"]


def test_a_number_without_a_print_is_taken_exactly(tmp_path: Path) -> None:
    text = json.dumps(answer(node("1", strdata=""))).replace('"data": 1.0', '"data": 0.1000000000000000055')
    reading = read_with(read, recorded(tmp_path, text, QUESTION))
    assert [(row[3], row[5]) for row in figures(reading)] == [
        ("0.1000000000000000055", "/returndata/datanodes/0/data/data")
    ]


def test_a_request_listed_in_the_card_gives_nothing_of_its_own(tmp_path: Path) -> None:
    recorded(tmp_path, answer(node("1")), QUESTION)
    reading = read_with(read, tmp_path / "income.request.txt")
    assert reading.figures.is_empty()
    assert reading.problems == []
