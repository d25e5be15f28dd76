"""Every route has a rule, and every rule names an action that exists."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from app import create_app
from config import rehearsal_settings
from tests.support.matrix import parameters
from workflows.permissions import PERMISSIONS


def test_no_route_is_without_a_rule(tmp_path: Path) -> None:
    app = create_app(rehearsal_settings(tmp_path))
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    without = [
        rule.rule for rule in rules if getattr(app.view_functions[rule.endpoint], "permission", None) not in PERMISSIONS
    ]

    assert len(rules) > 100
    assert without == []


def test_a_parameter_that_names_a_thing_is_the_one_the_rule_loads(tmp_path: Path) -> None:
    """An address with the id of a thing is never judged without looking at that thing."""
    app = create_app(rehearsal_settings(tmp_path))
    blind = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        named = {name for name in rule.arguments if name in KEYS}
        loaded = f"{getattr(view, 'param', '')}_id".replace("profile_id", "organisation_id")
        if named and loaded not in named:
            blind.append(f"{rule.rule} is judged by {getattr(view, 'permission', '')}")

    assert blind == []


KEYS = frozenset(
    f"{noun}_id"
    for noun in (
        "organisation", "call", "expression", "reply", "membership", "application", "file", "check", "assignment",
        "assessment", "consensus", "decision", "label", "document", "expert", "introduction", "enquiry", "exception", "clarification", "statement",
        "redaction",
    )
)  # fmt: skip


def test_an_address_and_a_method_lead_to_one_view(tmp_path: Path) -> None:
    app = create_app(rehearsal_settings(tmp_path))
    count = Counter(
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    )

    assert [place for place, times in count.items() if times > 1] == []
    assert "thing_id" not in parameters(app)
