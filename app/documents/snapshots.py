"""What each document is made from: plain data that is stored with it, so that it can be printed again.

Days are ISO dates, moments ISO with offset (UTC). Money and scores are strings as they are to be shown. Every snapshot
carries `practice` (a demonstration or rehearsal) and `environment` (the name of the installation).
"""

from typing import Any, Literal, NotRequired, TypedDict


class Common(TypedDict):
    lang: str  # "en"
    practice: bool
    environment: str
    made_at: str  # the moment of the record, never of the printing
    identifier: str  # unique and stable: the document's id


class CertificatePartner(TypedDict):
    name: str  # in its own script
    latin_name: NotRequired[str | None]  # shown beneath when the name is in another script
    region_name: str | None
    region_code: str | None  # any vintage, level 2 or 1, or a country without regions
    country: str  # the country's name in words
    is_coordinator: bool


class Certificate(Common):
    number: str
    code: str
    verify_url: str  # https://…/v/CODE
    acronym: str
    title: str
    thematic_area: str | None
    label_name: str  # "ESCP-S3"
    label_long_name: str
    issuer: str
    call_title: str
    call_reference: str
    issued_on: str
    expires_on: str | None
    partners: list[CertificatePartner]
    record_head: NotRequired[dict[str, Any] | None]  # the newest public head of the record when it was issued
    with_grant: NotRequired[bool]  # false: it says that the label comes without a grant
    seal_box: NotRequired[bool]  # keep a place for the electronic seal


class Table(TypedDict):
    caption: str
    columns: list[str]
    rows: list[list[str]]
    numeric: NotRequired[list[int]]  # columns set to the right
    total: NotRequired[list[str] | None]


class PrintedFigure(TypedDict):
    """A picture shown in its place: its bytes by digest, and what it shows in words, which may be empty."""

    sha256: str
    caption: str


class Block(TypedDict):
    """A question with its answer, ready to show: text in paragraphs, a list, a table; none of them: no answer."""

    question: str
    text: NotRequired[str]
    long: NotRequired[bool]  # the text has the marks of app/prose.py; older snapshots do not say
    items: NotRequired[list[str]]
    table: NotRequired[Table]
    figures: NotRequired[list[PrintedFigure]]  # older snapshots have none


class Section(TypedDict):
    title: str
    blocks: list[Block]


class ReceiptFile(TypedDict):
    slot: str
    name: str
    size: int  # bytes
    sha256: str


class ReceiptPartner(TypedDict):
    name: str
    latin_name: NotRequired[str | None]
    country: str
    region_name: str | None
    region_code: str | None
    role: str


class Receipt(Common):
    reference: str
    acronym: str
    title: str
    call_title: str
    call_reference: str
    version: int
    received_at: str
    digest: str  # SHA-256 of the canonical JSON of the version, hexadecimal
    submitted_by: str
    may_change_until: str | None
    facts: list[tuple[str, str]]
    sections: list[Section]
    partners: list[ReceiptPartner]
    tables: list[Table]  # the budget
    files: list[ReceiptFile]
    declarations: list[str]


class BoundFile(TypedDict):
    title: str  # what the outline calls it
    kind: Literal["pdf", "png", "jpg"]
    sha256: str


class ReadingCopy(Common):
    reference: str
    acronym: str
    title: str
    call_title: str
    call_reference: str
    version: int | None  # None: a draft
    facts: list[tuple[str, str]]
    sections: list[Section]
    partners: list[ReceiptPartner]
    tables: list[Table]
    files: list[ReceiptFile]
    bound: list[BoundFile]  # bound behind what is printed, in this order


class Attachment(TypedDict):
    title: str
    note: NotRequired[str]


class Letter(Common):
    kind: Literal["inadmissible", "ineligible", "rejected", "reserve", "awarded", "withdrawn", "other"]
    subject: str
    reference: str
    date: str
    sender: list[str]  # lines of the head: the office and its address
    addressee: list[str]  # lines: name, organisation, address
    paragraphs: list[str]
    reasons: list[str]
    tables: NotRequired[list[Table]]  # the decision's list
    redress: str | None
    closing: NotRequired[str]
    signatures: list[str]
    attachments: list[Attachment]
    text: NotRequired[
        dict[str, Any]
    ]  # whose text it is made with: the kind, and the version of the office (0: shipped)
    content_sha256: NotRequired[str]  # of an act: the digest of all the rest, cited by its letters
    preview: NotRequired[bool]  # marked as such on each page, and never stored


class Criterion(TypedDict):
    name: str
    maximum: str
    threshold: str | None
    score: str
    reached: bool | None  # None where no threshold was set
    comments: str


class SummaryReport(Common):
    reference: str
    acronym: str
    title: str
    call_title: str
    call_reference: str
    coordinator: str
    date: str
    criteria: list[Criterion]
    total: str
    total_maximum: str
    overall_threshold: str | None
    outcome: str
    overall_comment: NotRequired[str]
    minority_views: list[str]
    redress: str | None


Snapshot = Certificate | Receipt | ReadingCopy | Letter | SummaryReport
Kind = Literal["certificate", "receipt", "reading_copy", "letter", "summary_report"]
