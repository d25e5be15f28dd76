"""What must hold after every request, crash, restore and migration: one function for each statement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from app.doctor import accounts, evaluation, files, labels, record, submission
from app.doctor.finding import Finding
from app.store import Store

__all__ = ["Finding", "examine"]

CHECKS = (
    record.chains_verify,
    record.events_replay,
    record.every_thing_has_its_first_event,
    record.no_job_has_failed,
    submission.versions_hash_to_what_they_say,
    submission.versions_came_in_time,
    submission.a_submitted_application_has_a_version,
    submission.partners_confirmed_themselves,
    submission.a_withdrawn_application_has_no_open_task,
    evaluation.nobody_with_an_interest_reads,
    evaluation.content_came_after_the_declaration,
    evaluation.scores_fit_the_call,
    evaluation.frozen_reports_count_nowhere,
    evaluation.the_decision_was_signed_by_another,
    evaluation.reviews_of_refusals_had_two_persons,
    evaluation.every_application_of_a_concluded_call_has_an_outcome,
    evaluation.somebody_may_decide,
    labels.active_labels_have_one_certificate,
    labels.certificates_say_what_the_label_says,
    labels.numbers_are_never_reused,
    labels.no_word_before_release,
    labels.awards_keep_within_the_limits,
    accounts.second_factors_open_with_the_key,
    accounts.erased_people_left_nothing,
)


def examine(session: Session, store: Store, now: datetime) -> Iterator[Finding]:
    """Give every violation the database and the files show."""
    for check in CHECKS:
        for what, why in check(session, now):
            yield Finding(check.__name__.replace("_", " "), what, why)
    for of_files in (
        files.rows_have_their_files,
        files.files_have_their_rows,
        files.waiting_files_are_scanned_again,
    ):
        for what, why in of_files(session, store):
            yield Finding(of_files.__name__.replace("_", " "), what, why)
