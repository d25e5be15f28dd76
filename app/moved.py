"""Tokens of mailed links, moved out of the address bar at once: they wait in the signed cookie for their POST."""

from __future__ import annotations

from flask import session

# The page that reads what a link of each purpose is for, and asks before anything is done.
LINK_PAGES: dict[str, str] = {
    "verify": "sign_in.verify",
    "reset": "sign_in.reset",
    "sign_in": "sign_in.by_link",
    "end_sign_ins": "sign_in.end_others",
    "invitation": "membership.read_invitation",
    "signatory": "membership.sign_mandate",
}


def move_token(purpose: str, token: str) -> None:
    session["moved"] = {**session.get("moved", {}), purpose: token[:100]}


def moved_token(purpose: str) -> str:
    """Give the token somebody came with; empty if there is none."""
    return str(session.get("moved", {}).get(purpose, ""))


def forget_token(purpose: str) -> None:
    session["moved"] = {kept: token for kept, token in session.get("moved", {}).items() if kept != purpose}
