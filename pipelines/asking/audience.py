"""Who asks, and what of a warehouse is theirs: the public is given nothing that stands on an internal source.

Each condition is a piece of a question that binds `$audience`.
"""

from __future__ import annotations

from typing import Literal

#: The public is given nothing of a source whose card says that it is internal.
Audience = Literal["public", "internal"]

_INTERNAL = "select source_id from reference.sources where access = 'internal'"


def may_see_source(column: str) -> str:
    """Whether the source in this column is theirs to see; what stands on no source is."""
    return f"($audience = 'internal' or coalesce({column}, '') not in ({_INTERNAL}))"


def may_see_figure(column: str) -> str:
    """Whether the figure whose id is in this column is theirs to see: an id begins with its source's."""
    return may_see_source(f"split_part({column}, ':', 1)")


def may_see_figures(column: str) -> str:
    """Whether all figures of this column's list are theirs to see."""
    sources = f"list_transform(coalesce({column}, []), lambda each: split_part(each, ':', 1))"
    internal = f"(select coalesce(list(source_id), []) from ({_INTERNAL}))"
    return f"($audience = 'internal' or not list_has_any({sources}, {internal}))"
