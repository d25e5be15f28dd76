"""Every text for people can be found by the extraction, and its parameters are those it is given."""

import ast
import re
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter

from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"

sys.path.insert(0, str(ROOT / "tools"))
import translations  # noqa: E402

SOURCES = sorted(path for folder in ("app", "forms", "workflows") for path in (ROOT / folder).rglob("*.py"))
PAGES = sorted(TEMPLATES.rglob("*.html"))
ONE, TWO = frozenset({"_", "gettext", "lazy_gettext"}), frozenset({"ngettext", "plural"})
JINJA = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
PERCENT = re.compile(r"%(?:\((\w+)\)[sd]|(%)|.|$)")


def _name(path):
    return str(path.relative_to(ROOT))


@cache
def _calls(path):
    """Give name and node of each call in a Python file."""
    found = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    return [(node.func.id, node) for node in found if isinstance(node.func, ast.Name)]


def _all_calls(*names, sources=SOURCES):
    for path in sources:
        yield from ((f"{_name(path)}:{node.lineno}", name, node) for name, node in _calls(path) if name in names)


def _text(node):
    """Give the message of a literal or of a marked literal; None for what is only known when it runs."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if node.func.id in ONE and node.args:
            return _text(node.args[0])
        if node.func.id in TWO and len(node.args) > 1:
            return " ".join(_text(arg) or "" for arg in node.args[:2])
    return None


def _built(node):
    """Say whether a text is put together at run time, where no extraction can see it."""
    if isinstance(node, ast.IfExp):
        return _built(node.body) or _built(node.orelse)
    joined = isinstance(node, ast.JoinedStr | ast.BinOp)
    return joined or (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format"
    )


def test_the_list_of_texts_is_up_to_date():
    assert translations.is_up_to_date(), "run python tools/translations.py extract"


def test_the_list_holds_texts_of_every_kind():
    with translations.TEMPLATE.open("rb") as file:
        catalog = read_po(file)

    by_place = {place.partition("/")[0] for message in translations.collect() for place, _line in message.locations}
    assert by_place == {"app", "forms", "workflows", "templates"}
    assert "The deadline has passed." in catalog
    assert "Textiles" in catalog
    assert any(isinstance(message.id, tuple) for message in catalog)


def test_no_marked_text_is_put_together_at_run_time():
    built = [
        f"{place}: {ast.unparse(node)}"
        for place, name, node in _all_calls(*ONE, *TWO)
        if any(_built(argument) for argument in node.args[: 1 if name in ONE else 2])
    ]

    assert built == []


def test_every_reason_is_marked_for_extraction():
    bare = [
        f"{place}: {ast.unparse(node)}"
        for place, _, node in _all_calls("refuse", "Reason")
        if len(node.args) > 1 and isinstance(node.args[1], ast.Constant | ast.JoinedStr)
    ]

    assert bare == []


def _given(name, node):
    """Give the parameters of a reason, or None where they are only known when it runs."""
    if name == "refuse":
        keys = [keyword.arg for keyword in node.keywords]
        return None if None in keys else set(keys)
    given = node.args[2] if len(node.args) > 2 else None
    if given is None and not node.keywords:
        return set()
    if isinstance(given, ast.Dict) and all(isinstance(key, ast.Constant) for key in given.keys):
        return {key.value for key in given.keys}
    return None


# Where a cell stands is added to its reason by the table the cell stands in.
ADDED_LATER = {"row", "column_label"}


def test_reasons_are_given_the_parameters_they_name():
    wrong = []
    for place, name, node in _all_calls("refuse", "Reason"):
        text, given = (_text(node.args[1]), _given(name, node)) if len(node.args) > 1 else (None, None)
        if text is None or given is None:
            continue
        named = {field for _before, field, _spec, _conversion in Formatter().parse(text) if field is not None}
        if not named <= given | ADDED_LATER:
            wrong.append(f"{place}: {sorted(named)} named, {sorted(given)} given")

    assert wrong == []


FIELDS = {
    "flash",
    "Length",
    "InputRequired",
    "DataRequired",
    "StopValidation",
    "ValidationError",
    "NumberRange",
    "Regexp",
}


def test_labels_and_messages_of_forms_are_marked():
    """A name of a field is one word without a blank; what has one is read by people."""
    web = [path for path in SOURCES if path.relative_to(ROOT).parts[0] == "forms" or "views" in path.parts]
    bare = [
        f"{_name(path)}:{node.lineno}: {ast.unparse(given)}"
        for path in web
        for name, node in _calls(path)
        if name.endswith("Field") or name in FIELDS
        for given in [*node.args, *(keyword.value for keyword in node.keywords)]
        if isinstance(given, ast.JoinedStr) or (isinstance(given, ast.Constant) and " " in str(given.value))
    ]

    assert bare == []


def _percents(text):
    """Give the parameters of a gettext message, and whether a bare percent sign stands in it."""
    found = list(PERCENT.finditer(text))
    return {match[1] for match in found if match[1]}, any(not match[1] and not match[2] for match in found)


def test_texts_of_views_and_forms_are_given_the_parameters_they_name():
    wrong = []
    web = [path for path in SOURCES if "workflows.words" not in path.read_text("utf-8")]
    for place, name, node in _all_calls(*ONE, "ngettext", sources=web):
        text = _text(node)
        if text is None or any(keyword.arg is None for keyword in node.keywords):
            continue
        given = {keyword.arg for keyword in node.keywords} | ({"num"} if name == "ngettext" else set())
        named, bare = _percents(text)
        # A message of a validator is filled in by WTForms, which knows the limits.
        if (given and (not named <= given or bare)) or (named - given - {"max", "min", "length"} and not node.keywords):
            wrong.append(f"{place}: {text}")

    assert wrong == []


def _calls_in_pages():
    for path in PAGES:
        for call in JINJA.parse(path.read_text("utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name in ONE | TWO:
                yield f"{_name(path)}:{call.lineno}", call


def test_texts_of_templates_are_literal_and_are_given_the_parameters_they_name():
    wrong = []
    for place, call in _calls_in_pages():
        count = 1 if call.node.name in ONE else 2
        texts = call.args[:count]
        given = {k.key for k in call.kwargs} | ({"num"} if count == 2 else set())
        if any(isinstance(text, nodes.Concat | nodes.Add | nodes.Mod) for text in texts):
            wrong.append(f"{place}: put together")
        for text in (t.value for t in texts if isinstance(t, nodes.Const)):
            named, bare = _percents(text)
            if bare or not named <= given:
                wrong.append(f"{place}: {text}")

    assert wrong == []


# What is no text of ours to translate: our name, a name of a method, and a credit whose words are prescribed.
NAMES = ("ESCP-S3", "SHA-256", "EuroGeographics")


class _Visible(HTMLParser):
    """Collects what a reader sees or hears of a template's own characters."""

    def __init__(self):
        super().__init__()
        self.found, self.hidden = [], 0

    def handle_starttag(self, tag, attrs):
        heard = {"aria-label", "title", "placeholder", "alt", "label"}
        self.found += [value or "" for name, value in attrs if name in heard]
        self.hidden += tag in ("svg", "style", "script")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("svg", "style", "script")

    def handle_data(self, data):
        if not self.hidden:
            self.found.append(data)


def _visible_texts(path):
    tokens = JINJA.lexer.tokeniter(path.read_text("utf-8"), None)
    page = _Visible()
    page.feed("".join({"data": text, "variable_begin": "0"}.get(kind, "") for _line, kind, text in tokens))
    page.close()
    return [text.strip() for text in page.found if re.search(r"[^\W\d_]{2}", text)]


def test_no_visible_text_of_a_template_stands_outside_gettext():
    bare = [
        f"{_name(path)}: {text}"
        for path in PAGES
        for text in _visible_texts(path)
        if not any(name in text for name in NAMES)
    ]

    assert bare == []


def test_a_language_can_be_begun_and_is_compiled(tmp_path, monkeypatch):
    monkeypatch.setattr(translations, "FOLDER", tmp_path)
    monkeypatch.setattr(translations, "TEMPLATE", tmp_path / "messages.pot")
    monkeypatch.setattr(translations, "collect", cache(translations.collect))

    translations.start("el")
    translations.update()

    written = tmp_path / "el" / "LC_MESSAGES"
    with (written / "messages.po").open("rb") as file:
        assert "The deadline has passed." in read_po(file, locale="el")
    assert (written / "messages.mo").stat().st_size > 0
