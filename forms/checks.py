"""Checks of shape that several forms share, each with a sentence a person can act upon."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from flask_babel import lazy_gettext
from wtforms import Field
from wtforms.validators import InputRequired, Length, Optional, StopValidation

from workflows.contact_details import contacts_in_name

_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_WEB = re.compile(r"(https?://)?[^\s/:@]+\.[^\s/:@]+(:\d+)?(/\S*)?", re.IGNORECASE)
PIC_DIGITS = 9
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200


def shorter(most: int) -> Length:
    return Length(max=most, message=lazy_gettext("Shorten the text: at most %(max)d characters."))


def needed(message: Any) -> InputRequired:  # noqa: ANN401 - a lazy text
    return InputRequired(message)


def is_name(text: str) -> bool:
    return not _TURNING.search(text) and not any(unicodedata.category(c) in ("Cc", "Cs") for c in text)


class NameText:
    """A name: no control characters, nothing that turns the direction of writing."""

    def __call__(self, _form: object, field: Field) -> None:
        if not is_name(field.data or ""):
            raise StopValidation(
                lazy_gettext("Remove the invisible characters from “%(field)s”: type it anew.", field=field.label.text)
            )


def is_mail_address(text: str) -> bool:
    return _ADDRESS.fullmatch(text) is not None


class MailAddress:
    """The shape of an e-mail address; whether it exists, a mail finds out."""

    def __call__(self, _form: object, field: Field) -> None:
        if not _ADDRESS.fullmatch(field.data or ""):
            raise StopValidation(lazy_gettext("Enter an e-mail address such as name@organisation.eu."))


class WebAddress:
    def __call__(self, _form: object, field: Field) -> None:
        if not _WEB.fullmatch(field.data or ""):
            raise StopValidation(lazy_gettext("Enter a web address such as https://www.organisation.eu."))


class Pic:
    """A PIC has nine digits; spaces and hyphens between them do not matter."""

    def __call__(self, _form: object, field: Field) -> None:
        digits = pic_digits(field.data)
        if not digits.isdigit() or not digits.isascii() or len(digits) != PIC_DIGITS:
            raise StopValidation(lazy_gettext("A PIC has nine digits; leave it empty if you have none."))


def pic_digits(text: str | None) -> str:
    return re.sub(r"[\s.\-]", "", text or "")


def new_password() -> list[Any]:
    long_enough = Length(
        min=SHORTEST_PASSWORD,
        max=LONGEST_PASSWORD,
        message=lazy_gettext("Choose a password of %(min)d to %(max)d characters."),
    )
    return [long_enough]


def maybe(*checks: Any) -> list[Any]:  # noqa: ANN401
    return [Optional(), *checks]


class OrganisationName(NameText):
    """The same of an organisation, whose name stands in lists and mails: without an address or a number to call."""

    def __call__(self, form: object, field: Field) -> None:
        super().__call__(form, field)
        if contacts_in_name(field.data or ""):
            raise StopValidation(
                lazy_gettext(
                    "Take the e-mail address, telephone number or link out of “%(field)s”.", field=field.label.text
                )
            )
