"""Forms of one's own account."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, PasswordField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import Optional

from forms.base import BaseForm
from forms.checks import NameText, maybe, needed, new_password, shorter


class SettingsForm(BaseForm):
    name = StringField(_("Your name"), [needed(_("Enter your name.")), shorter(200), NameText()])
    language = SelectField(
        _("Language"),
        [Optional()],
        description=_("Of pages and mails. Texts of calls and of other people stay as they were written."),
    )
    single_keys = BooleanField(_("Single keys work on the scoring pages (j, k, 1 to 9, n, a, /)"))

    def offer(self, languages: Sequence[tuple[str, str]]) -> SettingsForm:
        """Let people choose among (code, own name); with one language alone there is nothing to choose."""
        if len(languages) > 1:
            self.language.choices = [SelectChoice(code, name) for code, name in languages]
        else:
            del self.language
        return self


class ChangePasswordForm(BaseForm):
    current_password = PasswordField(_("Password now"), maybe(shorter(1000)))
    password = PasswordField(
        _("New password"),
        [needed(_("Choose a password of 10 to 200 characters.")), *new_password()],
        description=_("At least 10 characters. Several words are easier to remember than signs."),
    )


class EraseForm(BaseForm):
    """An act that can't be undone: the address of the account is typed."""

    typed = StringField(_("E-mail address of the account, to confirm"), maybe(shorter(320)))

    def confirms(self, address: str) -> bool:
        """Say whether just this address was typed; puts the sentence beside the field where it was not."""
        fine = self.validate() and fold_typed(self.typed.data) == fold_typed(address)
        if not fine and not self.typed.errors:
            self.typed.errors = [_("Type %(address)s, so that nothing is erased by mistake.", address=address)]
        return fine


def fold_typed(address: str | None) -> str:
    return (address or "").strip().casefold()


class FactorCodeForm(BaseForm):
    code = StringField(_("Code"), [needed(_("Enter the code.")), shorter(40)])


class ContactForm(BaseForm):
    text = TextAreaField(_("Your message"), [needed(_("Write your message.")), shorter(4000)])
    page = StringField(_("Page it is about"), maybe(shorter(500)))
    reference = StringField(_("Page reference"), maybe(shorter(60)))
