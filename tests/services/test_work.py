"""What awaits each person, from the draft to the agreed text."""

from sqlalchemy import select

from app.models import Application, Assignment, Membership, Organisation, Person
from app.services.applications.application import start_application
from app.services.conflicts.disclosure import disclose, disclosures_to_make, organisations_of
from app.services.consortia.membership import invite
from app.services.consortia.other_address import ask_with_other_address
from app.services.transitions import perform
from app.services.work.work import tasks_of
from tests.support.application import a_draft
from tests.support.evaluation import Evaluation
from tests.support.world import World
from workflows.verdict import Reason


def awaiting(world: World, person: Person) -> list[tuple[str, str]]:
    """The tasks of a person in plain English, with the role."""
    with world.look(person) as act:
        return [(Reason("", task.title, task.params).plain(), task.role) for task in tasks_of(act)]


def test_a_draft_awaits_its_coordinator_and_an_invitation_the_invited(world: World) -> None:
    story = Evaluation(world)
    lead, partner, stranger = (
        world.person("Lea", "lea@a.example"),
        world.person("Pia", "pia@b.example"),
        world.person("Sam"),
    )
    cluster = world.organisation("Cluster A", lead)
    with world.act(lead) as act:
        call = act.session.get_one(type(story.call), story.call.id)
        application = start_application(
            act, call, act.session.get_one(Organisation, cluster.id), acronym="S3TEX", title="T"
        )
        invite(act, application, email="pia@b.example", organisation=None)

    assert awaiting(world, lead) == [("Continue the application S3TEX", "as coordinator")]
    assert awaiting(world, partner) == [("Answer the invitation to S3TEX", "as invited partner")]
    assert awaiting(world, stranger) == []


def test_who_asks_to_accept_with_another_address_awaits_the_coordinator(world: World) -> None:
    found, other = a_draft(world), world.person("Pat Smith")
    with world.act(found.coordinator) as act:
        invite(act, act.session.get_one(Application, found.application.id), email="office@new.example", name="New")
    before = awaiting(world, found.coordinator)
    with world.act(other) as act:
        asked = act.session.scalars(select(Membership).where(Membership.invited_email == "office@new.example")).one()
        ask_with_other_address(act, asked)

    (new,) = set(awaiting(world, found.coordinator)) - set(before)
    assert new[0].startswith("Answer Pat Smith, who asks to accept an invitation")
    assert new[1] == "as coordinator"
    assert awaiting(world, other) == []


def test_tasks_of_the_evaluation_come_and_go_with_what_is_done(world: World) -> None:
    story = Evaluation(world)
    application = story.application("S3TEX")
    story.close()
    checks = awaiting(world, story.manager)
    assert len(checks) == 1
    assert checks[0][0].startswith("Record ")
    assert checks[0][1] == "as call manager"
    story.admit(application)
    assert awaiting(world, story.manager) == []
    expert = story.expert()
    task = story.task(application, expert, rapporteur=True, declared=False)
    assert awaiting(world, expert) == [("Declare your interests for 1 application", "as evaluator")]
    with world.act(expert) as act:
        perform(act, act.session.get_one(type(task), task.id), "declare_free", {"no_conflict": True})
    assert awaiting(world, expert) == [("Score S3TEX", "as evaluator")]

    with world.look(expert) as act:
        count = len(act.session.get_one(type(story.report_of(task)), story.report_of(task).id).scores)
    story.score(task, *["5"] * count)
    other = story.expert("Otto Other")
    story.score(story.task(application, other), *["4"] * count)

    assert awaiting(world, expert) == []
    consensus = story.open_consensus(application)
    assert awaiting(world, expert) == [("Draft the agreed text on S3TEX", "as lead evaluator")]
    story.agree_on(consensus, expert, *["5"] * count)
    assert awaiting(world, expert) == [("Sign the agreed text on S3TEX", "as evaluator")]


def test_a_task_names_a_hidden_applicant_by_number_alone(world: World) -> None:
    story = Evaluation(world, anonymous=True)
    application = story.application("S3TEX")
    story.close()
    story.admit(application)
    expert = story.expert()
    task = story.task(application, expert, declared=False)
    with world.act(expert) as act:
        waiting = disclosures_to_make(act)[0]
        disclose(act, waiting, [], [one.key for one in organisations_of(act, waiting)], secret=True)
    with world.act(expert) as act:
        perform(act, act.session.get_one(Assignment, task.id), "declare_free", {"no_conflict": True})

    with world.look(expert) as act:
        number = act.session.get_one(Application, application.id).number
    assert awaiting(world, expert) == [(f"Score {number}", "as evaluator")]
