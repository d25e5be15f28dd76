"""How the values in the tables are done: effects, selections, facts. Missing or unused ones stop the start."""

from __future__ import annotations

from app.facts import FACTS, FACTS_OF_MANY
from app.services.after import addressees, addressees_of_many, after, after_many
from app.services.effects import EFFECTS, FILLS, SELECTIONS
from app.services.transitions import WIRING
from workflows.effects import Cascade, Effect, Fill
from workflows.machines import MACHINES


def wire() -> None:
    """Fill the wiring; raises `RuntimeError` naming what is missing or never used."""
    rows = [row for machine in MACHINES.values() for row in machine.rows]
    effects = {value.name for row in rows for value in row.then if isinstance(value, Effect)}
    selections = {value.which for row in rows for value in row.then if isinstance(value, Cascade)}
    for what, named, known in (
        ("effect", effects, set(EFFECTS)),
        ("fill", {value.name for row in rows for value in row.then if isinstance(value, Fill)}, set(FILLS)),
        ("selection", selections, set(SELECTIONS)),
        ("facts", set(MACHINES), set(FACTS)),
    ):
        if named != known:
            raise RuntimeError(f"{what}: missing {sorted(named - known)}, unused {sorted(known - named)}")
    WIRING.effects, WIRING.fills, WIRING.selections, WIRING.facts = EFFECTS, FILLS, SELECTIONS, FACTS
    WIRING.after, WIRING.addressees = after, addressees
    WIRING.facts_of_many, WIRING.after_many, WIRING.addressees_of_many = FACTS_OF_MANY, after_many, addressees_of_many
