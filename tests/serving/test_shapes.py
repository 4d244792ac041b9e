"""A user's own GeoJSON gives maps their shapes; it is a stranger's file: only codes and coordinates are taken."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pipelines.problems import BuildStopped
from pipelines.serving.monitor.shapes import WIDTH, read_shapes

if TYPE_CHECKING:
    from pathlib import Path

#: A degree by a degree around Hangzhou, and beside it one around Ningbo.
HANGZHOU = [[[119.0, 30.0], [120.0, 30.0], [120.0, 31.0], [119.0, 31.0], [119.0, 30.0]]]
NINGBO = [[[121.0, 30.0], [122.0, 30.0], [122.0, 31.0], [121.0, 31.0], [121.0, 30.0]]]


def collection(*features: tuple[object, str, Any]) -> str:
    return json.dumps({
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"adcode": code, "name": "<script>"},
                "geometry": {"type": kind, "coordinates": at},
            }
            for code, kind, at in features
        ],
    })  # fmt: skip


def given(folder: Path, text: str) -> Path:
    path = folder / "mine.geojson"
    path.write_text(text, encoding="utf-8")
    return path


def test_places_are_drawn_where_they_lie_north_up_and_as_wide_as_they_are_there(tmp_path: Path) -> None:
    text = collection((330100, "Polygon", HANGZHOU), ("156330200", "MultiPolygon", [NINGBO]), (999999, "Point", [0, 0]))
    drawn = read_shapes(given(tmp_path, text)).paths("cities")
    # three degrees of longitude at 30.5 degrees north are 2.585 of latitude: one of latitude is 1000 / 2.585 high
    assert drawn == {
        "height": 388,
        "paths": {
            "330100": f"M0 387L{WIDTH // 3} 387L{WIDTH // 3} 0L0 0L0 387Z",
            "330200": f"M667 387L{WIDTH} 387L{WIDTH} 0L667 0L667 387Z",
        },
    }
    assert read_shapes(given(tmp_path, text)).paths("provinces") == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not json", "it is no JSON"),
        ("[" * 100_000, "it is no JSON"),
        ("[]", "it is no FeatureCollection"),
        ('{"type": "FeatureCollection", "features": {}}', "it is no FeatureCollection"),
        (collection(), "no feature has the code of a place of a map"),
        (collection((999999, "Polygon", HANGZHOU)), "no feature has the code of a place of a map"),
        (collection((330100, "Point", [120, 30])), r"feature 1 \(330100\): its geometry is neither a Polygon nor"),
        (collection((330100, "Polygon", [[[120, 30]]])), "a ring of it has fewer than four points"),
        (collection((330100, "Polygon", "far")), "its coordinates are not lists of lists of points"),
        (collection((330100, "Polygon", [[[13358338, 3503549]] * 4])), "is no longitude and latitude in degrees"),
        (collection((330100, "Polygon", [[[120, "30"]] * 4])), "is no longitude and latitude in degrees"),
        (collection((330100, "Polygon", [[[120, True]] * 4])), "is no longitude and latitude in degrees"),
        (collection((330100, "Polygon", HANGZHOU)).replace("119.0", "NaN"), "NaN is no number"),
    ],
)
def test_what_is_no_map_is_refused_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BuildStopped, match=said) as stopped:
        read_shapes(given(tmp_path, text))
    assert str(stopped.value).startswith("mine.geojson: ")
    assert "\n" not in str(stopped.value)
    assert stopped.value.exit_code == 2


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildStopped, match=r"none.geojson: it could not be read"):
        read_shapes(tmp_path / "none.geojson")
