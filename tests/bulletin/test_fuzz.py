"""Whatever a text holds, spans point at what they say, nothing crashes, and every digit is told of."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.readers.prose.bulletin import figures_of
from pipelines.readers.prose.reading import reading_of

PIECES = st.sampled_from(
    [
        "2022年", "截至2022年底", "“十四五”期间", "较2017年", "同比", "全省", "山区26县", "如桐乡市", "其中，",
        "分别", "增长", "下降", "达到", "突破", "约", "近", "超", "占比", "居全国第", "第", "从", "提升至",
        "力争", "目标", "12", "3.5", "1,234", "０．５", "万", "亿", "百亿", "三分之一", "两成", "翻一番", "元",
        "人次", "个", "个百分点", "%", "‰", "倍", "亩", "、", "，", "。", "；", ":", "和", "（", "）", "《",
        "》", "“", "”", " ", "\n", "\r\n", "\u200b", "\ufffd", "\x00", "以上", "左右", "余", "多", "A", "-",
        "—", "岁", "年", "月", "日", "届", "一、", "（一）", "1.", "居民收入", "比",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=60).map("".join), st.text(max_size=200))


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_spans_point_at_what_they_say(text: str) -> None:
    rows = figures_of(reading_of(text))
    for row in rows:
        assert 0 <= row.char_start < row.char_end <= len(text)
        assert text[row.char_start : row.char_end] == row.quote
        assert row.status in ("figure", "review", "refused", "left_out")
        assert (row.value is not None) == (row.status in ("figure", "review"))
        assert bool(row.reason) == (row.status in ("refused", "left_out"))
    starts = [row.char_start for row in rows]
    assert starts == sorted(set(starts))


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_every_digit_is_told_of(text: str) -> None:
    told = {at for row in figures_of(reading_of(text)) for at in range(row.char_start, row.char_end)}
    wide = "０１２３４５６７８９"
    assert [at for at, letter in enumerate(text) if (letter in "0123456789" or letter in wide) and at not in told] == []


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_a_text_reads_the_same_twice(text: str) -> None:
    assert figures_of(reading_of(text)) == figures_of(reading_of(text))
