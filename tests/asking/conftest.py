"""The warehouse of the real project, open for questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipelines.asking.warehouse import published

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.asking.warehouse import Warehouse
    from pipelines.project import Project


@pytest.fixture(scope="module")
def warehouse(built: tuple[Project, object]) -> Iterator[Warehouse]:
    with published(built[0]) as opened:
        yield opened
