"""The code of conduct for evaluators. Who accepts it accepts a version; a new text needs a new one."""

from workflows.words import _

VERSION = "2026-1"
LINES = (
    _("You judge each application by itself, against the criteria of the call and nothing else."),
    _("You declare every conflict of interest before you open an application, and at once if you find one later."),
    _("You keep texts, scores and discussions secret, during the evaluation and after it."),
    _("You don't contact applicants, and you don't tell anybody which applications you read."),
    _("You don't enter any part of an application into services of others."),
)
