"""Forms of a review: what went wrong, a member of the committee, a new score, an answer to a refused check."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import DecimalField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length

from forms.base import BaseForm
from workflows.review import Ground

LONGEST = 10_000
SHORTER = _("Shorten the text: at most %(max)d characters.")


class ReviewForm(BaseForm):
    ground = RadioField(
        _("What the review should look at"),
        [InputRequired(_("Choose what the review should look at."))],
        choices=[
            SelectChoice(
                Ground.PROCEDURE.value, _("The procedure: a rule of the call or of the evaluation was not kept")
            ),
            SelectChoice(
                Ground.ERROR.value, _("A plain error: something in your application was overlooked or misread")
            ),
        ],
    )
    text = TextAreaField(
        _("What went wrong"),
        [InputRequired(_("Say what went wrong, and where.")), Length(max=LONGEST, message=SHORTER)],
        description=_(
            "Name the criterion, the sentence or the step. A review does not weigh your application against the "
            "evaluators' judgement, and nothing can be added to the application."
        ),
    )


class RefusalReviewForm(ReviewForm):
    ground = RadioField(
        _("What the review should look at"),
        [InputRequired(_("Choose what the review should look at."))],
        choices=[
            SelectChoice(Ground.PROCEDURE.value, _("The procedure: a rule of the call or of the checks was not kept")),
            SelectChoice(Ground.ERROR.value, _("A plain error: something you sent was overlooked or misread")),
        ],
    )
    text = TextAreaField(
        _("What went wrong"),
        [InputRequired(_("Say what went wrong, and where.")), Length(max=LONGEST, message=SHORTER)],
        description=_(
            "Name the condition of the letter, and what in your application, as you sent it, meets it. Nothing can be "
            "added to the application."
        ),
    )


class CheckAnswerForm(BaseForm):
    check_id = ""
    met = RadioField(
        _("What the committee finds"),
        [InputRequired(_("Choose what the committee finds."))],
        choices=[SelectChoice("yes", _("The condition is met")), SelectChoice("no", _("The condition is not met"))],
    )
    reasons = TextAreaField(
        _("Reasons"),
        [InputRequired(_("Give the reasons.")), Length(max=4000, message=SHORTER)],
        description=_("The applicant reads them in the letter."),
    )


class MemberForm(BaseForm):
    person = SelectField(_("Person"), [InputRequired(_("Choose a person."))], choices=[])

    def offer(self, people: Sequence[tuple[str, str]]) -> None:
        """Give the persons who may sit: id and name."""
        self.person.choices = [SelectChoice(key, name) for key, name in people]


class MarkForm(BaseForm):
    criterion = SelectField(_("Criterion"), [InputRequired(_("Choose a criterion."))], choices=[])
    points = DecimalField(_("New score"), [InputRequired(_("Enter the new score."))], places=None)
    reasons = TextAreaField(
        _("Reasons"),
        [InputRequired(_("Give the reasons of the new score.")), Length(max=LONGEST, message=SHORTER)],
        description=_("The applicant reads them in place of the earlier ones, after the release."),
    )

    def offer(self, criteria: Sequence[tuple[str, str]]) -> None:
        self.criterion.choices = [SelectChoice(code, name) for code, name in criteria]
