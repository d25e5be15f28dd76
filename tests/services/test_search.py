"""The search: folding, filters and counts against a plain recount, who sees what, exposure, saved searches."""

from __future__ import annotations

import random
from typing import Any

import pytest
from sqlalchemy import select

from app.models import Exposure, Job, Organisation, SavedSearch, SearchEntry, Showing
from app.search_tick import search_tick
from app.services.organisations.organisation import rename, save_profile
from app.services.searching import search_export
from app.services.searching.exposure import add_up, exposure_report
from app.services.searching.saved_search import save_search
from app.services.searching.search import Chosen, search
from app.services.searching.search_index import catch_up, make_again
from app.services.searching.search_words import asked_words, words_of
from app.services.transitions import perform
from app.ticking import tick
from tests.support.many import many, store
from tests.support.world import World
from workflows.profile import State
from workflows.relations import Relation as R
from workflows.search_order import Seeker

COLUMNS = {
    "themes": lambda row: row["themes"], "technologies": lambda row: row["technologies"],
    "kinds": lambda row: row["kinds"], "countries": lambda row: [row["country"]],
    "regions": lambda row: [row["region"]], "offers": lambda row: {f["kind"] for f in row["facilities"]},
    "positions": lambda row: row["chain_positions"], "contact": lambda row: ["open"] * row["open_to_contact"],
}  # fmt: skip


def found(world: World, **chosen: Any) -> list[str]:
    with world.look() as act:
        return [hit.thing.name for hit in search(act, Chosen(**chosen), Seeker()).hits]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Ελληνικό Cluster Υλικών", "ελληνικο υλικων"),
        ("Ελληνικό Cluster Υλικών", "ΥΛΙΚΏΝ"),
        ("Ελληνικό Cluster Υλικών", "ylikon"),
        ("Клъстер Мехатроника и материали", "МЕХАТРОНИКА"),
        ("Клъстер Мехатроника и материали", "mehatronika"),
        ("Клъстер за Йодни Ёлки", "иодни елки"),
        ("Łódzki Klaster Odzieżowy", "lodzki odziez"),
        ("Sønderjysk Lysklynge", "sonderjysk"),
        ("Žďárský klastr", "zdarsky KLASTR"),
        ("Straßen und Brücken", "strassen brucken"),
        ("ÉVORA Têxtil", "evora texti"),
    ],
)
def test_accents_case_and_script_do_not_matter(world: World, name: str, typed: str) -> None:
    world.organisation(name, world.person())
    world.organisation("Other", world.person())
    _index(world)

    assert found(world, words=typed) == [name]


def test_signs_alone_find_nothing_and_signs_between_words_do_no_harm(world: World) -> None:
    world.organisation("Smart Textiles", world.person())
    _index(world)

    assert found(world, words="\"'*:&|!()-") == []
    assert found(world, words='"smart" (text*') == ["Smart Textiles"]
    assert found(world, words="smart-textiles' & :*") == ["Smart Textiles"]


def test_words_are_folded_once_and_the_same_for_texts_and_questions() -> None:
    assert words_of("Ψηφιακός") == ["ψηφιακοσ", "psifiakos"]
    assert asked_words("ΨΗΦΙΑΚΌΣ, ψηφιακός!") == ["ψηφιακοσ"]


def _index(world: World) -> None:
    with world.act() as act:
        catch_up(act.session)


@pytest.fixture
def crowd(world: World) -> list[dict[str, Any]]:
    rows = list(many(300, world.now, seed=7))
    store(world.database, rows)
    return [row for row in rows if row["state"] is State.PUBLISHED]


def _fits(row: dict[str, Any], codes: dict[str, frozenset[str]], but: str = "") -> bool:
    return all(not wanted.isdisjoint(COLUMNS[group](row)) for group, wanted in codes.items() if group != but)


def test_lists_and_counts_agree_with_a_plain_recount(world: World, crowd: list[dict[str, Any]]) -> None:
    draw = random.Random(3)
    for _ in range(25):
        groups = draw.sample(sorted(COLUMNS), draw.randrange(0, 6))
        codes = {
            group: frozenset(draw.sample(sorted({c for row in crowd for c in COLUMNS[group](row)}), 1 + draw.randrange(2)))
            if group != "contact" else frozenset({"open"})
            for group in groups
        }  # fmt: skip
        wanted = {row["id"] for row in crowd if _fits(row, codes)}
        with world.look() as act:
            result = search(act, Chosen(codes=codes), Seeker(), page=None)

        assert {hit.thing.id for hit in result.hits} == wanted
        assert result.total == len(wanted)
        for group, values in COLUMNS.items():
            others = [row for row in crowd if _fits(row, codes, but=group)]
            recount = {code: sum(code in values(row) for row in others) for code in result.counts[group]}
            assert dict(result.counts[group]) == recount
            assert sum(result.counts[group].values()) == sum(len(set(values(row))) for row in others)


def test_words_find_what_a_plain_look_finds(world: World, crowd: list[dict[str, Any]]) -> None:
    for typed in ("composite", "photonics laser", "lodz", "materials 1", "mechatronic"):
        with world.look() as act:
            result = search(act, Chosen(words=typed), Seeker(), page=None)
            entries = {e.thing_id: e.name_words for e in act.session.scalars(select(SearchEntry))}
        texts = {row["id"]: words_of(entries[row["id"]], row["summary"], row["offers"], row["seeks"]) for row in crowd}
        plain = {
            one for one, words in texts.items()
            if all(any(word.startswith(asked) for word in words) for asked in asked_words(typed))
        }  # fmt: skip

        assert plain <= {hit.thing.id for hit in result.hits}


def test_pages_hold_everything_once_in_every_order(world: World, crowd: list[dict[str, Any]]) -> None:
    for sort in ("best", "name", "newest"):
        seen: list[str] = []
        with world.look() as act:
            pages = search(act, Chosen(sort=sort), Seeker()).pages
            for page in range(1, pages + 1):
                seen += [hit.thing.id for hit in search(act, Chosen(sort=sort), Seeker(), page).hits]

        assert sorted(seen) == sorted(row["id"] for row in crowd)


def test_a_profile_that_is_not_published_is_found_by_nobody(world: World) -> None:
    ana = world.person()
    world.organisation("Hidden Cluster", ana, published=False)
    _index(world)

    for person in (None, ana):
        with world.look(person) as act:
            assert search(act, Chosen(words="hidden"), Seeker()).total == 0


def test_what_is_saved_and_renamed_is_found_at_once(world: World) -> None:
    ana = world.person()
    cluster = world.organisation("Old Name", ana)
    with world.act(ana) as act:
        there = act.session.get_one(Organisation, cluster.id)
        facility = {"kind": "test_bed", "text": "Wind tunnel", "conditions": "free for a day"}
        save_profile(act, there, {"facilities": [facility]}, relation=R.ORGANISATION_ADMINISTRATOR)
        rename(act, there, name="Neuer Name", name_en="New", from_on=None, relation=R.ORGANISATION_ADMINISTRATOR)

    assert found(world, words="tunnel") == ["Neuer Name"]
    assert found(world, codes={"offers": frozenset({"test_bed"})}) == ["Neuer Name"]
    assert found(world, words="old name") == ["Neuer Name"]
    assert found(world, codes={"offers": frozenset({"pilot_line"})}) == []


def test_the_clock_finds_what_was_changed_another_way_and_making_again_changes_nothing(world: World) -> None:
    cluster = world.organisation("Before", world.person())
    _index(world)
    with world.act() as act:
        act.session.get_one(Organisation, cluster.id).summary = "Zeppelins"
    assert found(world, words="zeppelins") == []

    tick(world.database, world.now, world.chance)
    assert found(world, words="zeppelins") == ["Before"]

    with world.act() as act:
        make_again(act.session)
    assert found(world, words="zeppelins") == ["Before"]


def test_stale_profiles_sink_and_confirming_raises_them(world: World) -> None:
    ana, ben = world.person(), world.person("Ben Berg")
    old = world.organisation("Old", ana)
    world.later(days=400)
    world.organisation("Young", ben)
    _index(world)
    assert found(world) == ["Young", "Old"]

    with world.act(ana) as act:
        perform(act, act.session.get_one(Organisation, old.id), "confirm")
    _index(world)
    with world.look() as act:
        assert {hit.stale for hit in search(act, Chosen(), Seeker()).hits} == {False}


def test_a_profile_is_asked_after_once_a_year(world: World) -> None:
    ana = world.person()
    world.organisation("Quiet", ana)

    for days in (364, 2, 1, 300):
        world.later(days=days)
        tick(world.database, world.now, world.chance)

    assert len(_mails(world, "profile_confirm")) == 1
    world.later(days=66)
    tick(world.database, world.now, world.chance)
    assert len(_mails(world, "profile_confirm")) == 2


def _mails(world: World, template: str) -> list[Job]:
    with world.look() as act:
        return [job for job in act.session.scalars(select(Job)) if job.args.get("template") == template]


def test_pages_shown_are_added_up_once(world: World) -> None:
    one, other = world.organisation("One", world.person()), world.organisation("Other", world.person())
    with world.act() as act:
        for things in ([one.id, other.id], [one.id], ["gone"]):
            act.session.add(Showing(id=act.new_id(), day=world.now.date(), things=things))
    for _ in range(2):
        with world.act() as act:
            add_up(act)

    with world.look(world.person("Mona", None, R.CALL_MANAGER)) as act:
        shown = {row.organisation_id: row.shown for row in act.session.scalars(select(Exposure))}
        report = exposure_report(act)
    assert shown == {one.id: 2, other.id: 1}
    assert (report.shares["everybody"].organisations, report.shares["everybody"].shown) == (2, 3)
    assert report.shares["first_timers"].shown == 3
    assert [(o.name, n) for o, n in report.least] == [("Other", 1), ("One", 2)]


def test_a_saved_search_tells_what_is_new_once_a_week_and_nothing_otherwise(world: World) -> None:
    ana = world.person()
    world.organisation("Known Harbour", world.person())
    with world.act(ana) as act:
        save_search(act, "Harbours", Chosen(words="harbour"), "q=harbour")
    for _ in range(3):
        world.later(days=4)
        tick(world.database, world.now, world.chance)
    assert _mails(world, "saved_search") == []

    fresh = world.organisation("Fresh Harbour", world.person())
    world.organisation("Fresh Fish", world.person())
    for _ in range(8):
        world.later(days=2)
        tick(world.database, world.now, world.chance)

    (mail,) = _mails(world, "saved_search")
    assert mail.args["found"] == [fresh.id]
    assert mail.args["address"] == ana.email


def test_a_stopped_search_sends_nothing(world: World) -> None:
    ana = world.person()
    with world.act(ana) as act:
        save_search(act, "All", Chosen(), "").next_at = None
    world.organisation("Fresh", world.person())
    world.later(days=30)
    with world.act() as act:
        search_tick(world.database, lambda session: type(act)(session, world.now, world.chance, "tick"))

    assert _mails(world, "saved_search") == []
    with world.look() as act:
        assert act.session.scalar(select(SavedSearch.next_at)) is None


def test_exports_hold_what_the_pages_hold(world: World, crowd: list[dict[str, Any]]) -> None:
    chosen = Chosen(codes={"contact": frozenset({"open"})})
    with world.look() as act:
        result = search(act, chosen, Seeker(), page=None)
        lines = search_export.as_csv(act, chosen, result).splitlines()
        data = search_export.as_data(act, chosen, result)

    assert len(lines) == 1 + result.total
    assert {entry["name"] for entry in data} == {row["name"] for row in crowd if row["open_to_contact"]}
