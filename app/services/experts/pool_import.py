"""Experts from a CSV file: read and judged whole, shown before anything is stored, then invited as one act."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from app.act import Act
from app.models import Expert, Person
from app.services.experts.expert import EmployerEntry, More, invite_expert, person_to_invite
from app.services.organisations.names import LIKE, fold_address, likeness
from app.services.permitted import relation_for
from app.services.transitions import Refused
from workflows.pool import SECTORS
from workflows.verdict import Reason, refuse
from workflows.words import _

COLUMNS = (
    "name", "email", "country", "languages", "expertise", "free_words", "biography", "sector", "most_tasks",
    "employer", "employer_domain",
)  # fmt: skip
NEEDED = ("name", "email")
MOST_LINES = 500
LONGEST = {"name": 200, "free_words": 500, "biography": 2000, "employer": 300, "employer_domain": 253}
ALSO = {"EL": "GR", "UK": "GB"}  # as the codes of regions write them
MOST_TASKS, USUAL_TASKS = 200, 10


@dataclass(frozen=True)
class Codes:
    """What may stand in the columns that hold codes, and how an address is judged."""

    countries: frozenset[str]
    languages: frozenset[str]
    expertise: frozenset[str]
    is_address: Callable[[str], bool]
    is_name: Callable[[str], bool]


@dataclass(frozen=True)
class Fault:
    line: int  # of the file; the headings are line 1
    column: str
    why: Reason


@dataclass
class Line:
    """One person of the file."""

    number: int
    cells: Mapping[str, str]
    doubles: list[Reason] = field(default_factory=list)
    is_known: bool = False  # stands in the pool or twice in the file: not invited again


@dataclass
class Preview:
    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def faulty(self) -> set[int]:
        """Give the numbers of the lines with faults."""
        return {fault.line for fault in self.faults}

    @property
    def to_invite(self) -> list[Line]:
        return [line for line in self.lines if not line.is_known]

    @property
    def is_ready(self) -> bool:
        return not self.faults and bool(self.to_invite)


def preview_of(act: Act, text: str, codes: Codes) -> Preview:
    """Judge every line of a file; nothing is stored. Semicolons and commas are both read."""
    relation_for(act, "expert.import", None)
    preview = Preview()
    head, rows = _rows(text)
    preview.faults += _faults_of_head(head)
    if preview.faults:
        return preview
    if len(rows) > MOST_LINES:
        text = _("At most {most} people at a time; the file has {given}.")
        why = Reason("too-many", text, {"most": MOST_LINES, "given": len(rows)})
        preview.faults.append(Fault(1, "", why))
        return preview
    for number, row in rows:
        if len(row) > len(head):
            preview.faults.append(Fault(number, "", Reason("too-wide", _("There are more cells than headings."))))
            continue
        cells = dict.fromkeys(COLUMNS, "") | dict(zip(head, (cell.strip() for cell in row), strict=False))
        cells["country"] = ALSO.get(cells["country"].upper(), cells["country"].upper())
        preview.faults += [Fault(number, column, why) for column, why in _faults_of(cells, codes)]
        preview.lines.append(Line(number, cells))
    _find_doubles(act, preview.lines)
    return preview


def _rows(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Give the headings, and each line that is not empty with its number in the file."""
    whole = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    first = whole.partition("\n")[0]
    reader = csv.reader(io.StringIO(whole, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    found: list[tuple[int, list[str]]] = []
    before = 0
    try:
        for row in reader:
            found.append((before + 1, row))
            before = reader.line_num
    except csv.Error:
        found.append((before + 1, ["\n"] * (len(COLUMNS) + 1)))  # a cell beyond all measure: the line is refused
    head = [cell.strip().casefold() for cell in found[0][1]] if found else []
    return head, [(number, row) for number, row in found[1:] if any(cell.strip() for cell in row)]


def _faults_of_head(head: Sequence[str]) -> list[Fault]:
    known = ", ".join(COLUMNS)
    found = [
        Fault(1, name, Reason("unknown-column", _("There is no such column; known: {known}."), {"known": known}))
        for name in head
        if name not in COLUMNS
    ]
    found += [
        Fault(1, name, Reason("double-column", _("This column stands twice.")))
        for name in COLUMNS
        if list(head).count(name) > 1
    ]
    missing = Reason("missing-column", _("This column is needed."))
    return found + [Fault(1, name, missing) for name in NEEDED if name not in head]


def _faults_of(cells: Mapping[str, str], codes: Codes) -> Iterator[tuple[str, Reason]]:
    empty = Reason("empty", _("This cell is needed."))
    yield from ((column, empty) for column in NEEDED if not cells[column])
    if cells["email"] and not codes.is_address(cells["email"]):
        yield "email", Reason("address", _("This is no e-mail address."))
    for column in ("name", "employer"):
        if not codes.is_name(cells[column]):
            yield column, Reason("name", _("Remove the invisible characters from this cell: type it anew."))
    for column, most in LONGEST.items():
        if len(cells[column]) > most:
            text = _("At most {most} characters; there are {given}.")
            yield column, Reason("too-long", text, {"most": most, "given": len(cells[column])})
    yield from _faults_of_codes(cells, codes)
    yield from _other_faults(cells)


def _other_faults(cells: Mapping[str, str]) -> Iterator[tuple[str, Reason]]:
    if any(ord(letter) < ord(" ") and letter not in "\n\t" for cell in cells.values() for letter in cell):
        yield "", Reason("control", _("There is a control character in this line."))
    tasks = cells["most_tasks"]
    if tasks and not (tasks.isascii() and tasks.isdigit() and int(tasks[:9]) <= MOST_TASKS):
        yield "most_tasks", Reason("number", _("Give a whole number from 0 to {most}."), {"most": MOST_TASKS})


def _faults_of_codes(cells: Mapping[str, str], codes: Codes) -> Iterator[tuple[str, Reason]]:
    allowed = {
        "country": codes.countries,
        "languages": codes.languages,
        "expertise": codes.expertise,
        "sector": frozenset(SECTORS),
    }
    for column, known in allowed.items():
        for code in many(cells[column]):
            if code not in known:
                yield column, Reason("unknown-code", _("“{code}” is no code of this list."), {"code": code[:80]})
    if len(many(cells["country"])) > 1:
        yield "country", Reason("one-country", _("Give one country."))


def many(cell: str) -> list[str]:
    """Give the codes of a cell: between them stand blanks, bars or commas."""
    return [part for part in cell.replace("|", " ").replace(",", " ").split() if part]


def _find_doubles(act: Act, lines: Sequence[Line]) -> None:
    """Mark who is in the pool or stands twice, and say whose name looks like that of somebody in the pool."""
    query = select(Person.email_folded, Person.name).join(Expert, Expert.person_id == Person.id)
    pool: dict[str, str] = {address: name for address, name in act.session.execute(query)}  # noqa: C416 - rows, not pairs
    first: dict[str, int] = {}
    for line in lines:
        address, name = fold_address(line.cells["email"]), line.cells["name"]
        if address in pool:
            line.is_known = True
            line.doubles.append(Reason("in-pool", _("Is in the pool already.")))
        elif address in first:
            line.is_known = True
            text = _("Stands in line {n} already.")
            line.doubles.append(Reason("twice", text, {"n": first[address]}))
        else:
            first.setdefault(address, line.number)
            alike = sorted({other for other in pool.values() if likeness(name, other) >= LIKE})
            if alike:
                text = _("Has a name like somebody in the pool: {names}.")
                line.doubles.append(Reason("like", text, {"names": ", ".join(alike)}))


def import_all(act: Act, text: str, codes: Codes, employer_of: Callable[[str], str | None]) -> int:
    """Invite everybody of the file who is not in the pool; all or nobody. Raises `Refused` where it has faults."""
    preview = preview_of(act, text, codes)
    if not preview.is_ready:
        raise Refused(refuse("file-faulty", _("The file can't be taken as it is: look at the preview.")))
    for line in preview.to_invite:
        cells = line.cells
        person = person_to_invite(act, name=cells["name"], email=cells["email"])
        invite_expert(
            act,
            person,
            country=cells["country"] or None,
            languages=many(cells["languages"]),
            expertise=many(cells["expertise"]),
            employers=_employers(cells, employer_of),
            most_tasks=int(cells["most_tasks"] or USUAL_TASKS),
            free_words=cells["free_words"],
            biography=cells["biography"],
            more=More(sector=cells["sector"]),
        )
    return len(preview.to_invite)


def _employers(cells: Mapping[str, str], employer_of: Callable[[str], str | None]) -> list[EmployerEntry]:
    if not cells["employer"]:
        return []
    name = cells["employer"]
    return [EmployerEntry(name=name, organisation_id=employer_of(name), domain=cells["employer_domain"])]
