"""Many made-up organisations, the same for the same seed: for recounts and for measuring."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from app import geography, taxonomy
from app.chance import Seeded, new_id
from app.db import Database
from app.models import Organisation
from app.services.organisations.names import fold
from app.services.searching.search_index import make_again
from workflows.profile import State

PLACES = ("Ελληνικό", "Клъстер", "Žďár", "Łódź", "Åland", "Zürich", "Évora", "Sønder", "Mechatronic", "Textile", "Blue")
NOUNS = ("Υλικών", "Мехатроника", "Materials", "Photonics", "Foods", "Lighting", "Mobility", "Sensors", "Robotics")
TEXT = """composite fibres pilot recycling sensors light metals test bed photonics additive laser hydrogen battery wood
textile firms members research training export digital twin mould packaging health marine tourism data cloud"""
WORDS = TEXT.split()


def many(number: int, now: datetime, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Make columns of organisations: some names in other scripts, some unpublished, some stale."""
    draw, chance = random.Random(seed), Seeded(seed)
    regions = [r for r in geography.regions() if r.on_the_map]
    codes = {name: [t.code for t in taxonomy.terms(name)] for name in taxonomy.names()}
    kinds = {t.code: t.name for t in taxonomy.terms("organisation_types")}
    for place in range(number):
        name = f"{draw.choice(PLACES)} {draw.choice(NOUNS)} {place}"
        region, sought = draw.choice(regions), draw.choice(sorted(kinds))
        confirmed = now - timedelta(days=draw.randrange(500))
        facilities = [
            {"kind": kind, "text": f"{draw.choice(WORDS)} line", "conditions": "by the day"}
            for kind in draw.sample(codes["facility_kinds"], draw.randrange(3))
        ]
        yield {
            "id": new_id(chance), "version": 1, "created_at": confirmed, "last_act_at": confirmed,
            "state": draw.choices([State.PUBLISHED, State.DRAFT, State.SUSPENDED], [94, 4, 2])[0],
            "name": name, "name_en": f"Cluster {place}", "name_folded": fold(name), "kinds": [draw.choice(sorted(kinds))],
            "country": region.country, "region": region.code, "regions_served": [], "domains": [],
            "themes": draw.sample(codes["thematic_areas"], draw.randrange(1, 4)),
            "technologies": draw.sample(codes["technologies"], draw.randrange(0, 4)),
            "sectors": [], "priorities": [], "facilities": facilities,
            "chain_positions": draw.sample(codes["chain_positions"], draw.randrange(0, 3)),
            "summary": " ".join(draw.choices(WORDS, k=25)), "offers": " ".join(draw.choices(WORDS, k=10)),
            "seeks": f"A {kinds[sought].lower()} with {draw.choice(WORDS)}" if draw.random() < 0.5 else "",
            "open_to_contact": draw.random() < 0.8, "confirmed_at": confirmed,
        }  # fmt: skip


def store(database: Database, rows: list[dict[str, Any]]) -> None:
    """Put them into the database and make their entries of the search."""
    with database.writing() as session:
        session.execute(insert(Organisation), rows)
        make_again(session)
        session.commit()
