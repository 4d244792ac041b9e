"""The whole data set in a folder: Parquet and CSV, its dictionary, its sources and terms, and how it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.asking import tables
from pipelines.asking.observations import Wanted
from pipelines.serving.delimited import write_csv_file
from pipelines.serving.files import write_figures, write_table

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from pipelines.asking.warehouse import Warehouse

FORMS = (".parquet", ".csv")
SCHEMAS = ("marts", "reference")
README = """\
# gongfu data set 共富数据集

Written {today}. `observations`: every figure of every publication, in the standard form, all vintages
(`is_current` marks the one to use). `marts.*`: one table per question. `reference.*`: what the codes mean.
`dictionary.csv`: every table and column, with type and meaning. `*.sources.csv`: publisher, dates, terms and a line to
cite each source of the file beside it by.

observations为全部出版物的全部数字（标准形式，含各版次，is_current标明现用的一版）；marts.*一问一表；reference.*为代码含义；
dictionary.csv为全部表与列的类型和含义；*.sources.csv为各文件所用来源的发布机构、日期、许可与引用格式。

## R
```r
library(arrow)
figures <- read_parquet("observations.parquet")
gdp <- subset(figures, indicator == "gdp" & breakdown == "" & freq == "A" & is_current)
gdp$year <- as.integer(gdp$time_period)
aggregate(value ~ year, gdp, length)
```
## Stata
```stata
import delimited "observations.csv", encoding("UTF-8") stringcols(_all) bindquotes(strict) clear
keep if indicator == "gdp" & breakdown == "" & freq == "A" & is_current == "True"
destring value low high time_period, replace
isid figure_id
tabstat value, by(time_period) statistics(count)
```
## Python
```python
import pandas
figures = pandas.read_parquet("observations.parquet")
gdp = figures[(figures.indicator == "gdp") & (figures.breakdown == "") & (figures.freq == "A") & figures.is_current]
gdp = gdp.assign(year=gdp.time_period.astype(int))
print(gdp.groupby("year").value.count())
```
"""


def write_dataset(warehouse: Warehouse, folder: Path, today: date) -> list[Path]:
    """Write the data set; what a folder holds under the same names is replaced.

    Returns:
        The files, without those of the sources.
    """
    folder.mkdir(parents=True, exist_ok=True)
    held = tables.tables(warehouse, *SCHEMAS)
    written = []
    for form in FORMS:
        path = folder / f"observations{form}"
        write_figures(warehouse, path, Wanted(vintages="all"), wide=False, today=today)
        written.append(path)
        for table in held:
            path = folder / f"{table.full_name}{form}"
            write_table(warehouse, path, table.full_name, today=today)
            written.append(path)
    dictionary = folder / "dictionary.csv"
    rows = [
        (table.full_name, column.name, column.data_type, column.meaning("zh"), column.meaning("en"))
        for table in held
        for column in table.columns
    ]
    write_csv_file(dictionary, ("table", "column", "type", "meaning_zh", "meaning_en"), rows)
    readme = folder / "README.md"
    readme.write_text(README.format(today=today), encoding="utf-8")
    return [*written, dictionary, readme]
