"""A code of any vintage and level finds its shapes; what has none gets a box."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from ruamel.yaml import YAML

from app import maps
from app.maps import Mark

DATA = Path(maps.__file__).parent / "data"


@pytest.mark.parametrize(
    ("code", "shapes"),
    [
        ("ITC4", ("ITC4",)),
        ("ITC4C", ("ITC4",)),
        ("FR71", ("FRK2",)),
        ("LT00", ("LT01", "LT02")),
        ("BE2", ("BE21", "BE22", "BE23", "BE24", "BE25")),
        ("EE", ("EE00",)),
        ("GR30", ("EL30",)),
        ("NL35", ("NL31",)),
        ("UKD3", ("UKD3",)),
        ("FRY3", ("FRY3",)),
        ("UA", ()),
        ("XX99", ()),
        ("", ()),
    ],
)
def test_a_code_finds_its_shapes(code, shapes):
    assert maps.shapes_of(code) == shapes


def test_every_region_of_the_table_is_drawn_except_where_there_is_no_shape():
    regions = YAML(typ="safe").load((DATA / "regions.yaml").read_text(encoding="utf-8"))["regions"]

    missing = {row["code"] for row in regions if row["level"] == 2 and not maps.shapes_of(row["code"])}

    assert missing == set()


def test_the_overlay_colours_shapes_whole_boxes_and_boxes_of_their_own():
    laid = maps.overlay(
        [Mark("ITC4", "Lombardia", "3 partners", 5), Mark("FRY3", "Guyane"), Mark("UA", "Ukraine", "1 partner", 1)]
    )

    assert [(shape.title, shape.colour) for shape in laid.shapes] == [("Lombardia: 3 partners", maps.STEPS[4])]
    assert [(box.title, box.code) for box in laid.boxes] == [("Guyane", "FRY3"), ("Ukraine: 1 partner", "UA")]
    known = maps.drawing()["boxes"].values()
    assert laid.boxes[1].y > max(box[1] for box in known)


def test_two_regions_without_shapes_do_not_share_a_box():
    laid = maps.overlay([Mark("UA", "Ukraine"), Mark("MD", "Moldova"), Mark("AM", "Armenia")])

    assert len({(box.x, box.y) for box in laid.boxes}) == 3


@pytest.mark.parametrize("codes", [[], ["ITC4"], ["TR51", "UA", "ES70"], ["<&>"]])
def test_the_small_map_is_well_formed(codes):
    root = ET.fromstring(maps.small_map(codes))  # noqa: S314 - it is our own

    assert root.tag.endswith("svg")


def test_the_small_map_shows_far_countries_only_when_they_are_lit():
    assert len(maps.small_map(["ITC4"])) < len(maps.small_map(["ITC4", "TR51"]))


def test_the_base_map_is_small_and_credited():
    base = (DATA.parent / "static" / "map-base.svg").read_text(encoding="utf-8")

    assert maps.CREDIT in base
    assert json.loads((DATA / "map.json").read_text(encoding="utf-8"))["credit"] == maps.CREDIT
    assert "style=" not in base
