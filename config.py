"""Settings, read from the environment and checked at start: the only reader of `os.environ`."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

HERE = Path(__file__).resolve().parent


class SettingsError(Exception):
    """A setting is missing or silly; the sentence says which and how to mend it."""


@dataclass(frozen=True)
class Mailing:
    """How mails leave: SMTP where a host is given, else files in a folder."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    starttls: bool = False
    sender: str = "ESCP-S3 <office@localhost>"


@dataclass(frozen=True)
class Bounces:
    """How the service learns that a mail came back: a mailbox it reads, a hook the relay calls, both, or neither."""

    box: str = ""  # maildir:/path/to/folder or imaps://user@host[:port]/MAILBOX
    password: str = ""  # of the IMAP account
    address: str = ""  # what mails come back to; each mail's own is made of it: name+ID@host
    secret: str = ""  # what a relay proves itself with to the hook; empty: there is no hook

    @property
    def told(self) -> bool:
        return bool(self.box or self.secret)


@dataclass(frozen=True)
class Site:
    """Who runs this site, in the operator's words; empty texts are refused by `doctor --production`."""

    operator: str = ""
    contact: str = ""
    issuer: str = ""
    privacy: str = ""
    accessibility: str = ""
    address: str = "http://127.0.0.1:8000"  # the public address, for links in mails and on certificates
    environment: str = "production"
    label_long_name: str = "European Strategic Cluster Partnership for smart specialisation investments"
    retention_years: int = 10  # how long evidence of award decisions stays once its author is erased

    @property
    def practice(self) -> bool:
        """Nothing here has effect: every page, mail and PDF says so."""
        return self.environment != "production"


@dataclass(frozen=True)
class Settings:
    data: Path
    database_url: str
    storage_url: str
    address: str  # the public address
    secret_key: bytes
    former_key: bytes | None = None  # the key before it was changed: opens what was sealed with it
    environment: str = "production"  # demonstration and practice say so on every page, mail and PDF
    scanner: str = ""  # clamd, as host:port or the path of its socket; none: structure alone is judged
    second_factor_required: bool = True
    sign_in_lasts: timedelta = timedelta(hours=10)  # a working day without use
    proxies: int = 0  # how many trusted web servers stand before this one and name the sender
    shared_limits: bool = False  # tries are counted for all processes together
    expensive_passwords: bool = True
    mailing: Mailing = field(default_factory=Mailing)
    bounces: Bounces = field(default_factory=Bounces)
    site: Site = field(default_factory=Site)
    translations: Path = HERE / "app" / "translations"  # catalogues of languages other than English

    @property
    def demonstration(self) -> bool:
        return self.environment == "demonstration"

    @property
    def https(self) -> bool:
        return urlsplit(self.address).scheme == "https"


def from_environment(environ: dict[str, str] | None = None) -> Settings:
    """Read the settings; raises `SettingsError` with a sentence that names the variable."""
    env = dict(os.environ) if environ is None else environ
    data = Path(env.get("ESCP_DATA") or HERE / "var").resolve()
    database_url = env.get("ESCP_DATABASE_URL") or f"sqlite:///{data / 'escp.sqlite3'}"
    return Settings(
        data=data,
        database_url=database_url,
        storage_url=env.get("ESCP_STORAGE_URL") or f"file://{data / 'files'}",
        address=_address(env),
        secret_key=_secret_key(env, data),
        former_key=_former_key(env),
        environment=_environment(env),
        scanner=env.get("ESCP_CLAMD", ""),
        second_factor_required=_yes(env, "ESCP_SECOND_FACTOR", default=True),
        sign_in_lasts=timedelta(minutes=_number(env, "ESCP_SIGN_IN_MINUTES", 600, least=5, most=1440)),
        proxies=_number(env, "ESCP_PROXIES", 0, least=0, most=5),
        shared_limits=_yes(env, "ESCP_SHARED_LIMITS", default=database_url.startswith("postgresql")),
        mailing=_mailing(env),
        bounces=_bounces(env),
        site=_site(env),
    )


def _environment(env: dict[str, str]) -> str:
    return _one_of(env, "ESCP_ENVIRONMENT", ("production", "practice", "demonstration"))


def _address(env: dict[str, str]) -> str:
    value = env.get("ESCP_ADDRESS") or Site.address
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise SettingsError(
            f"ESCP_ADDRESS is “{value}”: give the full public address, such as https://calls.example.org"
        )
    return value.rstrip("/")


def _secret_key(env: dict[str, str], data: Path) -> bytes:
    given = _key(env, "ESCP_SECRET_KEY")
    if given:
        return given
    path = data / "secret-key"
    if not path.exists():
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(os.urandom(48).hex().encode())
    return path.read_bytes()


def _former_key(env: dict[str, str]) -> bytes | None:
    return _key(env, "ESCP_SECRET_KEY_BEFORE") or None


def _key(env: dict[str, str], name: str) -> bytes:
    given = env.get(name, "")
    if given and len(given) < 32:  # noqa: PLR2004
        raise SettingsError(f"{name} is too short: give at least 32 random characters")
    return given.encode()


def _number(env: dict[str, str], name: str, default: int, *, least: int, most: int) -> int:
    value = env.get(name) or str(default)
    if not value.isdecimal() or not least <= int(value) <= most:
        raise SettingsError(f"{name} is “{value}”: give a number from {least} to {most}")
    return int(value)


def _one_of(env: dict[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = env.get(name) or choices[0]
    if value not in choices:
        raise SettingsError(f"{name} is “{value}”: give one of {', '.join(choices)}")
    return value


def _yes(env: dict[str, str], name: str, *, default: bool) -> bool:
    value = env.get(name, "").strip().lower()
    if value in ("", "yes", "no"):
        return default if not value else value == "yes"
    raise SettingsError(f"{name} is “{value}”: give yes or no")


def _mailing(env: dict[str, str]) -> Mailing:
    port = env.get("ESCP_SMTP_PORT") or "25"
    if not port.isdigit():
        raise SettingsError(f"ESCP_SMTP_PORT is “{port}”: give a number")
    return Mailing(
        host=env.get("ESCP_SMTP_HOST", ""),
        port=int(port),
        user=env.get("ESCP_SMTP_USER", ""),
        password=env.get("ESCP_SMTP_PASSWORD", ""),
        starttls=_yes(env, "ESCP_SMTP_STARTTLS", default=False),
        sender=env.get("ESCP_MAIL_FROM") or Mailing.sender,
    )


def _bounces(env: dict[str, str]) -> Bounces:
    box, address = env.get("ESCP_BOUNCES", ""), env.get("ESCP_BOUNCE_ADDRESS", "")
    parts = urlsplit(box)
    known = (parts.scheme == "maildir" and parts.path) or (
        parts.scheme == "imaps" and parts.hostname and parts.username
    )
    if box and not known:
        raise SettingsError("ESCP_BOUNCES: give maildir:/path/to/folder or imaps://user@host/INBOX")
    if address and address.count("@") != 1:
        raise SettingsError(f"ESCP_BOUNCE_ADDRESS is “{address}”: give one e-mail address")
    secret = _key(env, "ESCP_BOUNCE_SECRET").decode()
    return Bounces(box, env.get("ESCP_BOUNCES_PASSWORD", ""), address, secret)


def _site(env: dict[str, str]) -> Site:
    return Site(
        operator=env.get("ESCP_OPERATOR", ""),
        contact=env.get("ESCP_CONTACT", ""),
        issuer=env.get("ESCP_ISSUER", ""),
        privacy=env.get("ESCP_PRIVACY", ""),
        accessibility=env.get("ESCP_ACCESSIBILITY", ""),
        address=_address(env),
        environment=_environment(env),
        label_long_name=env.get("ESCP_LABEL_NAME") or Site.label_long_name,
        retention_years=_number(env, "ESCP_RETENTION_YEARS", Site.retention_years, least=1, most=50),
    )


def rehearsal_settings(data: Path) -> Settings:
    """Give the settings of a rehearsal: everything in one folder, mails as files, marked as made up."""
    return Settings(
        data=data,
        database_url=f"sqlite:///{data / 'escp.sqlite3'}",
        storage_url=f"file://{data / 'files'}",
        address="https://rehearsal.example",
        secret_key=b"a rehearsal keeps no secret worth a key",
        environment="demonstration",
        expensive_passwords=False,
        site=Site(
            operator="Rehearsal",
            contact="office@rehearsal.example",
            issuer="Made-up programme office",
            address="https://rehearsal.example",
            environment="demonstration",
        ),
    )


def demonstration_settings(settings: Settings, address: str) -> Settings:
    """Turn settings into those of a demonstration: no second factor, made-up texts, and it says what it is."""
    site = Site(
        operator="Demonstration",
        contact="office@demonstration.example",
        issuer="Made-up programme office",
        privacy="A demonstration: do not enter data about real people.",
        accessibility="A demonstration.",
        address=address,
        environment="demonstration",
    )
    return replace(settings, address=address, environment="demonstration", second_factor_required=False, site=site)
