"""The lock files pin what pyproject.toml and package.json ask for, with digests, naming no host."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
RUNNING = PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["postgres"]
TESTING = RUNNING + PROJECT["dependency-groups"]["test"]
PIN = re.compile(r"^([\w.-]+)==([^ ;\\]+)", re.MULTILINE)


def pins(name):
    return {canonicalize_name(package): version for package, version in PIN.findall(locked(name))}


def locked(name):
    return (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")


@pytest.mark.parametrize(("name", "asked"), [("run", RUNNING), ("test", TESTING)])
def test_every_requirement_is_pinned_within_its_bounds(name, asked):
    pinned = pins(name)

    for line in asked:
        wanted = Requirement(line)
        assert wanted.specifier.contains(pinned[canonicalize_name(wanted.name)], prereleases=True), line


def test_tests_run_on_the_very_versions_that_are_run():
    tested = pins("test")

    assert {package: tested.get(package) for package in pins("run")} == pins("run")


@pytest.mark.parametrize("name", ["run", "test", "node"])
def test_every_pin_has_digests_and_no_line_names_a_place(name):
    text = locked(name)
    blocks = re.split(r"\n(?=\w)", text.strip())

    assert all("--hash=sha256:" in block for block in blocks)
    assert not re.search(r"://|--index-url|--find-links|--extra-index-url|file:", text)


def test_front_end_packages_are_pinned_exactly_and_locked_with_digests():
    asked = json.loads((ROOT / "package.json").read_text("utf-8"))
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]

    for name, version in (asked["dependencies"] | asked["devDependencies"]).items():
        assert lock[f"node_modules/{name}"]["version"] == version
    assert all("integrity" in entry and "resolved" not in entry for path, entry in lock.items() if path)
