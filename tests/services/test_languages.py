"""Whoever chose a language gets mails in it, whole; without a catalogue beside English nobody is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app import languages
from app.mailing.text import TEMPLATES, environment, write
from app.models import Person
from config import rehearsal_settings
from tests.support import pseudo
from tests.support.web import serving
from tests.support.world import World

MAILS = sorted(path.stem for path in TEMPLATES.glob("*.txt") if not path.stem.startswith("_"))
LEVERS = (True, False)
MOMENT = datetime(2026, 12, 10, 16, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pseudo.make(tmp_path_factory.mktemp("translations"))


class Datum:
    """Whatever a mail asks of the thing it speaks of: a moment where the name says so, else a figure."""

    def __init__(self, there: bool) -> None:
        self.there = there

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in ("answer_by", "due_at"):  # those a mail may go without
            return MOMENT if self.there else None
        if name == "new":  # a count
            return 2
        if name in ("at", "since") or name.endswith(("_at", "_by", "until")):
            return MOMENT
        return Datum(self.there)

    def __getitem__(self, _key: object) -> Datum:
        return self

    def __call__(self, *_given: object) -> Datum:
        return self

    def __iter__(self) -> Iterator[tuple[Datum, Datum]]:
        yield self, self

    def __len__(self) -> int:
        return 1

    def __bool__(self) -> bool:
        return self.there

    def __str__(self) -> str:
        return "1" if self.there else ""


NAMES = ("thing", "event", "reason", "application", "addressee", "site", "args", "link", "application_name",
         "expression_name", "partner", "other", "sign_in", "saved", "found", "stop")  # fmt: skip


@pytest.mark.parametrize("there", LEVERS)
@pytest.mark.parametrize("name", MAILS)
def test_no_sentence_of_a_mail_stays_untranslated(folder: Path, name: str, there: bool) -> None:
    context = {key: Datum(there) for key in NAMES} | {"call": Datum(there=True)}
    if name in ("withdrawn", "received") or name.startswith("partner_"):
        context |= {"event": Datum(there=True), "application": Datum(there=True)}
    if name == "deadline_moved":
        context["thing"] = Datum(there=True)

    if name == "mentioned":
        context["comments"] = [(Datum(there=True), Datum(there=True))] * (2 if there else 1)

    text = environment(pseudo.LANGUAGE, folder).get_template(f"{name}.txt").render(context)

    addresses = [word for word in text.split() if "/" in word]
    for address in addresses:
        text = text.replace(address, "")
    assert "⟦" in text.strip().partition("\n")[0]
    assert pseudo.untranslated(text) == []


def test_a_mail_is_written_in_its_addressees_language(world: World, folder: Path) -> None:
    settings = replace(rehearsal_settings(world.folder), translations=folder)
    call, ana = world.call(), world.person("Ana")
    args = {
        "template": "deadline_moved",
        "noun": "call",
        "thing": call.id,
        "person": ana.id,
        "address": "ana@org.example",
    }
    with world.act() as act:
        act.session.get_one(Person, ana.id).language = pseudo.LANGUAGE
    with world.look() as act:
        letter = write(act.session, settings, args)
        english = write(act.session, rehearsal_settings(world.folder), args)

    assert letter.subject.startswith("⟦[practice] ⟦")
    assert "8 Μαρτίου 2018" in letter.subject
    assert "8 March 2018" in english.subject
    assert letter.body.startswith("⟦This is a practice mail")


def test_a_language_exists_with_its_compiled_catalogue(tmp_path: Path, folder: Path) -> None:
    assert languages.available(tmp_path) == ("en",)
    assert languages.available(folder) == ("en", "el")
    assert languages.own_name("el") == "Ελληνικά"
    assert languages.one_of("fr", folder) == "en"


def test_a_language_is_chosen_among_those_there_are(world: World, folder: Path) -> None:
    ana = world.person("Ana")
    with serving(world) as alone:
        assert 'name="language"' not in alone.client_of(ana).get("/me", follow_redirects=True).text
    with serving(world, translations=folder) as web:
        browser = web.client_of(ana)
        page = browser.get("/me", follow_redirects=True).text
        assert "Ελληνικά" in page
        assert '<html lang="en"' in page

        browser.post(f"/people/{ana.id}/settings", {"name": "Ana", "language": "el"})

        page = browser.get("/me", follow_redirects=True).text
        assert '<html lang="el"' in page
        assert "⟦Your account⟧" in page


def test_visitors_read_in_the_language_their_browser_prefers(world: World, folder: Path) -> None:
    with serving(world, translations=folder) as web:
        visitor = web.visitor()

        assert "⟦" in visitor.get("/", headers={"Accept-Language": "el, en;q=0.5"}).text
        assert "⟦" not in visitor.get("/", headers={"Accept-Language": "fr"}).text
