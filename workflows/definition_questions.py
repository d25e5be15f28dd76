"""Questions and documents of a call as data. What an answer may be is in questions.py."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated


class QuestionType(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    MULTI_CHOICE = "multi_choice"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    COUNTRY = "country"
    REGION_LIST = "region_list"
    PARTNER_LIST = "partner_list"
    WORK_PACKAGES = "work_packages"
    INDICATORS = "indicators"
    BUDGET = "budget"
    TABLE = "table"
    DOCUMENT = "document"


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One answer to choose, one cost category, or one indicator the call names."""

    code: str
    label: str
    hint: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column of a table that a question asks for."""

    id: str
    label: str
    type: Annotated[QuestionType, "text, long_text, number, date, yes_no, choice or country."] = QuestionType.TEXT
    required: bool = False
    max_chars: int | None = None
    choices: tuple[Choice, ...] = ()
    min: Decimal | None = None
    max: Decimal | None = None
    step: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One question of a section."""

    id: str
    label: str
    type: QuestionType
    required: bool = False
    hint: str = ""
    max_chars: Annotated[int | None, "Characters: code points after NFC, a line break as one."] = None
    taxonomy: Annotated[str | None, "List of the taxonomy the choices come from."] = None
    choices: Annotated[tuple[Choice, ...], "Choices, cost categories or indicators."] = ()
    max_choices: int | None = None
    min: Decimal | None = None
    max: Decimal | None = None
    step: Decimal | None = None
    columns: Annotated[tuple[Column, ...], "Columns of a table, or further columns of a built-in one."] = ()
    max_rows: int | None = None
    indirect_rate: Annotated[Decimal | None, "Budget: flat rate of indirect costs, between 0 and 1."] = None
    formats: Annotated[tuple[str, ...], "Document: file formats."] = ("pdf",)
    max_mb: Annotated[int, "Document: greatest size in megabytes."] = 10
    max_count: Annotated[int, "Document: most files."] = 1
    identifying: Annotated[bool, "The answer tells who applies: hidden from experts of an anonymous call."] = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """Questions answered and saved together."""

    id: str
    title: str
    hint: str = ""
    questions: tuple[Question, ...] = ()


class DocumentPer(StrEnum):
    APPLICATION = "application"
    PARTNER = "partner"


class DocumentDue(StrEnum):
    APPLICATION = "application"
    AWARD = "award"


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentSlot:
    """A place for uploaded files."""

    id: str
    label: str
    required: bool = False
    per: DocumentPer = DocumentPer.APPLICATION
    due: Annotated[DocumentDue, "With the application, or after the award and only from those on the award list."] = (
        DocumentDue.APPLICATION
    )
    keeps: Annotated[
        str | None, "Kind of document an organisation keeps in its profile and gives again: statutes, accounts, …."
    ] = None
    formats: tuple[str, ...] = ("pdf",)
    max_mb: int = 10
    max_count: int = 1
    waived_for: Annotated[tuple[str, ...], "Kinds of organisation that need not give it."] = ()
    identifying: Annotated[bool, "The files tell who applies: hidden from experts of an anonymous call."] = False
