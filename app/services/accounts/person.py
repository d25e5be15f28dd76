"""People's accounts: made, their address proved, their name and password changed."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from sqlalchemy import select

from app.act import Act
from app.models import FormerAddress, MailedLink, Person, SignIn
from app.outbox import enqueue_mail
from app.passwords import Passwords
from app.services.accounts.mailed_link import make_link, withdraw_link
from app.services.accounts.sign_in import end_sign_ins
from app.services.calls.calendar import replace_address
from app.services.organisations.names import fold_address
from app.services.transitions import Refused, note
from workflows.relations import Relation as R
from workflows.verdict import refuse
from workflows.words import _

VERIFY, RESET, SIGN_IN = "verify", "reset", "sign_in"
LIFETIMES = {VERIFY: timedelta(days=3), RESET: timedelta(hours=2), SIGN_IN: timedelta(minutes=30)}


@cache
def _passwords() -> Passwords:
    return Passwords()


def hash_password(password: str) -> str:
    """Hash a password at full cost, outside any transaction."""
    return _passwords().hash(password)


def holder_of(act: Act, address: str) -> Person | None:
    """Find whose proved address this is."""
    return act.session.scalar(select(Person).where(Person.email_folded == fold_address(address)))


def sign_up(act: Act, *, name: str, email: str, password_hash: str | None) -> Person:
    """Make an account whose address is yet to be proved; it may write drafts meanwhile.

    Whether the address has an account already shows in the mail alone: the answer is the same, and an address belongs
    to an account only once it is proved.
    """
    person_id = act.new_id()
    person = Person(
        id=person_id,
        name=name,
        email=email,
        email_folded=f"{fold_address(email)} unverified {person_id}",
        password_hash=password_hash,
        created_at=act.now,
    )
    act.session.add(person)
    act.session.flush()
    note(act, person, "sign_up", relation=R.ANYONE)
    ask_to_verify(act, person)
    return person


def ask_to_verify(act: Act, person: Person) -> None:
    """Mail the link that proves the address, or say that the address has an account."""
    holder = holder_of(act, person.email)
    if holder is not None:
        if holder.id != person.id and holder.disabled_at is None:
            enqueue_mail(act, "account_exists", person_id=holder.id, address=holder.email, about={}, key=act.request_id)
        return
    _mail_link(act, VERIFY, person, "verify_address", thing_id=person.id)


def mail_reset(act: Act, address: str) -> None:
    """Mail a link to set a new password; nothing is sent where nobody has the address, and the answer is the same."""
    _mail_to_holder(act, RESET, address, "reset_password")


def mail_sign_in(act: Act, address: str) -> None:
    """Mail a link that signs in without a password; the same holds."""
    _mail_to_holder(act, SIGN_IN, address, "sign_in_link")


def _mail_to_holder(act: Act, purpose: str, address: str, template: str) -> None:
    holder = holder_of(act, address)
    if holder is not None and holder.disabled_at is None:
        _mail_link(act, purpose, holder, template)


def _mail_link(act: Act, purpose: str, person: Person, template: str, thing_id: str = "") -> None:
    link = make_link(act, purpose, person.email, person.id, thing_id, LIFETIMES[purpose])
    enqueue_mail(
        act,
        template,
        person_id=person.id,
        address=person.email,
        about={"link": link.id},
        key=f"{link.id}:{act.request_id}",
    )


def person_of(act: Act, link: MailedLink) -> Person:
    """Give the person a link was mailed to; raises `Refused` where the account is closed."""
    person = act.session.get(Person, link.person_id) if link.person_id else None
    if person is None or person.disabled_at is not None:
        raise Refused(refuse("account-closed", _("This account is closed. Write to the office.")))
    return person


def change_address(act: Act, person: Person, email: str) -> None:
    """Ask to use another address: it counts once the link mailed to it is used.

    Whether somebody has it already, a mail alone tells.
    """
    if person.email_verified_at is None:
        withdraw_link(act, VERIFY, person.email, person.id)
        person.email = email
        person.email_folded = f"{fold_address(email)} unverified {person.id}"
        act.session.flush()
        ask_to_verify(act, person)
        return
    holder = holder_of(act, email)
    if holder is not None and holder.id != person.id:
        enqueue_mail(act, "account_exists", person_id=holder.id, address=holder.email, about={}, key=act.request_id)
    elif holder is None:
        link = make_link(act, VERIFY, email, person.id, person.id, LIFETIMES[VERIFY])
        key = f"{link.id}:{act.request_id}"
        enqueue_mail(act, "verify_address", person_id=person.id, address=email, about={"link": link.id}, key=key)


def confirm_by_link(act: Act, person: Person, address: str, *, password_hash: str | None, keep: SignIn | None) -> None:
    """Give an account the address a link was mailed to: its first, or another one."""
    if person.email_verified_at is not None:
        _change(act, person, address)
    elif fold_address(person.email) == address:
        confirm_address(act, person, password_hash=password_hash, keep=keep)
    else:
        raise Refused(refuse("other-address", _("The account uses another address now. Use the newest mail.")))


def _change(act: Act, person: Person, address: str) -> None:
    """Give a proved account another address, and tell the old one."""
    if holder_of(act, address) not in (None, person):
        raise Refused(refuse("address-taken", _("This address has an account already. Sign in with it.")))
    enqueue_mail(act, "address_changed", person_id=person.id, address=person.email, about={}, key=act.request_id)
    act.session.add(FormerAddress(id=act.new_id(), person_id=person.id, email=person.email, until=act.now))
    person.email, person.email_folded, person.email_verified_at = address, fold_address(address), act.now
    note(act, person, "change_address", relation=R.SELF)


def confirm_address(act: Act, person: Person, *, password_hash: str | None = None, keep: SignIn | None = None) -> None:
    """Give an account its address, which its person has just proved.

    Without `keep`, the sign-in that asks, whoever else knew a password of this account is out: only the mailbox counts.
    """
    holder = holder_of(act, person.email)
    if holder is not None and holder.id != person.id:
        text = _("This address has an account already. Sign in with it.")
        raise Refused(refuse("address-taken", text))
    person.email_folded = fold_address(person.email)
    person.email_verified_at = act.now
    if keep is None:
        person.password_hash = password_hash
        replace_address(act, person)
    end_sign_ins(act, person, keep=keep)
    note(act, person, "verify_address", relation=R.SELF)


def set_password(act: Act, person: Person, password_hash: str, *, keep: SignIn | None = None) -> None:
    """Change the password and end every other sign-in, and the address at which the calendar could be read."""
    person.password_hash = password_hash
    end_sign_ins(act, person, keep=keep)
    replace_address(act, person)
    note(act, person, "set_password", relation=R.SELF)
    if person.email_verified_at is not None:
        enqueue_mail(act, "password_changed", person_id=person.id, address=person.email, about={}, key=act.request_id)


def save_settings(act: Act, person: Person, *, name: str, single_keys: bool, language: str) -> None:
    """Save what people may change about themselves."""
    if name != person.name:
        person.name = name
        note(act, person, "rename", relation=R.SELF)
    person.single_keys, person.language = single_keys, language
    act.session.flush()
