"""The real call with the real partnerships: who is labelled, who is refused and why, and that certificates verify."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.callfile import emit_call, read_call
from app.cli import escp
from app.data_files import shipped

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
