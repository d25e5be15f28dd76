"""What an evaluator of an anonymous call gets of an uploaded file: the same, without what tells who made it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import docx
import pikepdf
import pytest
import xlsxwriter
from PIL import Image, PngImagePlugin

from app.doctor import examine
from app.models import Application, Call, File, PlainCopy
from app.plain.maker import Maker
from app.services.anonymising.plain_copies import copying, plain_copy_of, want_plain_copies
from app.services.transitions import Refused, create, perform
from app.services.work.cockpit import cockpit_of
from app.store import Store
from tests.support.application import a_pdf
from tests.support.evaluation import Evaluation
from tests.support.world import World
from workflows.relations import Relation as R

PDF, PNG, JPG = "application/pdf", "image/png", "image/jpeg"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MARK = "Zquonkova"  # a name that stands nowhere else


@pytest.fixture(scope="module")
def maker() -> Iterator[Maker]:
    made = Maker()
    yield made
    made.close()


def a_jpeg(*, turned: bool = False) -> bytes:
    exif = Image.Exif()
    exif[0x013B] = MARK  # artist
    if turned:
        exif[0x0112] = 6
    made = io.BytesIO()
    Image.new("RGB", (20, 10), "red").save(made, "JPEG", exif=exif, comment=MARK.encode())
    return made.getvalue()


def a_png() -> bytes:
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", MARK)
    told.add_itxt("XML:com.adobe.xmp", MARK)
    made = io.BytesIO()
    Image.new("RGBA", (8, 8), "blue").save(made, "PNG", pnginfo=told)
    return made.getvalue()


def a_told_pdf(*, signed: bool = False) -> bytes:
    """A PDF that names its author in each place there is: information, XMP, a comment, a picture."""
    with pikepdf.new() as document:
        page = document.add_blank_page()
        with document.open_metadata() as xmp:
            xmp["dc:creator"] = [MARK]
        document.docinfo["/Author"] = MARK
        comment = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, T=MARK, Contents="Look here", Rect=[0, 0, 9, 9]
        )
        leaving = pikepdf.Dictionary(S=pikepdf.Name.GoToR, F=f"C:/{MARK}/other.pdf", D=[0, pikepdf.Name.Fit])
        link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=leaving)
        page.obj["/Annots"] = pikepdf.Array([document.make_indirect(comment), document.make_indirect(link)])
        picture = document.make_stream(b"")
        picture.write(a_jpeg(), filter=pikepdf.Name.DCTDecode)
        picture["/Subtype"] = pikepdf.Name.Image
        page.obj["/Resources"] = pikepdf.Dictionary(XObject=pikepdf.Dictionary(A=picture))
        if signed:
            document.Root["/AcroForm"] = document.make_indirect(
                pikepdf.Dictionary(Type=pikepdf.Name.Sig, Name=MARK, Contents=b"x")
            )
        made = io.BytesIO()
        document.save(made, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return made.getvalue()


def a_docx(**parts: bytes) -> bytes:
    made = io.BytesIO()
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("docProps/core.xml", f"<p><dc:creator>{MARK}</dc:creator></p>")
        archive.writestr("docProps/app.xml", f"<p><Company>{MARK}</Company></p>")
        archive.writestr(
            "word/comments.xml", f'<w:comment w:author="{MARK}" w:initials="ZQ"><w:t>Look</w:t></w:comment>'
        )
        archive.writestr("word/document.xml", f"<d xmlns:w=\"{word}\"><w:ins w:author='{MARK}'>Our plan</w:ins></d>")
        archive.writestr("word/media/image1.jpeg", a_jpeg())
        archive.writestr("xl/workbook.xml", f'<w><x15ac:absPath url="C:\\Users\\{MARK}\\" xmlns:x15ac="x"/></w>')
        template = f'<Relationship Id="a" Target="file:///C:\\{MARK}\\t.dotx" TargetMode="External"/>'
        archive.writestr("word/_rels/settings.xml.rels", f"<Relationships>{template}</Relationships>")
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def _everything_in(data: bytes, media_type: str) -> bytes:
    if media_type == DOCX:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return b"\n".join(archive.read(name) for name in archive.namelist())
    if media_type == PDF:
        unpacked = io.BytesIO()
        with pikepdf.open(io.BytesIO(data)) as document:
            document.save(unpacked, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        return unpacked.getvalue()
    return data


@pytest.mark.parametrize(
    ("media_type", "data"),
    [(PDF, a_told_pdf()), (DOCX, a_docx()), (PNG, a_png()), (JPG, a_jpeg())],
    ids=["pdf", "docx", "png", "jpg"],
)
def test_the_copy_tells_nobody_who_made_it(maker: Maker, media_type: str, data: bytes) -> None:
    mark = MARK.encode()
    assert mark in _everything_in(data, media_type)

    copy, obstacle = maker.make(data, media_type)

    assert obstacle == ""
    assert copy is not None
    assert mark not in _everything_in(copy, media_type)


def test_the_content_stays(maker: Maker) -> None:
    pdf, _ = maker.make(a_told_pdf(), PDF)
    docx, _ = maker.make(a_docx(), DOCX)
    png, _ = maker.make(a_png(), PNG)

    assert pdf
    assert docx
    assert png
    assert b"Look here" in _everything_in(pdf, PDF)
    assert b"Our plan" in _everything_in(docx, DOCX)
    with Image.open(io.BytesIO(png)) as picture:
        assert (picture.size, picture.getpixel((0, 0))) == ((8, 8), (0, 0, 255, 255))


def test_a_picture_that_its_properties_turn_is_turned_for_good(maker: Maker) -> None:
    copy, _ = maker.make(a_jpeg(turned=True), JPG)

    assert copy is not None
    with Image.open(io.BytesIO(copy)) as picture:
        assert picture.size == (10, 20)


def test_what_cannot_be_taken_out_is_named_and_no_copy_made(maker: Maker) -> None:
    signed = a_docx(**{"_xmlsignatures/sig1.xml": b"<s/>"})

    assert maker.make(a_told_pdf(signed=True), PDF) == (None, "pdf-signature")
    assert maker.make(signed, DOCX) == (None, "office-signature")
    assert maker.make(b"%PDF-1.4 and nothing", PDF) == (None, "unreadable")


class Uploaded:
    """An application to an anonymous call, with one file."""

    def __init__(self, world: World, data: bytes, *, anonymous: bool = True) -> None:
        self.world, self.story = world, Evaluation(world, anonymous=anonymous)
        self.store = Store.from_url(str(world.folder / "files"))
        self.application = self.story.application("ALPHA")
        stored = self.store.put(data)
        with world.act(self.story.manager) as act:
            file = File(
                application_id=self.application.id, slot="plan", name="plan of ours.pdf", media_type=PDF,
                sha256=stored.sha256, size=stored.size, uploaded_by=act.person_id, uploaded_at=act.now,
            )  # fmt: skip
            perform(act, file, "pass", by=R.CASCADE, cause=create(act, file, relation=R.COORDINATOR))
        self.file = file
        self.story.close()
        self.story.admit(self.application)

    def copy(self) -> None:
        with self.world.act() as act:
            wanted = want_plain_copies(act)
            again = want_plain_copies(act)
        assert (wanted, again) == (1, 0)
        finish = copying(self.world.database, self.store)({"file": self.file.id}, "job")
        with self.world.act() as act:
            finish(act)

    def needs(self) -> list[tuple[str, object]]:
        with self.world.look(self.story.manager) as act:
            cockpit = cockpit_of(act, act.session.get_one(Call, self.story.call.id))
            return [(n.what.code, n.what.params["obstacle"]) for n in cockpit.needs if n.what.code == "no-copy"]


def test_a_copy_is_made_once_and_the_original_stays_as_it_was(world: World) -> None:
    data = a_told_pdf()
    uploaded = Uploaded(world, data)

    uploaded.copy()

    with world.look() as act:
        sha256, size = plain_copy_of(act, act.session.get_one(File, uploaded.file.id))
        assert (sha256 != uploaded.file.sha256, size) == (True, uploaded.store.size(sha256))
        assert uploaded.store.get(uploaded.file.sha256) == data
        of_files = [f for f in examine(act.session, uploaded.store, datetime.now(UTC)) if "file" in f.statement]
    assert of_files == []
    assert uploaded.needs() == []


def test_without_a_copy_the_evaluator_gets_nothing_and_the_manager_learns_why(world: World) -> None:
    uploaded = Uploaded(world, a_told_pdf(signed=True))
    with world.look() as act, pytest.raises(Refused) as awaited:
        plain_copy_of(act, act.session.get_one(File, uploaded.file.id))

    uploaded.copy()

    with world.look() as act, pytest.raises(Refused) as impossible:
        plain_copy_of(act, act.session.get_one(File, uploaded.file.id))
    assert awaited.value.verdict.codes == ("copy-awaited",)
    assert impossible.value.verdict.codes == ("copy-impossible",)
    assert uploaded.needs() == [("no-copy", "an electronic signature, which names who signed")]


def test_a_call_that_hides_nobody_wants_no_copies(world: World) -> None:
    Uploaded(world, a_pdf(), anonymous=False)

    with world.act() as act:
        assert want_plain_copies(act) == 0
        assert act.session.query(PlainCopy).count() == 0
        assert act.session.query(Application).count() == 1


def test_the_words_of_office_files_are_read_wherever_they_stand(maker: Maker):
    document = docx.Document()
    document.add_paragraph().add_run("Zqu").bold = True
    document.paragraphs[0].add_run("onkova leads it")  # one word in two runs
    document.sections[0].header.paragraphs[0].text = "In the header: ask@zquonkova.example"
    document.add_table(1, 1).cell(0, 0).text = "In a cell"
    told = maker.texts(saved(document.save), DOCX)
    assert told is not None
    for words in ("Zquonkova leads it", "In the header: ask@zquonkova.example", "In a cell"):
        assert words in "\n".join(told)

    def fill(to: io.BytesIO) -> None:
        with xlsxwriter.Workbook(to) as book:
            sheet = book.add_worksheet("Budget")
            sheet.write("A1", MARK)
            sheet.write_comment("A1", "Ask ask@zquonkova.example")
            sheet.write_url("B2", "https://zquonkova.example/", string="our site")

    told = maker.texts(saved(fill), XLSX)
    assert told is not None
    for words in (MARK, "Ask ask@zquonkova.example", "https://zquonkova.example/"):
        assert words in "\n".join(told)
    assert maker.texts(b"PK\x03\x04 and no more", DOCX) is None


def saved(save: Callable[[io.BytesIO], object]) -> bytes:
    made = io.BytesIO()
    save(made)
    return made.getvalue()
