"""What pages load: cut from packages by one script, from our own host only, small, and licensed beside it."""

import gzip
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "app" / "static" / "vendor"
TEMPLATES = ROOT / "templates"
ECL_CLASS = re.compile(r"(?<![\w-])ecl-[\w-]+")

sys.path.insert(0, str(ROOT / "tools"))
import build_assets  # noqa: E402
import cut_css  # noqa: E402

built = pytest.mark.skipif(not build_assets.ECL_ARCHIVE.is_file(), reason="assets are not fetched: run ./escp once")


def packed(*names):
    return sum(len(gzip.compress((ROOT / "app" / "static" / name).read_bytes())) for name in names)


@built
def test_building_again_gives_the_same_bytes(tmp_path):
    build_assets.build(tmp_path / "vendor")

    fresh = {path.name: path.read_bytes() for path in (tmp_path / "vendor").iterdir()}
    assert fresh == {path.name: path.read_bytes() for path in VENDOR.iterdir()}


@built
def test_what_pages_load_stays_within_its_budget():
    assert packed("app.css", "vendor/ecl.css") <= 14_000
    assert packed("app.js", "vendor/htmx.min.js") <= 24_000
    assert (VENDOR / "inter-latin.woff2").stat().st_size <= 50_000


@built
def test_the_style_sheet_loads_only_our_own_fonts():
    addresses = re.findall(r"url\(([^)]*)\)", (VENDOR / "ecl.css").read_text("utf-8"))

    assert [re.sub(r"\?v=[0-9a-f]{12}", "", address) for address in addresses] == [
        f'"inter-{script}.woff2"' for script in build_assets.SCRIPTS_OF_INTER
    ]


@built
@pytest.mark.parametrize("name", ["ecl.css", "../app.css"])
def test_every_custom_property_in_use_is_defined(name):
    sheets = "".join((VENDOR / file).read_text("utf-8") for file in ("ecl.css", "../app.css"))
    defined = set(re.findall(r"(--[\w-]+)\s*:", sheets))
    bare = set(re.findall(r"var\(\s*(--[\w-]+)\s*\)", (VENDOR / name).read_text("utf-8")))
    # ECL sets these on elements that its own scripts make.
    assert bare - defined - {"--ecl-link-color-active", "--ecl-link-focus-shadow", "--ecl-focus-outline-color"} == set()


@built
def test_every_licence_stands_beside_what_it_covers():
    for name, words in {
        "ecl": "European Union Public Licence",
        "inter": "Open Font License",
        "source-serif-4": "Open Font License",
        "htmx": "BSD",
    }.items():
        assert words.lower() in (VENDOR / f"LICENSE-{name}.txt").read_text("utf-8").lower()


def test_classes_of_the_library_stand_only_in_components_and_layouts():
    pages = [
        path
        for path in TEMPLATES.rglob("*.html")
        if path.relative_to(TEMPLATES).parts[0] not in ("components", "layout")
    ]
    found = {(path.name, name) for path in pages for name in ECL_CLASS.findall(path.read_text("utf-8"))}

    assert found == set()


@built
def test_every_class_of_the_library_that_templates_name_has_a_rule():
    sheet = build_assets.from_preset("dist/styles/ecl-ec.css")
    known = set(ECL_CLASS.findall(sheet))
    complete = {name for name in build_assets.classes_in_templates() if not name.endswith("-")}

    assert complete - known == set()


def test_templates_hold_no_style_and_no_script_of_their_own():
    for path in TEMPLATES.rglob("*.html"):
        if path.relative_to(TEMPLATES).parts[0] in ("documents", "offline"):  # what leaves the site carries its own
            continue
        text = path.read_text("utf-8")
        assert not re.search(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=", text), path


def own_classes():
    sheet = re.sub(r"/\*.*?\*/", "", (ROOT / "app" / "static" / "app.css").read_text("utf-8"), flags=re.DOTALL)
    return set(re.findall(r"\.(-?[a-z_][\w-]*)(?=[^{}]*\{)", sheet))


def test_our_classes_begin_with_our_prefix():
    assert {name for name in own_classes() if not name.startswith(("escp-", "ecl-"))} == set()


def test_no_class_of_ours_is_styled_and_never_used():
    sources = [*TEMPLATES.rglob("*.html"), ROOT / "app" / "static" / "app.js"]
    text = "".join(path.read_text("utf-8") for path in sources)
    composed = (
        "escp-status--",
        "escp-width-",
        "escp-fill-",
        "escp-notice--",
        "escp-banner--",
        "escp-card--",
        "escp-row--",
    )
    composed += ("escp-saved--", "escp-verdict__item--", "escp-h")

    unused = {name for name in own_classes() if name not in text and not name.startswith(composed)}

    assert {name for name in unused if name.startswith("escp-")} == set()


def test_no_other_host_is_named_by_scripts_and_style():
    for name in ("app.js", "app.css"):
        assert "//" not in re.sub(r"http://www\.w3\.org/\S+", "", (ROOT / "app" / "static" / name).read_text("utf-8"))


def test_our_script_stays_short():
    assert (ROOT / "app" / "static" / "app.js").read_text("utf-8").count("\n") < 300


def test_the_cut_keeps_a_rule_only_when_all_its_classes_occur():
    css = ".a{color:red}.a .b{color:red}.a,.b{top:0}.a:not(.b){left:0}@media print{.b{top:1px}}"

    assert cut_css.cut(css, {"a"}, "") == ".a{color:red}\n.a{top:0}\n.a:not(.b){left:0}\n"


def test_the_cut_follows_custom_properties_and_drops_the_rest():
    css = ":root{--x:1;--y:var(--z);--z:2;--own:3}.a{top:var(--y)}"

    assert cut_css.cut(css, {"a"}, "b{left:var(--own)}") == ":root{--y:var(--z);--z:2;--own:3}\n.a{top:var(--y)}\n"


def test_the_cut_drops_fonts_and_whatever_loads_something():
    css = '@font-face{font-family:Inter;src:url(far)}.a{background:url("data:x");top:0}'

    assert cut_css.cut(css, {"a"}, "") == ".a{top:0}\n"


def test_a_preset_that_is_not_ours_is_refused(tmp_path, monkeypatch):
    archive = tmp_path / "ecl.tgz"
    archive.write_bytes(b"something else")
    monkeypatch.setattr(build_assets, "ECL_ARCHIVE", archive)

    with pytest.raises(SystemExit, match="SHA-512"):
        build_assets.check_preset()

    assert not archive.exists()


def test_the_front_door_is_plain_shell():
    assert (ROOT / "escp").read_text("utf-8").startswith("#!/bin/sh\n")
    subprocess.run(["sh", "-n", str(ROOT / "escp")], check=True)
