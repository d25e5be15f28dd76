"""What a signatory reads and signs on one mailed page."""

from __future__ import annotations

from typing import Any

from flask import abort, g, make_response, render_template, request

from app.gate import may
from app.models import MailedLink, Membership
from app.moved import forget_token, moved_token
from app.services.accounts.mailed_link import open_link
from app.services.consortia.mandate import LINK, against_signing, mandate_of, sign
from app.services.transitions import Refused
from app.ui import reason
from app.views.membership import UNPROCESSABLE, bp
from app.views.sign_in_links import spent


@bp.route("/signature", methods=["GET", "POST"])
@may("site.sign_in")
def sign_mandate() -> Any:  # noqa: ANN401
    """What a signatory reads and signs: the mailed link is the proof, no account is needed."""
    opened = open_link(g.act, LINK, moved_token(LINK))
    mandate = mandate_of(g.act, opened.live) if opened.live else None
    if opened.live is None or mandate is None:
        return spent(LINK, opened)
    link: MailedLink = opened.live
    membership = g.act.session.get(Membership, mandate.membership_id) or abort(404)
    signed = request.method == "POST" and bool(request.form.get("agree"))
    against = against_signing(g.act, mandate)
    if signed:
        try:
            sign(g.act, link)
            forget_token(LINK)
        except Refused as why:
            against, signed = why.verdict, False
    refused = () if signed else tuple(reason(one) for one in against.reasons)
    page = render_template(
        "membership/signature.html", mandate=mandate, membership=membership, signed=signed, refused=refused,
        unticked=request.method == "POST" and not signed and not refused,
    )  # fmt: skip
    response = make_response(page, 200 if signed or request.method == "GET" else UNPROCESSABLE)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response
