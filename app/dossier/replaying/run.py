"""Reads a dossier, works everything out again and says PASS, or the first difference and where it is."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from .advances import check_advances
from .chain import check_chains, check_commitments, check_content, check_draw
from .ranking import check_ranking
from .reading import DIGESTS, MANIFEST, DifferenceError, Dossier, check_files, read, read_tables
from .refusals import check_refusals
from .reviews import check_reviews
from .rules import check_eligibility

STEPS: list[Callable[[Dossier], str]] = [
    check_commitments,
    check_chains,
    check_content,
    check_eligibility,
    check_draw,
    check_ranking,
    check_refusals,
    check_reviews,
    check_advances,
]
USE = "python3 -I replay.py [FOLDER | DOSSIER.zip] [--digest DIGEST]"


def main(arguments: list[str], home: Path) -> int:
    """Replay the folder of the script or what is given; 0: all holds, 1: something differs, 2: not understood."""
    given, digest = list(arguments), ""
    if "--digest" in given and given[-1] != "--digest":
        digest = given.pop(given.index("--digest") + 1)
        given.remove("--digest")
    place = Path(given[0]) if given else home
    if len(given) > 1 or not place.exists():
        sys.stdout.write(f"{USE}\n")
        return 2
    try:
        for line in replayed(place, digest):
            sys.stdout.write(f"{line}\n")
    except DifferenceError as difference:
        sys.stdout.write(f"DIFFERS\n  where: {difference.place}\n  what:  {difference.what}\n")
        return 1
    sys.stdout.write("PASS\n")
    return 0


def replayed(place: Path, digest: str = "") -> list[str]:
    """Say what was worked out again. DifferenceError at the first thing that is not what was recorded."""
    dossier = read(place)
    found = check_files(dossier)
    if digest and digest != found:
        raise DifferenceError(MANIFEST, f"its digest is {found}, and not {digest}: this is another dossier")
    try:
        read_tables(dossier)
        told = [step(dossier) for step in STEPS]
    except (KeyError, ValueError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise DifferenceError("data", f"is not written as a dossier: {type(error).__name__} {error}") from error
    level, files = dossier.manifest["level"], len(dossier.files)
    return [
        f"{dossier.manifest['subject']['name']}: level {level}, {files} files as the manifest and {DIGESTS} list them",
        *told,
        f"digest of the manifest: {found}",
        f"root of the tables:     {dossier.manifest['root']}",
    ]
