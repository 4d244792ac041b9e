"""What the reader makes of sentences like those of bulletins; the expected figures are read off the sentences."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipelines.readers.prose.bulletin import figures_of
from pipelines.readers.prose.figure import Row
from pipelines.readers.prose.reading import reading_of

TITLE = "2023年云和县国民经济和社会发展统计公报\n云和县统计局\n"


def figures(sentence: str, title: str = TITLE) -> list[Row]:
    """The rows of a sentence under a title, without numbers left alone."""
    rows = figures_of(reading_of(title + sentence))
    return [row for row in rows if row.status != "left_out" and row.char_start >= len(title)]


def values(sentence: str) -> list[tuple[str, Decimal | None, str]]:
    return [(row.subject, row.value, row.unit) for row in figures(sentence)]


@pytest.mark.parametrize(
    ("words", "value", "unit", "qualifier"),
    [
        ("新增就业约2600人", "2600", "人", "about"),
        ("培训农民5000多人次", "5000", "人次", "at_least"),
        ("建成网点15万余家", "150000", "家", "at_least"),
        ("存款余额突破3万亿元", "3000000000000", "元", "more_than"),
        ("财政收入近百亿元", "10000000000", "元", "nearly"),
        ("覆盖率98%以上", "98", "%", "at_least"),
        ("失业率控制在5.5%以内", "5.5", "%", "at_most"),
        ("亩均税收34.8万元/亩", "348000", "元/亩", "exact"),
        ("经费标准10万元/人·年", "100000", "元/人·年", "exact"),
        ("产量占全国9成", "90", "%", "exact"),
        ("用水量1,234.5万立方米", "12345000", "立方米", "exact"),
        ("税收收入３２１．５亿元", "32150000000", "元", "exact"),
        ("零售总额突破2.7万亿", "2700000000000", "元", "more_than"),
        ("平均缩短不足2天", "-2", "天", "less_than"),
        ("就业人数3万2千余人", "32000", "人", "at_least"),
        ("人均薪资4万7,885元", "47885", "元", "exact"),
        ("出口额约占全市1/10", "0.1", "", "about"),
        ("现场签约项目12个", "12", "个", "exact"),
        ("审议通过议案6件", "6", "件", "exact"),
        ("死亡率9.8/10万", "9.8", "/10万", "exact"),
    ],
)
def test_a_number_has_its_multiplier_its_unit_and_its_qualifier(
    words: str, value: str, unit: str, qualifier: str
) -> None:
    (row,) = figures(f"全县{words}。")
    assert (row.value, row.unit, row.qualifier) == (Decimal(value), unit, qualifier)


def test_numerals_that_are_quantities_are_read_and_others_left() -> None:
    assert values("大项目达到三分之一，两家单位参加十大工程。") == [("大项目", Decimal("0.333333"), "")]


def test_a_list_shares_unit_and_subjects() -> None:
    assert values("男职工、女职工和新职工人均工资收入增速比全市低0.9、0.7和0.6个百分点。") == [
        ("男职工人均工资收入", Decimal("-0.9"), "个百分点"),
        ("女职工人均工资收入", Decimal("-0.7"), "个百分点"),
        ("新职工人均工资收入", Decimal("-0.6"), "个百分点"),
    ]


def test_respectively_goes_to_the_figures_before_it() -> None:
    rows = figures("存款余额6.1万亿元，农户存款余额2.3万亿元，同比分别增长9.6%和3.6%。")
    assert [(row.subject, row.value, row.kind, row.period) for row in rows[2:]] == [
        ("存款余额", Decimal("9.6"), "growth_rate", "2023/2022"),
        ("农户存款余额", Decimal("3.6"), "growth_rate", "2023/2022"),
    ]


def test_a_colon_ratio_gives_a_figure_per_term_and_one_to_one_gives_one() -> None:
    rows = figures("三次产业结构由上年的4.5:50.1:45.4调整为4.6:49.0:46.4，城乡居民收入比为1.93:1。")
    assert [(row.value, row.period, row.breakdown) for row in rows[:6]] == [
        (Decimal("4.5"), "2022", "第一产业"),
        (Decimal("50.1"), "2022", "第二产业"),
        (Decimal("45.4"), "2022", "第三产业"),
        (Decimal("4.6"), "2023", "第一产业"),
        (Decimal("49.0"), "2023", "第二产业"),
        (Decimal("46.4"), "2023", "第三产业"),
    ]
    assert [(row.quote, row.value, row.kind) for row in rows[6:]] == [("1.93:1", Decimal("1.93"), "ratio")]


@pytest.mark.parametrize(
    ("words", "kind", "value"),
    [
        ("用电量增长4.3%", "growth_rate", "4.3"),
        ("用电量下降4.3%", "growth_rate", "-4.3"),
        ("失业率降至4.3%", "share", "4.3"),
        ("失业率下降0.3个百分点", "difference", "-0.3"),
        ("就业率高于全省2.1个百分点", "difference", "2.1"),
        ("常住人口比上年末减少0.21万人", "difference", "-2100"),
        ("出口额居全市第2位", "rank", "2"),
        ("网报率居全国首位", "rank", "1"),
        ("产量是上年的1.5倍", "ratio", "1.5"),
        ("力争粮食产量达到12万吨", "target", "120000"),
        ("播种面积比上年增加0.2万亩", "difference", "2000"),
        ("规上企业比年初净增23家", "difference", "23"),
        ("城乡居民收入比较上年缩小0.03", "difference", "-0.03"),
        ("推动农房风貌提升26万户", "level", "260000"),
        ("收入增长率为4.4%", "growth_rate", "4.4"),
    ],
)
def test_the_words_around_a_number_say_what_it_is(words: str, kind: str, value: str) -> None:
    (row,) = figures(f"全县{words}。")
    assert (row.kind, row.value) == (kind, Decimal(value))


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("截至2022年底，贷款余额5亿元", "2022-12-31"),
        ("2023年7月，出口额5亿元", "2023-07"),
        ("2021年上半年，出口额5亿元", "2021-H1"),
        ("2023年1-11月，出口额5亿元", "2023-01..2023-11"),
        ("“十四五”期间累计投入5亿元", "2021..2025"),
        ("年末贷款余额5亿元", "2023-12-31"),
        ("出口额较2017年增长5%", "2023/2017"),
        ("出口额5亿元", "2023"),
        ("出口额5亿元，与上年持平", "2023"),
        ("出口额由2018年的3亿元增加到2022年的5亿元，增长67%", "2018 2022 2022/2018"),
        ("出口额是2020年的3倍", "2023/2020"),
        ("近三年出口额年均增长5%", "2021..2023"),
        ("2021年、2022年出口额分别为5亿元、6亿元", "2021 2022"),
        ("7月份出口额同比增长5%", "2023-07/2022-07"),
        ("7月份出口额环比增长5%", "2023-07/2023-06"),
        ("年末企业5家；全年出口额5亿元", "2023-12-31 2023"),
    ],
)
def test_the_nearest_words_of_time_govern(words: str, period: str) -> None:
    assert " ".join(row.period for row in figures(f"{words}。")) == period


def test_a_list_may_turn_and_each_member_keeps_its_subject_and_its_sign() -> None:
    rows = figures("工业投资、民间投资、交通投资分别增长15.3%、9.1%和下降4.2%。")
    assert [(row.subject, row.value) for row in rows] == [
        ("工业投资", Decimal("15.3")),
        ("民间投资", Decimal("9.1")),
        ("交通投资", Decimal("-4.2")),
    ]


def test_what_a_change_led_to_is_no_part_of_it() -> None:
    assert values("全县就业人数减少4600人至366300人。") == [
        ("就业人数", Decimal(-4600), "人"),
        ("就业人数", Decimal(366300), "人"),
    ]


def test_under_a_span_of_years_a_state_is_of_its_end_and_a_sum_of_the_span() -> None:
    rows = figures("“十四五”时期，新增园区11个、集群9个，城镇化率达到52%。")
    assert [row.period for row in rows] == ["2021..2025", "2021..2025", "2025"]


def test_a_year_of_the_republic_and_one_in_words_are_years_of_our_era() -> None:
    rows = figures("114年7月出口額增加5億元。二〇二四年出口额5亿元。")
    assert [row.period for row in rows] == ["2025-07/2024-07", "2024"]


def test_months_of_a_plan_are_of_its_year() -> None:
    text = "2026年云和县政府工作报告\n一、2025年工作回顾\n二、2026年工作安排\n上半年完成投资5亿元。\n"
    (row,) = [row for row in figures_of(reading_of(text)) if row.status == "figure"]
    assert (row.kind, row.period) == ("target", "2026-H1")


def test_a_plan_is_a_target_and_its_review_is_none() -> None:
    text = (
        "2026年云和县政府工作报告\n一、2025年工作回顾\n去年一年，生产总值增长5.6%。\n"
        "二、2026年工作安排\n今年主要预期目标是：生产总值增长5%以上。\n"
    )
    rows = [row for row in figures_of(reading_of(text)) if row.status == "figure"]
    assert [(row.kind, row.value, row.period) for row in rows] == [
        ("growth_rate", Decimal("5.6"), "2025/2024"),
        ("target", Decimal(5), "2026/2025"),
    ]


@pytest.mark.parametrize(
    "words",
    [
        "推进“最多跑1次”改革",
        "打造15分钟公共服务圈",
        "山区26县共建平台",
        "第14届人民代表大会",
        "建设5G基站和“415X”集群",
        "PM2.5浓度持续改善",
        "地铁2号线开通",
        "印发〔2021〕12号文件",
        "电话0578-5123456",
        "60岁以上老年人得到照顾",
    ],
)
def test_names_dates_and_ages_are_no_figures(words: str) -> None:
    assert figures(f"全县{words}。") == []


def test_a_threshold_inside_a_name_is_left_and_what_it_cuts_is_counted() -> None:
    (row,) = figures("全县开工10亿元以上项目47个。")
    assert (row.quote, row.value) == ("47个", Decimal(47))


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("增加值分别为23323395346268亿元", "lost_separators"),
        ("收入分别增长3.24.15.6%", "lost_separators"),
        ("用电量分别为233233953462千瓦时", "lost_separators"),
        ("生产总值2\ufffd5亿元", "lost_characters"),
        ("进出口总额12，345万元", "unclear_separator"),
        ("新增了12", "no_unit"),
        ("民营经济占比6l.5%", "lost_characters"),
        ("实现利润5 326万元", "unclear_separator"),
    ],
)
def test_what_was_damaged_is_refused_with_its_reason(words: str, rule: str) -> None:
    rows = figures(f"全县{words}。")
    assert rows
    assert {(row.status, row.rule) for row in rows} == {("refused", rule)}
    assert all(row.reason and row.value is None for row in rows)


def test_a_page_break_and_spaces_do_not_break_a_figure_and_the_span_points_into_the_file() -> None:
    text = TITLE + "全县城乡居民基本养老保险参保人数持续增加并稳定达到 3.\r\n2 万人，参保率继续提高。\r\n"
    (row,) = [row for row in figures_of(reading_of(text)) if row.status == "figure"]
    assert row.value == Decimal(32000)
    assert text[row.char_start : row.char_end] == row.quote == "3.\r\n2 万人"


def test_digits_set_apart_and_lines_cut_at_one_width_are_joined() -> None:
    cut = [
        "全县地区生产总值达到",
        "了4 1 . 2 亿元，",
        "比上年增长了7.",
        "1%，城镇常住居民",
        "人均可支配收入是3",
        "万元，增长了5.5%，",
        "全县粮食产量是5万",
    ]
    rows = figures("\n".join([*cut, "吨。"]))
    assert [row.value for row in rows] == [
        Decimal(4120000000), Decimal("7.1"), Decimal(30000), Decimal("5.5"), Decimal(50000),
    ]  # fmt: skip


def test_traditional_characters_read_the_same() -> None:
    simplified = figures("全县从业人员12万人，比上年减少3.5%，其中女性占41%。")
    traditional = figures("全縣從業人員12萬人，比上年減少3.5%，其中女性佔41%。")
    assert [(row.value, row.unit, row.kind, row.subject) for row in traditional] == [
        (row.value, row.unit, row.kind, row.subject) for row in simplified
    ]


def test_a_place_governs_until_its_sentence_ends() -> None:
    rows = figures("如桐乡市洲泉镇成本降低10%、售价提高15%。全县增收9万元。")
    assert [row.place for row in rows] == ["桐乡市洲泉镇", "桐乡市洲泉镇", "全县"]


def test_a_village_that_opens_a_paragraph_goes_on_in_it_and_no_verb_is_taken_for_one() -> None:
    rows = figures("云山乡上垟村流转山地460亩。亩产值1.2万元。\n强化县域商业，新建市场3个。")
    assert [row.place for row in rows] == ["云山乡上垟村", "云山乡上垟村", "云和县"]


def test_a_title_that_opens_with_a_county_names_the_place() -> None:
    (row,) = figures("种植规模2万亩。", title="青禾县：小香菇撑起大产业\n2024年，青禾县发展产业。\n")
    assert (row.place, row.period) == ("青禾县", "2024")


def test_what_follows_a_reports_plan_and_the_tasks_appended_to_it_are_planned() -> None:
    text = (
        "政府工作报告\n——2026年1月20日在某省第十四届人民代表大会上\n一、2025年工作回顾\n全省新增就业30万人。\n"
        "二、2026年工作安排\n新增就业31万人。\n三、加强政府自身建设\n压减会议10%。\n附件\n2026年全省民生实事\n"
        "1.建成养老床位7000张（民政厅）。\n附件2：名词解释\n5.某平台：现有企业800家。\n"
    )
    told = {row.quote: row.kind for row in figures_of(reading_of(text)) if row.status == "figure"}
    assert told == {"30万人": "level", "31万人": "target", "10%": "target", "7000张": "target", "800家": "level"}


def test_numbers_in_steps_and_tenths_are_printed_as_the_warehouse_reads_them_or_refused() -> None:
    text = (
        "德清县2024年统计公报\n全县新增就业3万2千人，户籍人口4万7,885人，补助3万5元。"
        "两成五的家庭有汽车，三成农户有车库。\n"
    )
    rows = {row.quote: row for row in figures_of(reading_of(text)) if row.status != "left_out"}
    printed = {quote: (row.printed.value, row.printed.unit) for quote, row in rows.items() if row.printed}
    assert printed == {
        "3万2千人": ("3万2千", "人"), "4万7,885人": ("4万7,885", "人"), "两成五": ("两成五", ""), "三成": ("三", "成"),
    }  # fmt: skip
    assert [rows[quote].value for quote in ("3万2千人", "4万7,885人", "两成五", "三成")] == [32000, 47885, 25, 30]
    assert {rows[quote].status for quote in ("3万", "5元")} == {"refused"}
