"""Help of every command in Chinese, and click's own words: the one catalogue of both.

A command stands under its name (a subcommand after its group's), an option under the command's name and its own. The
first sentence of a command is its line in the list of commands.
"""

from __future__ import annotations

import re

HELP: dict[str, str] = {
    "gongfu": "共富：从印在纸上、网页上的省级统计，到可以信赖的数据仓库。",
    "build": "读取raw/下有变动的来源，重做受其影响的部分，检查后发布。",
    "build --full": "无论有无变动，一律重读重做。",
    "build --dry_run": "不发布；显示发布后会有哪些变化。",
    "build --rows": "试运行时最多显示多少个数字；0为全部。",
    "propose": "查看FILE，拟出其source.yaml：读取器、各表的版式以及尚待回答的问题。",
    "propose --write": "在文件旁写入source.yaml；已有则不写。",
    "propose --rows": "每张表显示多少个数字。",
    "preview": "不经构建，显示SOURCE_ID按其说明文件会读成什么：数字的去向、前若干个数字的编码、悬而未决之处。",
    "preview --rows": "最多显示多少个数字。",
    "read": "读取DOCUMENT（文本、Markdown、HTML、DOCX或PDF），列出其中的数字、拒收的与略去的。",
    "read --form": "输出为表格或CSV。",
    "read --page": "把文件写成一个HTML网页，标出其中的数字。",
    "read --published": "文件未写明时的发布日期：2023、2023-03或2023-03-10。",
    "read --threshold": "置信度（0至1）低于此值的数字待核。",
    "review": "列出待核的数字，或就其一作出决定：accept（采用）、mend（改正）或reject（剔除）FIGURE。"
    "FIGURE写作source_id:char:12-16。决定写入该来源的更正台账raw/<source_id>/corrections.yaml，下次构建照办。",
    "review --value": "用于mend：应读作的数，以所印单位计。",
    "review --reason": "理由；作决定时必填。",
    "review --who": "决定人；作决定时必填。",
    "indicator": "把指标CODE写入dbt_project/seeds/reference/indicators.csv。",
    "indicator --like": "所仿的指标：取其领域、单位与合理范围。",
    "indicator --name": "中文名与英文名。",
    "indicator --definition": "计什么、不计什么（中文、英文）。",
    "indicator --defined_by": "定义的出处。",
    "unmapped": "列出尚无代码的所印名目，多者在前，并给出单位与量级相符的指标。",
    "unmapped --chosen": "为印有该名目的来源写定对应的指标。",
    "unmapped --breakdown": "用于--choose：名目旁所印的分组文字。",
    "unmapped --code": "用于--choose：这些文字的含义，写作key=value;…",
    "unmapped --source_id": "用于--choose：适用于哪个来源；'*'为全部来源。",
    "unmapped --unit": "新增单位用语：亿元 yuan:8。",
    "unmapped --place": "新增地名：甬 330200。",
    "unmapped --rows": "最多显示多少个名目；0为全部。",
    "transcribe": "将FILE中的数字转抄为数字表；或以--check核对现在的读取器读出的有何不同。",
    "transcribe --card": "读取FILE所依据的说明文件。",
    "transcribe --output": "数字表写到何处；不写则直接显示。",
    "transcribe --check": "要核对的数字表。",
    "status": "已发布的是什么、来自哪些来源、何时发布、检查结果如何。",
    "find": "按词查找指标，可用中文、英文或拼音：收入、\"disposable income\"、shouru。",
    "find --rows": "最多显示多少个指标；0为全部。",
    "sql": "对已发布的仓库执行一条只读语句QUERY。"
    "模式有landing、reference、facts、marts和quality。可用SELECT、FROM、WITH、VALUES、PIVOT、DESCRIBE、SUMMARIZE和SHOW；"
    "不写入，也不打开其他文件。每次查询限60秒、2GB内存、1 000 000行；整表请用`gongfu export`。",
    "sql --as_csv": "输出CSV而非表格。",
    "sql --rows": "表格最多显示多少行；0为全部。",
    "sql --mine": "QUERY还可读取的一个CSV文件（UTF-8），表名即文件名。",
    "audit": "列出核算结果：已发布的数字在何处彼此不符，并附算式。",
    "audit --everything": "也列出相符的与无法核算的关系。",
    "audit --outcome": "只列这些结果。",
    "audit --kind": "只列这些类型的关系，如ratio或same_figure。",
    "audit --source": "只列涉及这些来源的数字的关系。",
    "trace": "显示一个数字的全部来路：文件、原印文字、每一步、其他版次、载有它的表。"
    "WORDS为数字编号，或指标、地区与时期，用代码或名称：\"gdp 330000 2022\"、地区生产总值 浙江 2022；"
    "分组写作industry=tertiary。",
    "diff": "显示从BEFORE到AFTER（版次；不写AFTER则为current）新增、消失、改码与修订的数字。",
    "diff --form": "输出为表格或CSV。",
    "diff --rows": "表格最多显示多少行；0为全部。",
    "export": "将数字或整张TABLE写入文件；其中没有任何内容会在电子表格里执行。"
    "非工作簿的文件旁另有FILE.sources.csv：所含数据的发布机构、日期与许可。",
    "export --output": "写入的文件；格式由扩展名决定：.xlsx、.csv、.parquet或.sdmx.csv。",
    "export --wide": "面板：每个地区每年一行，每个指标一列。",
    "export --indicator": "只要这些指标的数字。",
    "export --place": "只要这些地区（代码）的数字。",
    "export --source": "只要这些来源的数字。",
    "export --since": "只要该时期起的数字，如2015或2015-Q2。",
    "export --until": "只要该时期止的数字。",
    "export --as_of": "某日当时已知的数字。",
    "export --vintages": "每个数字的全部版次，而不只是现用的一版。",
    "dataset": "将整个数据集写成Parquet与CSV，连同数据字典，放入FOLDER（warehouse/dataset）。",
    "dictionary": "将数据字典写成静态网页，放入FOLDER（warehouse/dictionary）。",
    "serve": "提供已发布的仓库，直到Ctrl-C：/为监测站点，/sdmx为SDMX服务，另有/quality_report与/dictionary。",
    "serve --host": "监听的地址。",
    "serve --port": "监听的端口。",
    "mcp": "经标准输入输出以MCP协议回答智能助手：检索、取数、比较、某日已知、核算、溯源。",
    "site": "将监测网站写成静态网页，放入FOLDER（warehouse/site）；无需服务器和网络即可打开。"
    "只重写内容有变的网页；已不存在的内容，其网页一并移除。",
    "site --languages": "只写这种语言的网页（zh、en）。",
    "site --geojson": "按此文件中的图形（以各要素的代码对应地区）绘制地图，而不用方块图。",
    "versions": "列出保留的各次发布，新者在前。",
    "rollback": "重新发布较早的一次：VERSION，或当前之前的一次。",
    "rules": "各县评价企业的规则：检查一个，比较两个。",
    "rules check": "FILE这一规则是否可能成立：错误及其行号，其次是缺口与未言明之处。",
    "rules diff": "规则从BEFORE到AFTER有何变动，登记册中有多少企业因此换了等级。",
    "rules diff --period": "评价年份；不写则为两个规则共有的最近一年。",
    "enterprise": "企业FIRM_ID的体检报告：各项数值与均值、得分、距下一等级的差距、历年情况。只含合成企业。",
    "enterprise --run": "哪一次评价。",
    "enterprise --page_path": "另将报告写成网页。",
    "disclosure": "披露控制：表格会泄露单个企业的什么。",
    "disclosure check": "FILE（CSV）是否公布了应保密的单元格，或所保密的可由其余推算。"
    "各列：每个维度一列（合计为_T）、value，已知时另有firms、largest、second、conf_status。"
    "有泄露则以1结束，并列出应保密的单元格。",
    "disclosure check --register_id": "按哪个登记册的规则。",
}  # fmt: skip

#: Help and words that are click's own, or the same in every command.
CLICK: dict[str, str] = {
    "Usage: ": "用法：",
    "Options": "选项",
    "Commands": "命令",
    "default: ": "默认：",
    "required": "必填",
    "Show this message and exit.": "显示本帮助并退出。",
    "Show the version and exit.": "显示版本并退出。",
    "In which language to answer 用中文或英文回答 (GONGFU_LANGUAGE).": "用中文或英文回答（GONGFU_LANGUAGE）。",
}

#: What click says of a wrong command line, and how it is said in Chinese.
_ERRORS = (
    (r"No such command '(.*?)'\. Did you mean (.*)\?", r"没有命令“\1”，是否指\2？"),
    (r"No such option '(.*?)'\. Did you mean (.*)\?", r"没有选项“\1”，是否指\2？"),
    (r"No such command '(.*?)'\..*", r"没有命令“\1”"),
    (r"No such option '(.*?)'\..*", r"没有选项“\1”"),
    (r"Missing command\.", "缺少命令"),
    (r"Missing argument '(.*)'\.", r"缺少参数“\1”"),
    (r"Missing option '(.*)'\.", r"缺少选项“\1”"),
    (r"Option '(.*)' requires an argument\.", r"选项“\1”需要一个值"),
    (r"Option '(.*)' requires (\d+) arguments\.", r"选项“\1”需要\2个值"),
    (r"Got unexpected extra arguments? \((.*)\)", r"多余的参数：\1"),
    (r"Invalid value for (.*?): '(.*)' is not one of (.*)\.", r"\1的值“\2”不在可选之列：\3"),
    (r"Invalid value for (.*?): '(.*)' is not a valid (\w+).*", r"\1的值“\2”不是有效的\3"),
    (r"Invalid value for (.*?): (?:File|Path) '(.*)' does not exist\.", r"\1：文件“\2”不存在"),
    (r"Invalid value for (.*?): (?:File|Path) '(.*)' is a directory\.", r"\1：“\2”是文件夹"),
    (r"Invalid value for (.*?): (.*)", r"\1的值无效：\2"),
)


def in_chinese(message: str) -> str:
    """What click says of a wrong command line, in Chinese."""
    for english, chinese in _ERRORS:
        if found := re.fullmatch(english, message, re.DOTALL):
            return found.expand(chinese)
    return f"命令行有误：{message}"
