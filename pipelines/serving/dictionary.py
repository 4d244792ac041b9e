"""The data dictionary: tables, columns and indicators of a warehouse as static pages in two languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.asking import breaks, builds, catalogue, tables

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.asking.warehouse import Warehouse

LANGUAGES = ("zh", "en")
#: Schemas that people ask; staging and landing are the way there.
SCHEMAS = ("marts", "facts", "reference", "quality")


def write_dictionary(warehouse: Warehouse, folder: Path) -> list[Path]:
    """Write `zh.html` and `en.html` into a folder; they link to each other and need no network.

    Returns:
        The pages.
    """
    import jinja2

    environment = jinja2.Environment(loader=jinja2.PackageLoader("pipelines.serving", "."), autoescape=True)
    template = environment.get_template("dictionary.html.j2")
    record = builds.read(warehouse.path)
    content = {
        "version": record.version if record else "",
        "tables": [each for each in tables.tables(warehouse, *SCHEMAS) if not each.name.startswith("int_")],
        "indicators": catalogue.indicators(warehouse),
        "changes": breaks.territory_changes(warehouse),
        "marked": breaks.marked_breaks(warehouse),
    }
    folder.mkdir(parents=True, exist_ok=True)
    pages = []
    for language in LANGUAGES:
        page = folder / f"{language}.html"
        page.write_text(template.render(**content, zh=language == "zh"), encoding="utf-8")
        pages.append(page)
    return pages
