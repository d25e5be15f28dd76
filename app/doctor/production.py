"""What is not fit for real use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.doctor.finding import Finding
from app.models import Call, Job, Lease, Person, Status
from config import Settings

FIT = "fit for real use"


def examine_for_production(session: Session, settings: Settings, now: datetime) -> list[Finding]:
    """Give everything that speaks against real use."""
    found = [*_settings(settings), *_data(session), *_parts(session, settings, now)]
    return [Finding(FIT, what, why) for what, why in found]


def _settings(settings: Settings) -> Iterator[tuple[str, str]]:
    if settings.environment != "production":
        yield "ESCP_ENVIRONMENT", f"is {settings.environment}"
    if not settings.https:
        yield "ESCP_ADDRESS", "is no HTTPS address"
    if not settings.second_factor_required:
        yield "ESCP_SECOND_FACTOR", "staff and experts sign in without a second factor"
    site = settings.site
    texts = {"ESCP_OPERATOR": site.operator, "ESCP_CONTACT": site.contact, "ESCP_PRIVACY": site.privacy,
             "ESCP_ACCESSIBILITY": site.accessibility, "ESCP_ISSUER": site.issuer}  # fmt: skip
    yield from ((name, "is empty") for name, text in texts.items() if not text.strip())
    if "example" in site.issuer.lower():
        yield "ESCP_ISSUER", f"is an example: {site.issuer}"
    if not settings.mailing.host:
        yield "ESCP_SMTP_HOST", "is empty: mails are written to files and reach nobody"
    if settings.mailing.sender.endswith("@localhost>"):
        yield "ESCP_MAIL_FROM", "is not an address people can answer to"


def _data(session: Session) -> Iterator[tuple[str, str]]:
    accounts = session.scalar(select(func.count()).select_from(Person).where(Person.demonstration.is_(True))) or 0
    if accounts:
        yield "accounts", f"{accounts} demonstration accounts"
    for code in session.scalars(select(Call.code).where(Call.practice.is_(True)).order_by(Call.code)):
        yield f"call {code}", "is a practice call"


def _parts(session: Session, settings: Settings, now: datetime) -> Iterator[tuple[str, str]]:
    clock = session.get(Lease, "clock")
    if clock is None or clock.until < now:
        yield "clock", "is silent: run escp serve or escp worker"
    late = (
        select(func.count())
        .select_from(Job)
        .where(Job.status == Status.WAITING, Job.run_at < now - timedelta(minutes=10))
    )
    if waiting := session.scalar(late):
        yield "worker", f"is silent: {waiting} jobs have waited for more than ten minutes"
    if session.scalar(select(Job.id).where(Job.kind == "mail", Job.status == Status.DONE).limit(1)) is None:
        yield "mail", "was never tried: no mail has been handed over"
    stamp = settings.data / "last-backup"
    if not stamp.exists() or datetime.fromisoformat(stamp.read_text().strip()) < now - timedelta(days=1):
        yield "backup", "none in the last day: run escp backup every day, or have yours write the time into last-backup"
