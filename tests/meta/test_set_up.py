"""Two first starts at once do not install over each other; what an ended one left stops nobody."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STEP = """#!/bin/sh
case "$*" in
    *build_assets*) echo begin >>"$LOG"; sleep 1; echo end >>"$LOG" ;;
    *app.cli*) echo served >>"$LOG" ;;
esac
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The front door in a folder of its own where one step of the set-up is still to do, and takes a second."""
    for name in ("escp", "requirements/run.txt", "package-lock.json", "tools/build_assets.py", "tools/build_fonts.py",
                 "tools/cut_css.py", "app/static/app.css"):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for folder in ("layout", "components"):
        shutil.copytree(ROOT / "templates" / folder, tmp_path / "templates" / folder)
    for folder in (".venv/bin", "app/static/vendor", "app/fonts", "node_modules"):
        (tmp_path / folder).mkdir(parents=True)
    python = tmp_path / ".venv" / "bin" / "python"
    python.write_text(STEP)
    python.chmod(0o755)
    _stamp(tmp_path, "run", "requirements/run.txt escp")
    _stamp(tmp_path, "assets", "package-lock.json tools/build_assets.py tools/build_fonts.py")
    return tmp_path


def _stamp(place: Path, name: str, files: str) -> None:
    digest = subprocess.check_output(["sh", "-c", f'{{ echo "{place}"; cat {files}; }} | cksum'], cwd=place)
    (place / ".venv" / f"escp-{name}").write_bytes(digest)


def _start(place: Path) -> subprocess.Popen[str]:
    environment = os.environ | {"LOG": str(place / "log")}
    return subprocess.Popen([place / "escp", "serve"], env=environment, stderr=subprocess.PIPE, text=True)


def _run(place: Path) -> int:
    start = _start(place)
    start.communicate(timeout=30)
    return start.returncode


def _log(place: Path) -> list[str]:
    return (place / "log").read_text().split() if (place / "log").exists() else []


def _ended() -> int:
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def test_of_starts_at_once_one_sets_up_and_all_go_on(place: Path) -> None:
    starts = [_start(place) for _start_ in range(3)]
    words = "".join(start.communicate(timeout=30)[1] for start in starts)

    assert [start.returncode for start in starts] == [0, 0, 0]
    assert _log(place) == ["begin", "end", "served", "served", "served"]
    assert "is setting up: waiting for it" in words
    assert not (place / ".setting-up").exists()


def test_what_an_ended_start_left_is_taken_over_by_one(place: Path) -> None:
    (place / ".setting-up").mkdir()
    (place / ".setting-up" / "process").write_text(f"{_ended()}\n")

    starts = [_start(place) for _start_ in range(3)]
    words = "".join(start.communicate(timeout=30)[1] for start in starts)

    assert _log(place) == ["begin", "end", "served", "served", "served"]
    assert words.count("ended while setting up") == 1
    assert not (place / ".setting-up").exists()


def test_a_start_that_is_stopped_leaves_no_lock(place: Path) -> None:
    start = _start(place)
    while "begin" not in _log(place):
        time.sleep(0.05)

    start.terminate()
    start.communicate(timeout=30)

    assert not (place / ".setting-up").exists()
    assert _run(place) == 0
    assert _log(place)[-1] == "served"


def test_what_is_set_up_needs_no_lock(place: Path) -> None:
    assert _run(place) == 0
    (place / ".setting-up").mkdir()

    assert _run(place) == 0
