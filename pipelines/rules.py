"""What is said of a broken rule, in English and Chinese: the one catalogue of messages about sources and their rows.

A rule has a stable name, which `quality.quarantine` carries. Words in braces are filled in where the rule is broken. A
name that begins with an asterisk stands for one rule per field or file: `*_missing` for `licence_missing`, `*_yaml`
for `card_yaml`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from pipelines.problems import Problem, shortened


class Words(NamedTuple):
    """What is wrong and what to do."""

    en: str
    zh: str


RULES: dict[str, Words] = {
    # a file of YAML: a card or a ledger
    "card_missing": Words("missing; every folder under raw/ needs a card", "缺少来源说明文件 source.yaml"),
    "*_no_file": Words(
        "no plain file but a link, a device or a folder; put the file itself there", "不是普通文件，请放入文件本身"
    ),
    "*_too_large": Words("larger than {limit}; split it", "超过 {limit}，请拆分"),
    "*_encoding": Words("not UTF-8; save it as UTF-8", "不是 UTF-8 编码，请另存为 UTF-8"),
    "*_yaml": Words("not valid YAML: {reason}; mend its form", "不是有效的 YAML：{reason}；请修正"),
    "*_depth": Words(
        "lists and mappings lie more than {limit} deep in each other; nothing needs that, write it flat",
        "嵌套超过 {limit} 层，请写得平一些",
    ),
    "*_alias": Words("anchors (&) and aliases (*) are not taken; write the words out", "不接受锚点与别名，请直接写出"),
    "*_key_twice": Words("{key} stands twice; keep one", "{key} 重复出现，请保留一个"),
    "*_shape": Words("holds no {expected}", "应为 {expected}"),
    # fields of a card or of an entry
    "*_missing": Words("{field} is missing; write it", "缺少 {field}，请补写"),
    "*_date": Words("not a date; write it as 2026-11-23", "不是日期，请写成 2026-11-23"),
    "*_text": Words("no text; write it on one line, in quotes", "不是文字，请写成一行并加引号"),
    "date": Words("not a date; write it as 2026-11-23", "不是日期，请写成 2026-11-23"),
    "field_unknown": Words("unknown field; known are {known}", "未知字段，可用：{known}"),
    # a source
    "folder_is_link": Words("the folder is a link; put the folder itself under raw/", "文件夹是链接，请放入文件夹本身"),
    "link_in_folder": Words(
        "{name} is no plain file or folder but a link or a device; put the file itself there, or take it out",
        "{name} 不是普通文件，请放入文件本身或移除",
    ),
    "source_id_form": Words(
        "use lower-case letters, digits and _, beginning with a letter", "只用小写字母、数字和下划线，以字母开头"
    ),
    "source_id_twice": Words(
        "two sources of one id: raw/{used}/ is {used} already; give this folder's source its own id",
        "来源编号 {used} 重复，请使每个来源编号唯一",
    ),
    "source_id_folder": Words(
        "the folder is called {folder}; a source's folder carries its id: rename one of them", "来源编号须与文件夹同名"
    ),
    "published_on_date": Words(
        "not a date; write 2024-03-04, 2024-03 or 2024, in quotes, as precise as it is known",
        "不是日期，请按已知精度写 2024-03-04、2024-03 或 2024",
    ),
    "published_on_precision": Words(
        "precision says {stated}, but published_on is known to the {precision}; make them agree",
        "与 published_on 的精度不一致",
    ),
    "access_unknown": Words("unknown access; known are {known}", "未知访问级别，可用：{known}"),
    "stage_unknown": Words("unknown stage; known are {known}", "未知阶段，可用：{known}"),
    "refresh_days_form": Words(
        "not understood; write a whole number of days, such as 365", "请写天数，为 1 到 36525 的整数"
    ),
    "refused_share_limit_form": Words(
        "not understood; write a share from 0 to 1, such as 0.1", "请写 0 到 1 之间的数，如 0.1"
    ),
    "layout_form": Words(
        "not a mapping; write `key: value` lines under layout, as the reader takes them", "layout 须为键值对"
    ),
    "formerly_form": Words(
        "write the ids that the source had before as a list, such as [p047]", "请以列表写明曾用的来源编号，如 [p047]"
    ),
    "formerly_in_use": Words(
        "raw/{former}/ is a source of its own; an id that is still used is no former one",
        "来源编号 {former} 仍在使用",
    ),
    "reader_unknown": Words(
        "no reader is called {reader}; known are {known}", "没有名为 {reader} 的读取器，可用：{known}"
    ),
    "reader_crashed": Words(
        "the reader {reader} broke down: {reason}; look at the file, and tell whoever keeps the reader",
        "读取器 {reader} 出错：{reason}；请检查文件，并告知维护者",
    ),
    # the files of a source
    "files_missing": Words("no files listed; name each with its sha256", "未列出文件及其 sha256"),
    "file_entry": Words("each file needs path and sha256", "每个文件都需写明 path 和 sha256"),
    "path_leaves_folder": Words(
        "the path leaves the source's folder; put the file inside it", "路径超出来源文件夹，请把文件放在该文件夹内"
    ),
    "file_is_link": Words("{name} is a link; put the file itself there", "{name} 是链接，请放入文件本身"),
    "file_missing": Words("no such file; add it or mend the path", "文件不存在，请补入或改正路径"),
    "file_too_large": Words("larger than 1 GiB; split it", "文件超过 1 GiB，请拆分"),
    "sha256_differs": Words(
        "sha256 of {name} is {found}…, the card says {stated}…; a changed file is a new version: check it, then update "
        "the card",
        "{name} 的 sha256 为 {found}…，source.yaml 写的是 {stated}…，不符；请核对后更新",
    ),
    # an entry of a ledger
    "entry_form": Words("write `field: value` lines", "请写 字段: 值"),
    "action_field": Words("{field} is no field of {action}; leave it out", "{field} 不是 {action} 的字段，请删去"),
    "figure_form": Words(
        "name the figure by its place in the file, or by what it is: {{label: …, place: …, period: …}}",
        "请以位置或以 {{label: …, place: …, period: …}} 指明数字",
    ),
    "action_unknown": Words("unknown; known are {known}", "未知操作，可用：{known}"),
    "status_unknown": Words("unknown status; known are {known}", "未知状态，可用：{known}"),
    "value": Words("no number; write it as it should have been printed", "不是数字，请写应印的数"),
    "factor": Words(
        "no factor; write a number such as 0.0001 or 10000, positive, of at most six decimals",
        "不是倍数，请写 0.0001 或 10000 之类的数",
    ),
    "figure_twice": Words(
        "{figure} has an earlier entry; withdraw one of them", "{figure} 有两条更正，请撤回一条"
    ),
    "expectation": Words(
        "written against {expect}, but {figure} is now printed as {printed}; check whether the source has mended it, "
        "then withdraw the entry or renew its expect{moved}",
        "来源现将 {figure} 印为 {printed}，而非 {expect}；请核对后撤回该条或更新 expect{moved}",
    ),
    "figure_absent": Words(
        "the source prints no figure {figure} any more; name the right one or withdraw the entry{moved}",
        "来源中已无数字 {figure}，请改正或撤回该条更正{moved}",
    ),
    "figure_several": Words(
        "{count} figures of the source are {figure}; say more of it", "来源中有 {count} 个数字是 {figure}，请写得更具体"
    ),
    # rows at the door
    "number": Words(
        '"{printed}" is no number; write the printed number, or leave the row out where nothing was printed',
        "“{printed}”不是数字；请写所印数字，未印则删去该行",
    ),
    "present": Words("is empty; write what is printed", "为空；请写所印内容"),
    "offsets": Words(
        "offsets must be whole numbers with start before end", "字符位置须为整数，且起点在终点之前"
    ),
    "print_fits_place": Words(
        "the printed words are not as long as their place in the text; check number, qualifier and unit against it",
        "所印文字与其在原文中的位置长度不符，请核对数字、限定词与单位",
    ),
    "place_in_file_twice": Words("the same place of the file stands in an earlier row; keep one", "同一位置重复"),
    # a source as a whole
    "too_many_refused": Words(
        "{refused} of {rows} rows were refused, more than refused_share_limit {limit} allows; mend the rows below",
        "{rows} 行中有 {refused} 行被拒，超过上限 {limit}；请修正所列各行",
    ),
    "check_failed": Words(
        "the check {check} fails with it: {example}; mend the source, correct it in its ledger, or acknowledge it",
        "检查 {check} 因此来源未通过：{example}；请修正、更正或确认",
    ),
}  # fmt: skip


def words_of(rule: str) -> Words:
    """What the catalogue says of a rule; of `licence_missing`, which it does not name, what it says of `*_missing`."""
    if rule in RULES:
        return RULES[rule]
    parts = rule.split("_")
    families = ("*_" + "_".join(parts[cut:]) for cut in range(1, len(parts)))
    return next(RULES[name] for name in families if name in RULES)


def broken(
    rule: str,
    *,
    source_id: str,
    file: str,
    line: int | None = None,
    column: str | None = None,
    value: object = None,
    **words: Any,  # noqa: ANN401 - whatever a message is filled with
) -> Problem:
    """A problem in the words of the catalogue.

    Args:
        rule: a name of `RULES`, or of one of its families.
        source_id, file, line, column: where.
        value: what stood there.
        words: what the message's braces are filled with.
    """
    en, zh = words_of(rule)
    shown = None if value is None else shortened(value)
    return Problem(
        _whole(source_id),
        _whole(file),
        rule,
        _whole(en.format(**words)),
        _whole(zh.format(**words)),
        line,
        column and _whole(column),
        shown and _whole(shown),
    )


def _whole(text: str) -> str:
    """`text` as UTF-8 can hold it: the name of a file may be any bytes."""
    return text.encode("utf-8", "replace").decode("utf-8")
