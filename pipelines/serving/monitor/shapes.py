"""Shapes of places out of a GeoJSON that a user gives, which is read as a stranger's file; ours are tiles.

Only codes and coordinates are taken from it: names are the catalogue's.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from pipelines.problems import BuildStopped, shortened
from pipelines.serving.monitor.tiles import positions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Bytes of a file, and points in it, at most: a page holds the shapes of a map.
MOST_BYTES, MOST_POINTS = 20_000_000, 400_000
#: Properties of a feature that may hold the code of its place, in the order in which they are looked at.
CODES = ("ref_area", "adcode", "code", "gb", "id")
#: The width of a drawing; a point is rounded to a whole unit of it.
WIDTH = 1000
Point = tuple[float, float]
Ring = list[Point]


@dataclass(frozen=True)
class Shapes:
    """The outline of places in degrees of longitude and latitude; without any, maps are of tiles."""

    rings: dict[str, list[Ring]] = field(default_factory=dict)

    def paths(self, name: str) -> dict[str, object]:
        """The places of a map drawn as SVG: height of the drawing, and a path a place; nothing without shapes."""
        rings = {code: self.rings[code] for code in positions()[name] if code in self.rings}
        if not rings:
            return {}
        points = [point for own in rings.values() for ring in own for point in ring]
        west, east = min(x for x, _ in points), max(x for x, _ in points)
        south, north = min(y for _, y in points), max(y for _, y in points)
        narrowing = math.cos(math.radians((south + north) / 2))
        scale = WIDTH / max((east - west) * narrowing, 1e-9)

        def drawn(ring: Ring) -> str:
            at = [(round((x - west) * narrowing * scale), round((north - y) * scale)) for x, y in ring]
            kept = [each for each, before in zip(at, [None, *at], strict=False) if each != before]
            return "M" + "L".join(f"{x} {y}" for x, y in kept) + "Z"

        return {
            "height": round((north - south) * scale) + 1,
            "paths": {code: "".join(map(drawn, own)) for code, own in rings.items()},
        }


def read_shapes(path: Path) -> Shapes:
    """The shapes of the places that a map knows; features of other places are left out.

    Raises:
        BuildStopped: it is no GeoJSON of polygons in longitude and latitude, is too large, or has no place of a map.
    """
    features = _features(path)
    known = {code for placed in positions().values() for code in placed}
    rings: dict[str, list[Ring]] = {}
    points = 0
    for number, feature in enumerate(features, start=1):
        code = _code_of(feature)
        if code not in known:
            continue
        try:
            own = list(_rings(feature.get("geometry")))
        except ValueError as error:
            _refuse(path, f"feature {number} ({code}): {error}", f"第{number}个要素（{code}）：{error}")
        points += sum(map(len, own))
        if points > MOST_POINTS:
            _refuse(path, f"it has more than {MOST_POINTS} points; simplify it", f"超过{MOST_POINTS}个点；请先简化")
        rings.setdefault(code, []).extend(own)
    if not rings:
        names = ", ".join(CODES)
        _refuse(
            path,
            f"no feature has the code of a place of a map; it is looked for in the properties {names}",
            f"没有要素带有地图上的地区代码；查找的属性为{names}",
        )
    return Shapes(rings)


def _features(path: Path) -> list[Any]:
    """The features of a file, unread. Raises as `read_shapes`."""
    if path.exists() and not path.is_file():
        _refuse(path, "it is no file", "不是文件")
    try:
        data = path.read_bytes() if path.stat().st_size <= MOST_BYTES else None
    except OSError as error:
        _refuse(path, f"it could not be read: {error.strerror}", f"无法读取：{error.strerror}")
    if data is None:
        _refuse(path, f"it is larger than {MOST_BYTES} bytes; simplify it", f"超过{MOST_BYTES}字节；请先简化")
    try:
        found = json.loads(data, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        _refuse(path, f"it is no JSON: {error}", f"不是JSON：{error}")
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or found.get("type") != "FeatureCollection":
        _refuse(path, "it is no FeatureCollection of GeoJSON", "不是GeoJSON的FeatureCollection")
    return features


def _code_of(feature: Any) -> str:  # noqa: ANN401 - whatever stands in a stranger's file
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return ""
    found = next((properties[name] for name in CODES if properties.get(name) is not None), "")
    return str(found)[-6:] if isinstance(found, str | int) else ""


def _rings(geometry: Any) -> Iterator[Ring]:  # noqa: ANN401 - whatever stands in a stranger's file
    """The rings of a polygon or of several.

    Raises:
        ValueError: it is none, or a coordinate is none.
    """
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in {"Polygon", "MultiPolygon"}:
        raise ValueError("its geometry is neither a Polygon nor a MultiPolygon")
    polygons = [geometry.get("coordinates")] if kind == "Polygon" else geometry.get("coordinates")
    for polygon in _listed(polygons):
        for ring in _listed(polygon):
            points = [_point(each) for each in _listed(ring)]
            if len(points) < 4:
                raise ValueError("a ring of it has fewer than four points")
            yield points


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 - whatever stands in a stranger's file
    if not isinstance(value, list):
        raise ValueError("its coordinates are not lists of lists of points")
    return value


def _point(value: Any) -> Point:  # noqa: ANN401 - whatever stands in a stranger's file
    if isinstance(value, list) and len(value) >= 2 and all(type(each) in {int, float} for each in value[:2]):
        x, y = value[:2]
        if -180 <= x <= 180 and -90 <= y <= 90:
            return float(x), float(y)
    raise ValueError(f"{shortened(json.dumps(value), 40)} is no longitude and latitude in degrees")


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def _refuse(path: Path, en: str, zh: str) -> NoReturn:
    raise BuildStopped(f"{path.name}: {en}", 2, zh=f"{path.name}：{zh}")
