"""The wheel holds all that the service needs: installed elsewhere, it serves a page and prints a document."""

import json
import os
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.documents.examples import a_letter

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow
PROGRAM = """
import json, sys
from pathlib import Path

import app
from app import create_app
from app.commands.house import open_house
from app.documents.making import make_pdf
from app.documents.renderer import Renderer
from config import from_environment

folder = Path(sys.argv[1])
settings = from_environment({"ESCP_DATA": str(folder / "data")})
open_house(settings).database.close()
client = create_app(settings).test_client()
page = client.get("/")
licences = client.get("/licences")
with Renderer() as renderer:
    pdf = make_pdf("letter", json.loads((folder / "letter.json").read_text()), renderer)
style = Path(app.__file__).parent / "static" / "vendor" / "ecl.css"
print(json.dumps({"at": app.__file__, "status": page.status_code, "page": page.text, "pdf": pdf[:5].decode(),
                  "style": style.is_file(), "licences": licences.text}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment of its own with the wheel in it; what the wheel depends on is borrowed from this one."""
    folder = tmp_path_factory.mktemp("elsewhere")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True)
    place = folder / "venv" / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
    (place / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder


def test_the_wheel_holds_what_is_built_and_no_tests(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    built = {
        p.relative_to(ROOT).as_posix()
        for f in ("vendor", "../fonts")
        for p in (ROOT / "app/static" / f).resolve().glob("*")
    }

    assert built <= set(names)
    assert {name.partition("/")[0] for name in names if ".dist-info" not in name} == {
        "app", "forms", "workflows", "templates", "migrations", "config.py",
    }  # fmt: skip


def test_the_wheel_carries_name_version_and_licence(wheel):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    with zipfile.ZipFile(wheel) as archive:
        info = f"escp_s3-{project['version']}.dist-info"
        metadata = archive.read(f"{info}/METADATA").decode()
        licence = archive.read(f"{info}/licenses/LICENSE").decode()

    assert f"Version: {project['version']}" in metadata
    assert "License-Expression: EUPL-1.2" in metadata
    assert licence.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")


def test_the_wheel_serves_a_page_and_prints_a_document_elsewhere(elsewhere):
    (elsewhere / "letter.json").write_text(json.dumps(a_letter()), encoding="utf-8")

    done = subprocess.run(
        [str(elsewhere / "venv" / "bin" / "python"), "-c", PROGRAM, str(elsewhere)],
        cwd=elsewhere,
        env={"PATH": os.environ["PATH"], "HOME": str(elsewhere)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert Path(said["at"]).is_relative_to(elsewhere)
    assert (said["status"], said["pdf"], said["style"]) == (200, "%PDF-", True)
    assert "ESCP-S3" in said["page"]
    assert "Licensed under the European Union Public Licence" in said["licences"]
