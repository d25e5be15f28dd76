"""Forms of signing up and in."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from forms.base import BaseForm
from forms.checks import MailAddress, NameText, maybe, needed, new_password, shorter

ADDRESS = 254
CODE = 40


class SharedForm(BaseForm):
    shared = BooleanField(
        _("This is a shared computer"),
        description=_("Nothing you type is kept in this browser beyond the page, and the browser is not remembered."),
    )


class SignInForm(SharedForm):
    email = EmailField(_("E-mail address"), [needed(_("Enter your e-mail address.")), shorter(ADDRESS)])
    password = PasswordField(_("Password"), [needed(_("Enter your password.")), shorter(1000)])
    next = HiddenField()
    kept = HiddenField()


class AddressForm(BaseForm):
    email = EmailField(_("E-mail address"), [needed(_("Enter your e-mail address.")), shorter(ADDRESS), MailAddress()])


class SignUpForm(BaseForm):
    name = StringField(
        _("Your name"),
        [needed(_("Enter your name.")), shorter(200), NameText()],
        description=_("As your colleagues write it."),
    )
    email = EmailField(
        _("E-mail address"),
        [needed(_("Enter your e-mail address.")), shorter(ADDRESS), MailAddress()],
        description=_("Your address at work helps us to find your organisation."),
    )
    way = RadioField(
        _("How do you want to sign in?"),
        [needed(_("Choose how you want to sign in."))],
        choices=[
            SelectChoice("password", _("With a password")),
            SelectChoice("link", _("With a link that we send to this address each time")),
        ],
        default="password",
    )
    password = PasswordField(
        _("Password"),
        maybe(*new_password()),
        description=_("At least 10 characters; leave it empty if you want links. Several words are easy to remember."),
    )

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - the signature of WTForms
        fine = super().validate(extra_validators)
        if self.way.data != "password" or self.password.data:
            return fine
        self.password.errors = [_("Choose a password of 10 to 200 characters.")]
        return False


class NewPasswordForm(BaseForm):
    password = PasswordField(
        _("New password"),
        [needed(_("Choose a password of 10 to 200 characters.")), *new_password()],
        description=_("At least 10 characters. Several words are easier to remember than signs."),
    )


class CodeForm(BaseForm):
    code = StringField(
        _("Code"),
        [needed(_("Enter the code.")), shorter(CODE)],
        description=_("The six digits your authenticator app shows now, or one of your recovery codes."),
    )
    next = HiddenField()
    kept = HiddenField()


class AgainForm(BaseForm):
    password = PasswordField(_("Password"), maybe(shorter(1000)))
    code = StringField(
        _("Code of your authenticator app"),
        maybe(shorter(CODE)),
        description=_("Instead of the password, if you have set one up."),
    )
    next = HiddenField()
