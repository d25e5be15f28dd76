"""Makes the fonts of the printed documents from the packages in node_modules.

One package cuts each face into files by script; a document needs a face whole, or a name in Greek beside one in
Bulgarian falls apart. The merged faces carry names of their own: a changed copy may not bear a reserved font name.
The same packages give the same bytes.
"""

import argparse
import logging
import os
import shutil
import sys
import tempfile
import warnings
from pathlib import Path

from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ("latin", "latin-ext", "greek", "greek-ext", "cyrillic", "cyrillic-ext")
SERIF = "@fontsource/source-serif-4"


def _by_script(weight: str, style: str) -> tuple[str, ...]:
    return tuple(f"{SERIF}/files/source-serif-4-{script}-{weight}-{style}.woff" for script in SCRIPTS)


# The file's name, the family inside, weight and style, and the pieces it is made of: Inter comes whole.
FACES = (
    ("sans-400", "ESCP Sans", "400", "normal", ("inter-ui/web/Inter-Regular.woff2",)),
    ("sans-600", "ESCP Sans", "600", "normal", ("inter-ui/web/Inter-SemiBold.woff2",)),
    ("serif-400", "ESCP Serif", "400", "normal", _by_script("400", "normal")),
    ("serif-400-italic", "ESCP Serif", "400", "italic", _by_script("400", "italic")),
    ("serif-600", "ESCP Serif", "600", "normal", _by_script("600", "normal")),
)
LICENCES = {"LICENSE-inter.txt": "inter-ui/LICENSE.txt", "LICENSE-source-serif-4.txt": f"{SERIF}/LICENSE"}
# A fixed moment in the fonts' own "modified" field: else each build would differ. 2024-01-01 in UTC.
BUILT_AT = "1704067200"
# Signs people type that the packages lack, and the sign that stands in for them.
STAND_INS = {0x2010: 0x2D, 0x2011: 0x2D, 0x202F: 0x20, 0x2009: 0x20, 0x2714: 0x2713, 0x2610: 0x25A1}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--modules", type=Path, default=ROOT / "node_modules")
    parser.add_argument("--out", type=Path, default=ROOT / "app" / "fonts")
    given = parser.parse_args()
    os.environ["SOURCE_DATE_EPOCH"] = BUILT_AT
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    given.out.mkdir(parents=True, exist_ok=True)
    for file_name, family, weight, style, names in FACES:
        face = _merged(_pieces(given.modules, names))
        _stand_in(face)
        _rename(face, family, weight, style)
        _save(face, given.out / f"{file_name}.ttf")
    for target, source in LICENCES.items():
        shutil.copyfile(given.modules / source, given.out / target)


def _pieces(modules: Path, names: tuple[str, ...]) -> list[Path]:
    """Give the files there are: not every script exists in every family."""
    found = [modules / name for name in names if (modules / name).is_file()]
    if not found:
        sys.exit(f"{modules / names[0]} is missing: run npm ci first")
    return found


def _merged(pieces: list[Path]) -> TTFont:
    """One face of all scripts. Each code point is taken from the first piece that has it."""
    seen: set[int] = set()
    with tempfile.TemporaryDirectory() as folder:
        cut: list[str] = []
        for piece in pieces:
            font = TTFont(piece)
            wanted = set(font.getBestCmap()) - seen
            if not wanted:
                continue
            seen |= wanted
            target = Path(folder) / f"{piece.stem}.ttf"
            _cut(font, wanted).save(target)
            cut.append(str(target))
        return Merger().merge(cut)


def _cut(font: TTFont, code_points: set[int]) -> TTFont:
    options = subset.Options()
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "lnum", "tnum", "pnum", "liga"]
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.hinting = False
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=code_points)
    cutter.subset(font)
    font.flavor = None
    return font


def _stand_in(face: TTFont) -> None:
    for table in face["cmap"].tables:
        for missing, present in STAND_INS.items():
            if missing not in table.cmap and present in table.cmap:
                table.cmap[missing] = table.cmap[present]


def _rename(face: TTFont, family: str, weight: str, style: str) -> None:
    bold = weight == "600"
    words = [word for word, wanted in (("Bold", bold), ("Italic", style == "italic")) if wanted]
    sub_family = " ".join(words) or "Regular"
    post_script = f"{family.replace(' ', '')}-{sub_family.replace(' ', '')}"
    names = face["name"]
    names.names = [record for record in names.names if record.nameID in (0, 13, 14)]
    texts = {
        1: family,
        2: sub_family,
        3: f"1;{post_script}",
        4: f"{family} {sub_family}",
        5: "Version 1",
        6: post_script,
    }
    for name_id, text in texts.items():
        names.setName(text, name_id, 3, 1, 0x409)
    face["OS/2"].usWeightClass = 700 if bold else 400
    selection = (0x20 if bold else 0) | (0x01 if style == "italic" else 0)
    face["OS/2"].fsSelection = selection or 0x40
    face["head"].macStyle = (1 if bold else 0) | (2 if style == "italic" else 0)


def _save(face: TTFont, target: Path) -> None:
    face.recalcTimestamp = False
    face["head"].created = face["head"].modified = int(BUILT_AT) + 2082844800
    partial = target.with_suffix(".part")
    face.save(partial)
    partial.replace(target)


if __name__ == "__main__":
    main()
