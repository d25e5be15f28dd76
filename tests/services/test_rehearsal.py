"""The real call with the real partnerships: who is labelled, who is refused and why, and that certificates verify."""

from __future__ import annotations

import ast
import io
import json
import random
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from app.act import Act
from app.callfile import emit_call, read_call
from app.chance import Secret
from app.cli import escp
from app.commands.house import open_house
from app.data_files import shipped
from app.dossier.replaying.reading import DifferenceError, Dossier, check_files, read_tables
from app.dossier.replaying.reviews import check_reviews
from app.dossier.replaying.run import replayed
from app.dossier.writing import write
from app.models import Application, Assessment, Call, Level, Person
from app.services.dossiers.dossier import new_dossier
from config import rehearsal_settings
from tests.support.reviewed import After

DATA = Path(__file__).resolve().parents[2] / "app" / "data"
REAL = DATA / "calls" / "cos-clustpartns-2017-3-02.yaml"


@dataclass(frozen=True)
class Rehearsed:
    out: Path
    report: dict[str, Any]

    def run(self, *arguments: str) -> Result:
        """Run a command on the rehearsal's own database, as somebody at a shell would."""
        return CliRunner().invoke(escp, arguments, env={"ESCP_DATA": str(self.out / "data")})


def _rehearse(call: Path, organisations: Path, out: Path, seed: int = 1) -> Rehearsed:
    arguments = ["rehearse", str(call), "--organisations", str(organisations), "--out", str(out), "--seed", str(seed)]
    result = CliRunner().invoke(escp, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return Rehearsed(out, json.loads((out / "report.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsed]:
    return _rehearse(REAL, DATA / "partnerships.yaml", tmp_path_factory.mktemp("rehearsal") / "out")


def test_the_real_partnerships_that_satisfy_the_rules_are_labelled(real: Rehearsed) -> None:
    assert [label["acronym"] for label in real.report["labels"]] == [
        "DIGICLUSTERS",
        "EACN",
        "EACP-EUROSME",
        "S3martMed",
        "TEX4IM",
    ]


def test_a_partnership_that_does_not_is_refused_with_the_rules_named(real: Rehearsed) -> None:
    rules = {(entry["acronym"], entry["rule"].removeprefix("rule-")) for entry in real.report["refused"]}

    assert rules == {
        ("CONNSENSYS", "min_partners"),
        ("CONNSENSYS", "min_countries"),
        ("CONNSENSYS", "less_developed_or_transition"),
    }


def test_what_cannot_be_told_is_settled_by_the_manager_with_a_reason(real: Rehearsed) -> None:
    assert real.report["transitions"]["check"]["override"] == 2


def test_every_certificate_verifies_and_none_with_one_byte_changed(real: Rehearsed, tmp_path: Path) -> None:
    for label in real.report["labels"]:
        certificate = real.out / "documents" / label["certificate"]
        changed = tmp_path / certificate.name
        data = bytearray(certificate.read_bytes())
        data[len(data) // 2] ^= 1
        changed.write_bytes(data)

        issued, altered = real.run("verify", str(certificate)), real.run("verify", str(changed))

        assert (issued.exit_code, issued.output) == (0, f"{label['number']} · {label['acronym']} · valid\n")
        assert altered.exit_code == 1
        assert altered.output.startswith(("altered", "not issued by us"))


def test_the_doctor_finds_nothing(real: Rehearsed) -> None:
    found = real.run("doctor")

    assert (found.exit_code, found.output) == (0, "everything holds\n")


def test_the_doctor_names_what_was_tampered_with(real: Rehearsed) -> None:
    files = sorted(path for path in (real.out / "data" / "files").rglob("*") if path.is_file())
    kept = files[0].read_bytes()
    files[0].write_bytes(kept + b"x")

    found = real.run("doctor", "--json")

    files[0].write_bytes(kept)
    assert found.exit_code == 1
    assert {entry["statement"] for entry in json.loads(found.output)} == {"rows have their files"}


def test_every_document_says_that_nothing_of_it_is_real(real: Rehearsed) -> None:
    assert real.report["mails"] > 0
    mails = list((real.out / "data" / "mail").glob("*.eml"))
    assert len(mails) == real.report["mails"]
    assert all(b"[practice]" in path.read_bytes() for path in mails)


def test_it_never_touches_a_folder_that_holds_data(real: Rehearsed) -> None:
    arguments = ["rehearse", str(REAL), "--organisations", str(DATA / "partnerships.yaml"), "--out", str(real.out)]

    again = CliRunner().invoke(escp, arguments)

    assert again.exit_code == 1
    assert "is not empty" in again.output


def test_the_same_seed_gives_the_same_result(tmp_path: Path) -> None:
    call, organisations = _small(tmp_path)

    one, two = (_rehearse(call, organisations, tmp_path / name, seed=5) for name in ("one", "two"))

    assert {k: v for k, v in one.report.items() if k != "seconds"} == {
        k: v for k, v in two.report.items() if k != "seconds"
    }
    papers = [{p.name: p.read_bytes() for p in (r.out / "documents").iterdir()} for r in (one, two)]
    assert papers[0] == papers[1]
    assert len(papers[0]) > 3


def _small(folder: Path) -> tuple[Path, Path]:
    """Cut the real call down to its questions, and take one partnership: the same road, sooner."""
    definition, _ = read_call(REAL.read_bytes())
    assert definition is not None
    call, organisations = folder / "call.yaml", folder / "partnerships.yaml"
    call.write_bytes(emit_call(replace(definition, documents=())))
    text = shipped("partnerships.yaml").decode()
    start, end = text.index("  - acronym: S3martMed"), text.index("  - acronym: EACN")
    organisations.write_text(f"schema_version: 1\npartnerships:\n{text[start:end]}", encoding="utf-8")
    return call, organisations


def _replay(path: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script as it came, with an interpreter that knows nothing of the project, in a folder without it."""
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    command = [sys.executable, "-I", "-S", str(folder / "replay.py"), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_rehearsal_replays_without_the_project(real: Rehearsed, tmp_path: Path) -> None:
    found = _replay(real.out / "dossier.zip", tmp_path / "one")
    digest = next(line.split()[-1] for line in found.stdout.splitlines() if line.startswith("digest"))
    zipped = _replay(real.out / "dossier.zip", tmp_path / "two", str(real.out / "dossier.zip"), "--digest", digest)
    other = _replay(real.out / "dossier.zip", tmp_path / "three", "--digest", "0" * 64)

    assert (found.returncode, found.stdout.splitlines()[-1]) == (0, "PASS"), found.stdout + found.stderr
    assert "5 totals, ranks and outcomes worked out again" in found.stdout
    assert "rules of eligibility answered again\n" in found.stdout
    assert zipped.stdout.endswith("PASS\n")
    assert (other.returncode, "another dossier" in other.stdout) == (1, True)


def test_the_script_asks_for_no_python_later_than_3_9(real: Rehearsed) -> None:
    with zipfile.ZipFile(real.out / "dossier.zip") as archive:
        scripts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".py")}
    imported = set()
    for name, text in scripts.items():
        tree = ast.parse(text, name, feature_version=(3, 9))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                imported.add((node.module or "").partition(".")[0])

    assert imported <= sys.stdlib_module_names
    assert "replay.py" in scripts


def test_each_level_commits_to_the_same_tables_and_keeps_back_what_it_must(real: Rehearsed, tmp_path: Path) -> None:
    house = open_house(rehearsal_settings((real.out / "data").resolve()), durable=False)
    told: dict[str, str] = {}
    with house.database.writing() as session:
        act = Act(session, house.now(), Secret(), "test")
        application = session.scalars(select(Application).where(Application.state == "awarded")).first()
        assert application is not None
        others = [one.acronym for one in session.scalars(select(Application)) if one.id != application.id]
        persons = session.scalars(select(Person)).all()
        experts = session.scalars(select(Person).join(Assessment, Assessment.person_id == Person.id).distinct()).all()
        mine = [one for one in experts if any(a.person_id == one.id for a in session.scalars(
            select(Assessment).where(Assessment.application_id == application.id)))]  # fmt: skip
        roots = set()
        for dossier in [new_dossier(act, application, level) for level in Level]:
            written = write(session, dossier, house.store)
            path = tmp_path / f"{dossier.kind}.zip"
            path.write_bytes(written.data)
            roots.add(written.root)
            assert replayed(path, written.manifest_sha256)
            assert write(session, dossier, house.store).data == written.data
            with zipfile.ZipFile(path) as archive:
                names = [name for name in archive.namelist() if name.startswith(("data/", "index"))]
                names = [name for name in names if not name.startswith("data/call")]  # public: it cites old results
                told[dossier.kind] = "".join(archive.read(name).decode() for name in names)
        narrow = told["applicant"] + told["request"]

        assert len(roots) == 1
        assert len(mine) == 3
        assert all(one.name in told["full"] and one.name in told["auditor"] for one in mine)
        assert not [one.name for one in experts if one.id in narrow or one.name in narrow]
        assert not [acronym for acronym in others if acronym in narrow]
        assert not [one.email for one in persons if one.email in told["auditor"] + told["request"]]
        assert application.acronym in told["applicant"]
        assert '"canonical"' in told["applicant"]
        assert '"canonical"' not in told["request"]  # the acronym of a label stands in the public register


def test_a_file_taken_away_or_added_is_found(real: Rehearsed, tmp_path: Path) -> None:
    with zipfile.ZipFile(real.out / "dossier.zip") as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    path = tmp_path / "changed.zip"
    for changed, place in (
        ({k: v for k, v in files.items() if k != "data/score.json"}, "data/score.json"),
        (files | {"data/more.json": b"[]"}, "data/more.json"),
    ):
        _pack(path, changed)
        with pytest.raises(DifferenceError) as found:
            replayed(path)
        assert found.value.place == place


def _pack(path: Path, files: dict[str, bytes]) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), files[name])
    path.write_bytes(buffer.getvalue())


@pytest.fixture(scope="module")
def dossiers(real: Rehearsed, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The rehearsal with two reviews after it, at the levels that tell its ranking; the rehearsal itself stays as it is."""
    folder = tmp_path_factory.mktemp("reviewed")
    shutil.copytree(real.out / "data", folder / "data")
    house = open_house(rehearsal_settings((folder / "data").resolve()), durable=False)
    after = After(house, folder)
    after.review("TEX4IM", C1="30", C2="30", C3="29.5", C4="10")
    after.review("EACN", C1="3")
    written = {}
    with after.world.act() as act:
        call = act.session.get_one(Call, after.call_id)
        for level in (Level.FULL, Level.AUDITOR):
            written[level.value] = write(act.session, new_dossier(act, call, level), house.store).data
        act.session.rollback()
    house.database.close()
    return written


@pytest.fixture
def unpacked(dossiers: dict[str, bytes]) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(dossiers["full"])) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_rankings_of_reviews_are_worked_out_again(dossiers: dict[str, bytes], tmp_path: Path) -> None:
    for level, data in dossiers.items():
        path = tmp_path / f"{level}.zip"
        path.write_bytes(data)
        assert "2 rankings of reviews worked out again" in replayed(path)


def _opened(files: dict[str, bytes]) -> Dossier:
    dossier = Dossier(dict(files))
    check_files(dossier)
    read_tables(dossier)
    return dossier


def test_what_a_review_says_and_does_not_follow_is_named(unpacked: dict[str, bytes]) -> None:
    """As if the dossier were written anew with it: here no digest of a file tells."""
    table = _opened(unpacked)
    assert check_reviews(table) == "2 rankings of reviews worked out again"
    for name, place, change in (
        ("review", 0, {"outcome": "hold_in_reserve"}),
        ("review", 0, {"base_sha256": "0" * 64}),
        ("review", 1, {"ranking_sha256": "0" * 64}),
        ("review_mark", 0, {"points": "1"}),
        ("event", None, {"to_state": "reserve"}),
    ):
        dossier = _opened(unpacked)
        rows = dossier.rows(name)
        released = [e["id"] for e in rows if name == "event" and (e["noun"], e["name"]) == ("review", "release")]
        told = [e for e in rows if name == "event" and e["cause_id"] in released and e["noun"] == "application"]
        (told[0] if place is None else rows[place]).update(change)
        with pytest.raises(DifferenceError) as found:
            check_reviews(dossier)
        assert found.value.place.startswith(("data/review", "data/event")), change


def test_a_character_changed_at_any_of_hundreds_of_places_is_named_at_its_place(unpacked: dict[str, bytes]) -> None:
    chance, tried, kinds = random.Random(12), 0, set()
    for name in sorted(unpacked):
        for _ in range(4 if len(unpacked[name]) > 4 else 0):
            data = bytearray(unpacked[name])
            place = chance.randrange(len(data))
            if data[place] == 10 or (changed := data[place] ^ (1 << chance.randrange(3))) == 10:
                continue
            data[place] = changed
            with pytest.raises(DifferenceError) as found:
                check_files(Dossier(unpacked | {name: bytes(data)}))
            assert found.value.place.startswith(name), (name, place)
            if name.endswith((".json", ".html", ".py", ".txt")):
                line = len(unpacked[name][: place + 1].splitlines())
                assert found.value.place == f"{name}, line {line}"
            elif not name.startswith("manifest"):
                assert found.value.place == f"{name}, block of 4096 bytes {place // 4096 + 1}"
            tried += 1
            kinds.add(name.rpartition(".")[2])
    assert tried >= 200
    assert kinds >= {"json", "py", "html", "pdf", "sha256"}
