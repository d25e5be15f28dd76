"""What an expert reads: the submitted version as it was frozen, without names where the call hides them."""

from __future__ import annotations

import json

from app.access import can
from app.act import Act
from app.models import Application
from app.services.check import last_version
from app.services.content import ShownContent, shown_content
from app.services.submission import definition_of_version


def reading_of(act: Act, application: Application) -> ShownContent:
    """Give the version in force as the acting person may read it."""
    version = last_version(act, application)
    content = json.loads(version.canonical)
    names = can(act, "application.view_people", application)
    return shown_content(definition_of_version(act, version), content, names=names)
