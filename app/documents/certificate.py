"""The certificate of a label: one A4 sheet, and a second one for the partners when there are very many."""

import io
from typing import Any

import rfc8785
import segno

from app import maps
from app.documents import fonts, ornament, templates
from app.documents.print_job import Attached, Attempt, DocumentError, PrintJob
from app.documents.snapshots import Certificate, CertificatePartner

_TEXT_WIDTH = 505.0  # points from the left edge of the text to the right one, less a little for kerning
# Sizes in points of the partners: the first that fits is taken. The last ones put the partners on a second sheet.
_ONE_SHEET = ("two p115", "two p104", "two p92", "two p84", "three p82")
_TWO_SHEETS = ("two p92", "two p84", "three p82", "three p76", "three p68")
# With more partners than these, the larger sizes have no chance even for the shortest names: they are not tried.
_LARGE_UNTIL = 12
_MOST_ON_ONE_SHEET = 24  # more than these have never fitted
_LATIN_UNTIL = 0x0370
_BAND = ornament.Ribbon(74, 210, (20, -24), 88, colour="#fff", opacity=".2")
_CORNER = ornament.Ribbon(100, 80, (110, -16), 66, colour="#0a2a73", opacity=".22")


def job(snapshot: Certificate) -> PrintJob:
    """Set the certificate. DocumentError when it has no partners, or the fonts lack one of its signs."""
    if not snapshot["partners"]:
        raise DocumentError("a certificate names at least one partner")
    label = label_json(snapshot)
    template = templates.environment(snapshot["lang"]).get_template("certificate.html")
    address = snapshot["verify_url"].partition("://")[2]
    facts = {"certificate": snapshot, "address": address, **_counts(snapshot["partners"])}
    one = [Attempt(template.render(facts, size=size, second_sheet=False), pages=1) for size in _sizes(snapshot)]
    two = [Attempt(template.render(facts, size=size, second_sheet=True), pages=2) for size in _TWO_SHEETS]
    fonts.check(fonts.texts_in(snapshot))
    return PrintJob(
        attempts=(*one, *two),
        css=templates.css("certificate.css") + _heads(snapshot),
        identifier=snapshot["identifier"],
        made_at=snapshot["made_at"],
        resources=_resources(snapshot),
        attached=(Attached("label.json", label, "The data of this label"),),
    )


def _sizes(snapshot: Certificate) -> tuple[str, ...]:
    partners = len(snapshot["partners"])
    if partners > _MOST_ON_ONE_SHEET:
        return ()
    return _ONE_SHEET[2:] if partners > _LARGE_UNTIL else _ONE_SHEET


def label_json(snapshot: Certificate) -> bytes:
    """Give the data that travel inside the PDF, in canonical form (RFC 8785)."""
    names = ("number", "code", "verify_url", "acronym", "title", "thematic_area", "label_name", "label_long_name")
    more = ("issuer", "call_title", "call_reference", "issued_on", "expires_on", "practice", "partners")
    data: dict[str, Any] = {name: snapshot[name] for name in (*names, *more)}  # type: ignore[literal-required]
    if head := snapshot.get("record_head"):  # what was issued before heads were public stays as it was
        data["record_head"] = head
    return rfc8785.dumps(data)


def _heads(snapshot: Certificate) -> str:
    """Choose the sizes of acronym and title by their width: the acronym stays on one line whatever it is."""
    one_line = _TEXT_WIDTH / max(fonts.width(snapshot["acronym"], "serif-400"), 0.1)
    largest = next((size for most, size in ((8, 54.0), (11, 44.0)) if len(snapshot["partners"]) <= most), 32.0)
    acronym = max(8.0, min(largest, one_line))
    lines = fonts.width(snapshot["title"], "serif-400-italic") / _TEXT_WIDTH
    title = next((size for size, most in ((20, 1.8), (17, 2.6), (14.5, 2.8), (12.5, 3.6)) if lines * size < most), 10.5)
    return f".acronym {{ font-size: {acronym:.1f}pt }} .title {{ font-size: {title:g}pt }}"


def _counts(partners: list[CertificatePartner]) -> dict[str, object]:
    regions = {partner["region_code"] or partner["region_name"] for partner in partners}
    return {
        "regions": len(regions - {None}),
        "countries": len({partner["country"] for partner in partners}),
        "ordered": sorted(partners, key=lambda partner: not partner["is_coordinator"]),
        "in_another_script": _in_another_script,
    }


def _in_another_script(partner: CertificatePartner) -> bool:
    latin = partner.get("latin_name")
    foreign = any(sign.isalpha() and ord(sign) >= _LATIN_UNTIL for sign in partner["name"])
    return bool(latin) and latin != partner["name"] and foreign


def _resources(snapshot: Certificate) -> dict[str, bytes]:
    codes = [partner["region_code"] for partner in snapshot["partners"] if partner["region_code"]]
    target = io.BytesIO()
    segno.make(snapshot["verify_url"], error="m", micro=False, boost_error=False).save(
        target, kind="svg", border=4, dark="#0a2a73", light="#ffffff", xmldecl=False, nl=False, omitsize=True
    )
    return {
        "map.svg": maps.small_map(codes).encode(),
        "qr.svg": target.getvalue(),
        "mark.svg": ornament.mark().encode(),
        "band.svg": ornament.guilloche(_BAND).encode(),
        "corner.svg": ornament.guilloche(_CORNER).encode(),
    }
