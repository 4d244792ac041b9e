"""Which changes are tried: a draw of each area, by a seed that was chosen before any mutant was."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.mutants.rules import Change, changes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.mutants.areas import Area

#: Chosen before any mutant was tried.
SEED = 20261125
OF_EACH_AREA = 8


@dataclass(frozen=True)
class Mutant:
    """One change of one file.

    Attributes:
        area: whose tests are asked.
        file: below the checkout.
        line: where, counted from 1.
        before, after: the line, without the blanks around it.
    """

    area: Area
    file: str
    change: Change
    line: int
    before: str
    after: str


def drawn(area: Area, root: Path) -> list[Mutant]:
    """The changes of an area: those that are always made, and a draw from all others.

    Raises:
        FileNotFoundError: a file of the area is not there.
    """
    every: list[Mutant] = []
    for pattern in area.files:
        paths = sorted(root.glob(pattern))
        if not paths:
            raise FileNotFoundError(f"{area.name}: there is no {pattern}; mend tests/mutants/areas.py")
        every += [mutant for path in paths for mutant in _of_file(area, path, root)]
    always = [mutant for mutant in every if area.always and mutant.before.startswith(area.always)]
    others = [mutant for mutant in every if mutant not in always]
    count = min(len(others), max(0, OF_EACH_AREA - len(always)))
    chosen = random.Random(f"{SEED} {area.name}").sample(range(len(others)), count)
    return [*always, *(others[index] for index in sorted(chosen))]


def _of_file(area: Area, path: Path, root: Path) -> list[Mutant]:
    data = path.read_bytes()
    found = []
    for change in changes(path.name, data):
        line = change.line(data)
        before, after = (text.decode().splitlines()[line - 1].strip() for text in (data, change.apply(data) + b"\n"))
        found.append(Mutant(area, path.relative_to(root).as_posix(), change, line, before, after))
    return found
