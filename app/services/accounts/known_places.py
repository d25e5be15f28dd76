"""From where somebody signed in before. A sign-in from elsewhere is told by mail; nothing is kept that could be read.

A place is known by its browser, through a cookie of that browser alone, or by the kind of browser together with the
network. Both are kept as digests that differ for each person, for a year.
"""

from __future__ import annotations

import ipaddress
from datetime import timedelta

from sqlalchemy import delete, select

from app import keys
from app.act import Act
from app.browsers import name_of_browser
from app.models import KnownPlace, Person, SignIn
from app.outbox import enqueue_mail
from app.services.accounts.mailed_link import make_link

END_SIGN_INS = "end_sign_ins"  # purpose of the mailed link
LINK_LASTS = timedelta(days=7)
KEPT_FOR = timedelta(days=365)
PREFIXES = {4: 24, 6: 48}  # what of an address belongs to a network and not to one machine in it


def network_of(sender: str) -> str:
    """Give the network of an address, such as 192.0.2.0/24; empty where it is none."""
    try:
        address = ipaddress.ip_address(sender)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return str(ipaddress.ip_network(f"{address}/{PREFIXES[address.version]}", strict=False))


def arrive(act: Act, person: Person, record: SignIn, *, sender: str, device: str) -> None:
    """Remember from where a sign-in came; mail its person if that is new and others are known.

    `device` is the token in the browser's own cookie, empty where it has none.
    """
    kind = name_of_browser(record.browser)
    digests = {_digest(person, "network", f"{kind} {network_of(sender)}")}
    if device:
        digests.add(_digest(person, "device", device))
    act.session.execute(
        delete(KnownPlace).where(KnownPlace.person_id == person.id, KnownPlace.last_at < act.now - KEPT_FOR)
    )
    known = {place.digest: place for place in _places(act, person)}
    for digest in digests:
        if digest in known:
            known[digest].last_at = act.now
        else:
            act.session.add(KnownPlace(person_id=person.id, digest=digest, last_at=act.now))
    act.session.flush()
    if known and not digests & known.keys() and person.email_verified_at is not None:
        _tell(act, person, record)


def _places(act: Act, person: Person) -> list[KnownPlace]:
    return list(act.session.scalars(select(KnownPlace).where(KnownPlace.person_id == person.id)))


def _digest(person: Person, what: str, value: str) -> str:
    return keys.digest(keys.server_key(), "known place", person.id.encode(), what.encode(), value.encode()).hex()


def _tell(act: Act, person: Person, record: SignIn) -> None:
    link = make_link(act, END_SIGN_INS, person.email, person.id, person.id, LINK_LASTS)
    about = {"link": link.id, "sign_in": record.id}
    enqueue_mail(act, "new_place", person_id=person.id, address=person.email, about=about, key=record.id)
