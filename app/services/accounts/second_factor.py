"""One-time codes and recovery codes. A factor that was lost is reset by two persons of the office."""

from __future__ import annotations

import logging
from base64 import b32encode
from datetime import datetime

import pyotp
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import keys
from app.act import Act
from app.chance import new_code
from app.models import Expert, FactorReset, Person, RecoveryCode, SecondFactor
from app.outbox import enqueue_mail
from app.services.accounts.sign_in import end_sign_ins
from app.services.transitions import Refused, note, remark
from workflows.relations import OFFICES
from workflows.relations import Relation as R
from workflows.verdict import refuse
from workflows.words import _

ISSUER = "ESCP-S3"
STEP = 30  # seconds a code is shown
RECOVERY_CODES = 10
PURPOSE = "second factor"
log = logging.getLogger(__name__)


def factor_of(session: Session, person: Person) -> SecondFactor | None:
    """Give the factor in force."""
    found = session.get(SecondFactor, person.id)
    return found if found is not None and found.confirmed_at is not None else None


def pending_factor(session: Session, person: Person) -> SecondFactor | None:
    """Give a factor whose first code is awaited."""
    found = session.get(SecondFactor, person.id)
    return found if found is not None and found.confirmed_at is None else None


def must_have_factor(act: Act, person: Person) -> bool:
    """Say whether the person is staff or an expert."""
    office = any(
        h.office in OFFICES and h.since <= act.now and (h.until is None or h.until > act.now) for h in person.offices
    )
    return office or act.session.scalar(select(Expert.id).where(Expert.person_id == person.id)) is not None


def begin(act: Act, person: Person) -> SecondFactor:
    """Make a secret that counts once its first code is given; one that awaits it is kept for a reload."""
    if factor_of(act.session, person) is not None:
        raise Refused(refuse("factor-there", _("There is a second factor already.")))
    pending = pending_factor(act.session, person)
    if pending is None:
        pending = SecondFactor(person_id=person.id, secret=_sealed(b32encode(act.chance.bytes(20)).decode(), person.id))
        act.session.add(pending)
        act.session.flush()
    return pending


def _sealed(secret: str, person_id: str) -> str:
    return keys.seal(PURPOSE, secret, person_id)


def secret_of(factor: SecondFactor) -> str:
    """Open the secret. Raises `keys.CannotOpenError` where the server's key is another than the one that sealed it."""
    return keys.unseal(PURPOSE, factor.secret, factor.person_id)


def needs_sealing(session: Session) -> bool:
    """Say whether a secret is stored open or under the key before."""
    factors = session.scalars(select(SecondFactor))
    return any(not keys.is_current(PURPOSE, factor.secret, factor.person_id) for factor in factors)


def unreadable(session: Session) -> list[str]:
    """Name the people whose secret was sealed with a key that is not there."""
    return [factor.person_id for factor in session.scalars(select(SecondFactor)) if not _opens(factor)]


def _opens(factor: SecondFactor) -> bool:
    try:
        secret_of(factor)
    except keys.CannotOpenError:
        return False
    return True


def seal_secrets(session: Session) -> None:
    """Seal with the key of today what is stored open or was sealed with the key before.

    What neither key opens is left as it is: with its own key it opens again, and doctor tells.
    """
    for factor in session.scalars(select(SecondFactor)):
        if _opens(factor) and not keys.is_current(PURPOSE, factor.secret, factor.person_id):
            factor.secret = _sealed(secret_of(factor), factor.person_id)


def address_of(person: Person, factor: SecondFactor) -> str:
    """Give what the picture for the authenticator says."""
    return pyotp.TOTP(secret_of(factor)).provisioning_uri(name=person.email, issuer_name=ISSUER)


def confirm(act: Act, person: Person, code: str) -> list[str] | None:
    """Put the pending factor in force if the code is right; gives the recovery codes, shown this once."""
    pending = pending_factor(act.session, person)
    if pending is None or not _accept(pending, code, act.now):
        return None
    pending.confirmed_at = act.now
    codes = [new_code(act.chance, 10) for _place in range(RECOVERY_CODES)]
    act.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    act.session.add_all(RecoveryCode(id=act.new_id(), person_id=person.id, digest=_digest(person, c)) for c in codes)
    note(act, person, "confirm_factor", relation=R.SELF)
    return codes


def check(act: Act, person: Person, code: str) -> bool:
    """Check a one-time code, each good for once, or spend a recovery code."""
    factor = factor_of(act.session, person)
    if factor is None:
        return False
    return _accept(factor, code, act.now) or _spend(act, person, code)


def _accept(factor: SecondFactor, code: str, now: datetime) -> bool:
    given = "".join(code.split())
    try:
        totp = pyotp.TOTP(secret_of(factor))
    except keys.CannotOpenError:
        log.exception("the second factor of %s was sealed with another key", factor.person_id)
        text = _("Your second factor can't be read at the moment. Write to the office: its key has to be put back.")
        raise Refused(refuse("factor-unreadable", text)) from None
    step = int(now.timestamp()) // STEP
    for near in (step, step - 1, step + 1):
        if near > factor.last_step and pyotp.utils.strings_equal(totp.generate_otp(near), given):
            factor.last_step = near
            return True
    return False


def _spend(act: Act, person: Person, code: str) -> bool:
    query = select(RecoveryCode).where(
        RecoveryCode.person_id == person.id,
        RecoveryCode.digest == _digest(person, code),
        RecoveryCode.used_at.is_(None),
    )
    found = act.session.scalar(query)
    if found is None:
        return False
    found.used_at = act.now
    note(act, person, "use_recovery_code", relation=R.SELF)
    return True


def codes_left(session: Session, person: Person) -> int:
    query = select(RecoveryCode.id).where(RecoveryCode.person_id == person.id, RecoveryCode.used_at.is_(None))
    return len(session.scalars(query).all())


def _digest(person: Person, code: str) -> str:
    plain = "".join(c for c in code.upper() if c.isalnum())
    return keys.digest(keys.server_key(), "recovery code", person.id.encode(), plain.encode()).hex()


def remove(act: Act, person: Person, *, name: str, relation: R) -> None:
    """Take a factor and its recovery codes away and end all sign-ins; the next one sets up a new factor."""
    act.session.execute(delete(SecondFactor).where(SecondFactor.person_id == person.id))
    act.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    end_sign_ins(act, person)
    note(act, person, name, relation=relation)


def open_reset(session: Session, person: Person) -> FactorReset | None:
    """Give the reset that waits for a second person."""
    return session.scalar(
        select(FactorReset).where(FactorReset.person_id == person.id, FactorReset.confirmed_at.is_(None))
    )


def ask_reset(act: Act, person: Person, reason: str, *, relation: R) -> FactorReset:
    """Propose that a lost factor be reset; another person of the office has to confirm it."""
    if act.person_id is None or act.person_id == person.id:
        raise Refused(refuse("own-factor", _("Somebody else of the office has to ask for this.")))
    if (waiting := open_reset(act.session, person)) is not None:
        return waiting
    kept = remark(act, reason)
    reset = FactorReset(id=act.new_id(), person_id=person.id, reason=reason, asked_by=act.person_id, asked_at=act.now)
    act.session.add(reset)
    note(act, person, "ask_factor_reset", relation=relation, data={"reason": kept})
    return reset


def confirm_reset(act: Act, person: Person, *, relation: R) -> None:
    """Reset a lost factor as the second person. Raises `Refused` for whoever asked, or whose factor it is."""
    reset = open_reset(act.session, person)
    if reset is None:
        raise Refused(refuse("no-reset", _("No reset is waiting.")))
    if act.person_id in (reset.asked_by, person.id):
        raise Refused(refuse("same-person", _("You asked for this; another person has to confirm it.")))
    reset.confirmed_by, reset.confirmed_at = act.person_id, act.now
    remove(act, person, name="reset_factor", relation=relation)
    enqueue_mail(act, "factor_reset", person_id=person.id, address=person.email, about={}, key=reset.id)
