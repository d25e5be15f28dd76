"""The accounts of the demonstration: one for each way of looking at the service, each at a mail domain of its own."""

from __future__ import annotations

from dataclasses import dataclass

from app.models import Person
from app.rehearsal.cast import Cast, hold_office, new_person
from app.rehearsal.stage import Stage, get
from workflows.relations import Relation as R

PASSWORD = "demonstration"  # noqa: S105 - printed at every start; real use refuses these accounts


@dataclass(frozen=True)
class Account:
    """Somebody to sign in as. `shows` says what there is to see."""

    key: str
    name: str
    domain: str
    shows: str
    office: R | None = None


ACCOUNTS = (
    Account(
        "manager", "Mona Keller", "manager-one.example", "call manager: cockpit, checks, assignments", R.CALL_MANAGER
    ),
    Account(
        "manager-2",
        "Milan Horak",
        "manager-two.example",
        "second call manager: confirms refusals, stands in for a programme manager",
        R.CALL_MANAGER,
    ),
    Account(
        "signer", "Petra Lindqvist", "signer-one.example", "programme manager: a decision to sign", R.PROGRAMME_MANAGER
    ),
    Account("signer-2", "Paolo Marchetti", "signer-two.example", "second programme manager", R.PROGRAMME_MANAGER),
    Account("expert", "Elena Georgiou", "expert-one.example", "evaluator, leads some evaluations"),
    Account("expert-2", "Emil Sandberg", "expert-two.example", "evaluator: reports to write"),
    Account(
        "expert-3", "Ester Vidal", "expert-three.example", "evaluator: a declaration to make, and a list to go through"
    ),
    Account(
        "coordinator", "Carla Bianchi", "coordinator.example", "coordinator of SMARTEX-4R: a draft before the deadline"
    ),
    Account("deputy", "Davide Ferri", "deputy.example", "deputy of the coordinator"),
    Account("partner", "Pascal Roux", "partner.example", "contact person of a partner"),
    Account(
        "organisation", "Olena Marku", "organisation.example", "administers an organisation; an expression of interest"
    ),
    Account(
        "auditor",
        "Anton Beck",
        "auditor.example",
        "auditor: three calls are open to them, with a sample drawn",
        R.AUDITOR,
    ),
    Account(
        "administrator", "Agnes Toth", "administrator.example", "administrator: accounts and settings", R.ADMINISTRATOR
    ),
)


def open_accounts(stage: Stage, cast: Cast, password_hash: str) -> dict[str, str]:
    """Make the accounts and give their ids by key; those of the office and the experts join the cast."""
    made: dict[str, str] = {}
    for account in ACCOUNTS:
        person_id = new_person(stage, cast, account.domain, account.name)
        made[account.key] = person_id
        with stage.act() as act:
            get(act, Person, person_id).password_hash = password_hash
        if account.office is not None:
            hold_office(stage, person_id, account.office)
    cast.call_managers = [made["manager"], made["manager-2"]]
    cast.programme_managers = [made["signer"], made["signer-2"]]
    cast.experts = [made["expert"], made["expert-2"], made["expert-3"]]
    return made


def email_of(account: Account) -> str:
    return f"{account.name.lower().replace(' ', '.')}@{account.domain}"
