"""How long a sign-in lasts: asked without prolonging it, prolonged by a button, ended from a mail."""

from __future__ import annotations

from typing import Any

from flask import g, jsonify, redirect, render_template, request

from app import sign_ins
from app.act import Act
from app.gate import may
from app.moved import forget_token, moved_token
from app.services.accounts import person as people
from app.services.accounts.known_places import END_SIGN_INS
from app.services.accounts.mailed_link import open_link, use_link
from app.services.accounts.sign_in import end_sign_ins
from app.services.transitions import note
from app.typed import page_before
from app.views.sign_in import bp
from app.views.sign_in_links import quiet, spent
from workflows.relations import Relation as R


@bp.get("/sign-in/left")
@may("site.sign_out")
def left() -> Any:  # noqa: ANN401
    """Say how long this sign-in lasts, for the script of the notice; asking does not prolong it."""
    g.not_used = True
    ends = sign_ins.ends_of(g.sign_in, g.act.now, last_used_at=g.sign_in.last_used_at)
    return jsonify(seconds=ends.seconds, longer=ends.longer)


@bp.post("/sign-in/stay")
@may("site.sign_out")
def stay() -> Any:  # noqa: ANN401
    """Prolong this sign-in: coming here is the use that counts."""
    sign_ins.touch(g.act.session, g.act.now)
    if request.accept_mimetypes.best == "application/json":
        ends = sign_ins.ends_of(g.sign_in, g.act.now, last_used_at=g.act.now)
        return jsonify(seconds=ends.seconds, longer=ends.longer)
    return redirect(sign_ins.local(page_before()), 303)


@bp.route("/sign-ins/end", methods=["GET", "POST"])
@may("site.sign_in")
def end_others() -> Any:  # noqa: ANN401
    """End every sign-in of an account from the mail about a new place: the mailbox is proof enough for that."""
    act: Act = g.act
    opened = open_link(act, END_SIGN_INS, moved_token(END_SIGN_INS))
    if opened.live is None:
        return spent(END_SIGN_INS, opened)
    person = people.person_of(act, opened.live)
    mine = act.person_id == person.id
    if request.method == "POST":
        use_link(act, END_SIGN_INS, moved_token(END_SIGN_INS))
        forget_token(END_SIGN_INS)
        end_sign_ins(act, person, keep=g.sign_in if mine else None)
        note(act, person, "end_sign_ins", relation=R.SELF if mine else R.ANYONE)
    page = render_template("sign_in/end_others.html", address=person.email, mine=mine, done=request.method == "POST")
    return quiet(page)
