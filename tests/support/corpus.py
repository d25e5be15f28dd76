"""The upload corpus: files made by code, each with the name it comes under and the answer it has to get."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pikepdf
from PIL import Image

STORED = "stored"
NO_FORM = "no form"  # the request itself cannot be read; browsers send none like it
MEGA = 10**6
DOCUMENT = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document>text</document>"}
SHEET = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}


@dataclass(frozen=True)
class Upload:
    name: str | bytes  # as it stands in the request
    data: bytes
    answer: str  # the code of the reason, or that it is stored
    kept_as: str | None = None  # the name it is then kept under, where it is not the one it came with


def a_pdf(pages: int = 1, change: Callable[[pikepdf.Pdf], None] | None = None, **saving: Any) -> bytes:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(200, 200))
    if change:
        change(document)
    target = io.BytesIO()
    document.save(target, **saving)
    return target.getvalue()


def a_picture(kind: str = "PNG", size: tuple[int, int] = (24, 16), color: str = "teal") -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, color).save(target, kind)
    return target.getvalue()


def an_archive(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def written_pdf(*objects: bytes, header: bytes = b"%PDF-1.7\n", behind: bytes = b"") -> bytes:
    """A PDF written by hand: objects 1, 2, …, the first of them its catalogue."""
    made, places = bytearray(header), []
    for number, content in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(made) + behind


PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>"
PLAIN = b"<< /Type /Catalog /Pages 2 0 R >>"


def _script(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def _named_script(document: pikepdf.Pdf) -> None:
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    document.Root.Names = pikepdf.Dictionary(
        JavaScript=pikepdf.Dictionary(Names=["one", document.make_indirect(script)])
    )


def _launch(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")


def _form_of_xml(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA=document.make_stream(b"<xdp/>"))


def _embedded(document: pikepdf.Pdf) -> None:
    document.attachments["notes.exe"] = b"MZ hidden"


def _film(document: pikepdf.Pdf) -> None:
    film = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.RichMedia, Rect=[0, 0, 9, 9])
    document.pages[0].Annots = pikepdf.Array([document.make_indirect(film)])


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def a_huge_picture(side: int = 60_000) -> bytes:
    """A PNG of few bytes that says it has thousands of millions of pixels."""
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + _chunk(b"IDAT", zlib.compress(b"\0" * 999)) + _chunk(b"IEND", b"")


def a_picture_with_a_bomb_of_text() -> bytes:
    made = a_picture()
    bomb = _chunk(b"zTXt", b"note\0\0" + zlib.compress(b"a" * 70 * MEGA, 9))
    return made[:33] + bomb + made[33:]  # behind IHDR


def two_entries_of_one_name() -> bytes:
    made = an_archive(DOCUMENT | {"word/document.xmk": b"<other/>"})
    return made.replace(b"word/document.xmk", b"word/document.xml")


def entries_that_overlap() -> bytes:
    """The directory names one compressed entry many times: small on disk, large when it is unpacked."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (DOCUMENT | {"word/a.xml": b"<a>" + b" " * 9999 + b"</a>"}).items():
            archive.writestr(name, content)
        first = archive.getinfo("word/a.xml")
        for number in range(3):
            other = zipfile.ZipInfo(f"word/{number}.xml")
            for field in ("header_offset", "compress_size", "file_size", "CRC", "compress_type"):
                setattr(other, field, getattr(first, field))
            archive.filelist.append(other)
            archive.NameToInfo[other.filename] = other
    return target.getvalue()


def a_link() -> bytes:
    entry = zipfile.ZipInfo("word/link.xml")
    entry.external_attr = 0o120777 << 16
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in DOCUMENT.items():
            archive.writestr(name, content)
        archive.writestr(entry, "/etc/passwd")
    return target.getvalue()


def _relation(kind: str) -> bytes:
    address = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    return (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="'
        + address
        + kind.encode()
        + b'" Target="https://elsewhere.example/a.dotm" TargetMode="External"/></Relationships>'
    )


ENTITY = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
LAUGHS = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;">]><a>&d;</a>'
MACROS = b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'


def corpus() -> list[Upload]:
    return [*_wrong_kinds(), *_pdfs(), *_pictures(), *_office(), *_names()]


def _wrong_kinds() -> list[Upload]:
    pdf, png = a_pdf(), a_picture()
    script = b"<script>alert(1)</script>"
    page = b"<!doctype html><html><body>" + script + b"</body></html>"
    return [
        Upload("empty.pdf", b"", "file-empty"),
        Upload("one byte.pdf", b"%", "file-not-what-it-says"),
        Upload("one byte.docx", b"P", "file-not-what-it-says"),
        Upload("too large.pdf", b"%PDF-1.7\n" + b"0" * (2 * MEGA), "file-too-large"),
        Upload("program.exe", b"MZ" + b"\0" * 99, "file-kind-not-accepted"),
        Upload("program as.pdf", b"MZ" + b"\0" * 99, "file-not-what-it-says"),
        Upload("page.html", page, "file-kind-not-accepted"),
        Upload("page as.pdf", page, "file-not-what-it-says"),
        Upload("page as.png", page, "file-not-what-it-says"),
        Upload("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'>" + script + b"</svg>", "file-kind-not-accepted"),
        Upload("drawing as.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file-not-what-it-says"),
        Upload("picture as.pdf", png, "file-not-what-it-says"),
        Upload("letter as.png", pdf, "file-not-what-it-says"),
        Upload("photo as.png", a_picture("JPEG"), "file-not-what-it-says"),
        Upload("moving.gif", a_picture("GIF"), "file-kind-not-accepted"),
        # two kinds in one file
        Upload("gif and script.gif", b"GIF89a=1;/*" + b"\0" * 30 + b"*/alert(1)//", "file-kind-not-accepted"),
        Upload("gif and script.jpg", b"GIF89a=1;/*" + b"\0" * 30 + b"*/alert(1)//", "file-not-what-it-says"),
        Upload("gif and letter.pdf", b"GIF89a" + pdf, "file-not-what-it-says"),
        Upload("page and letter.pdf", page + pdf, "file-not-what-it-says"),
        Upload("letter and archive.pdf", pdf + an_archive({"a.exe": b"MZ"}), "file-not-what-it-says"),
        Upload("picture and archive.png", png + an_archive({"a.exe": b"MZ"}), "file-not-what-it-says"),
        Upload("photo and archive.jpg", a_picture("JPEG") + an_archive({"a.js": b"1"}), "file-not-what-it-says"),
        Upload("letter and document.docx", pdf + an_archive(DOCUMENT), "file-not-what-it-says"),
        # a page inside a comment of a sound PDF: it is a PDF for everybody, as it is never shown as anything else
        Upload("page in a comment.pdf", written_pdf(PLAIN, PAGES, PAGE, header=b"%PDF-1.7\n%" + page + b"\n"), STORED),
    ]  # fmt: skip


def _pdfs() -> list[Upload]:
    hidden = PLAIN[:-2] + b"/OpenAction << /S /J#61vaScript /J#53 (app.alert\\(1\\)) >> >>"
    turning = b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"
    return [
        Upload("sound.pdf", a_pdf(3), STORED),
        Upload("most pages.pdf", a_pdf(200), STORED),
        Upload("too many pages.pdf", a_pdf(201), "file-too-many-pages"),
        Upload("a million pages.pdf", a_million_pages(), "file-unreadable"),
        Upload("pages that turn in a circle.pdf", written_pdf(PLAIN, turning), "file-unreadable"),
        Upload("no pages.pdf", a_pdf(0), "file-unreadable"),
        Upload("locked.pdf", a_pdf(encryption=pikepdf.Encryption(owner="o", user="u")), "file-is-locked"),
        Upload("locked against printing.pdf", a_pdf(encryption=pikepdf.Encryption(owner="o", user="")), "file-is-locked"),
        Upload("script.pdf", a_pdf(change=_script), "file-has-scripts"),
        Upload("named script.pdf", a_pdf(change=_named_script), "file-has-scripts"),
        Upload("script in an object stream.pdf",
               a_pdf(change=_named_script, object_stream_mode=pikepdf.ObjectStreamMode.generate), "file-has-scripts"),
        Upload("script in other letters.pdf", written_pdf(hidden, PAGES, PAGE), "file-has-scripts"),
        Upload("starts a program.pdf", a_pdf(change=_launch), "file-has-scripts"),
        Upload("form of XML.pdf", a_pdf(change=_form_of_xml), "file-has-scripts"),
        Upload("other files inside.pdf", a_pdf(change=_embedded), "file-has-attachments"),
        Upload("film inside.pdf", a_pdf(change=_film), "file-has-attachments"),
        Upload("cut short.pdf", a_pdf(9)[:700], "file-unreadable"),
        Upload("only a head.pdf", b"%PDF-1.7\n" + b"\0" * 500, "file-unreadable"),
    ]  # fmt: skip


def a_million_pages() -> bytes:
    """A page tree that names its branches ten times each, six levels deep: a million pages in a thousand bytes."""
    tree = [b"<< /Type /Pages /Count 1000000 /Kids [" + b"%d 0 R " % (number + 3) * 10 + b"] >>" for number in range(6)]
    return written_pdf(PLAIN, *tree, PAGE)


def _pictures() -> list[Upload]:
    noise = Image.effect_noise((300, 300), 80)
    target = io.BytesIO()
    noise.save(target, "JPEG")
    return [
        Upload("sound.png", a_picture(), STORED),
        Upload("sound.jpeg", a_picture("JPEG"), STORED),
        Upload("too many pixels.png", a_huge_picture(), "file-too-many-pixels"),
        Upload("unpacks to text.png", a_picture_with_a_bomb_of_text(), "file-unreadable"),
        Upload("cut short.png", a_picture(size=(300, 300))[:-60], "file-unreadable"),
        Upload("cut short.jpg", target.getvalue()[:4000], "file-unreadable"),
        Upload("only a head.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 300, "file-not-what-it-says"),
    ]


def _office() -> list[Upload]:
    inside = DOCUMENT | {"word/embeddings/a.zip": an_archive({"b": b"c"})}
    parts = {f"xl/{number}.xml": b"<a/>" for number in range(2000)}
    return [
        Upload("sound.docx", an_archive(DOCUMENT), STORED),
        Upload("sound.xlsx", an_archive(SHEET), STORED),
        Upload("with a link.docx",
               an_archive(DOCUMENT | {"word/_rels/document.xml.rels": _relation("hyperlink")}), STORED),
        Upload("template from elsewhere.docx",
               an_archive(DOCUMENT | {"word/_rels/settings.xml.rels": _relation("attachedTemplate")}), "file-fetches"),
        Upload("unpacks too large.docx", an_archive(DOCUMENT | {"word/b.xml": b"0" * 201 * MEGA}), "file-unpacks-too-large"),
        Upload("too many parts.xlsx", an_archive(SHEET | parts), "file-unpacks-too-large"),
        Upload("overlapping parts.docx", entries_that_overlap(), "file-unreadable"),
        Upload("same part twice.docx", two_entries_of_one_name(), "file-unreadable"),
        Upload("part outside.docx", an_archive(DOCUMENT | {"../../etc/cron.d/a.xml": b"<a/>"}), "file-unreadable"),
        Upload("part with a full path.docx", an_archive(DOCUMENT | {"/etc/a.xml": b"<a/>"}), "file-unreadable"),
        Upload("link inside.docx", a_link(), "file-unreadable"),
        Upload("archive inside.docx", an_archive(inside), "file-has-attachments"),
        Upload("entity.docx", an_archive(DOCUMENT | {"word/document.xml": ENTITY}), "file-unreadable"),
        Upload("entity in other letters.xlsx",
               an_archive(SHEET | {"xl/a.xml": ENTITY.decode().encode("utf-16")}), "file-unreadable"),
        Upload("entities upon entities.xlsx", an_archive(SHEET | {"xl/workbook.xml": LAUGHS}), "file-unreadable"),
        Upload("macros.docx", an_archive(DOCUMENT | {"word/vbaProject.bin": b"x"}), "file-has-scripts"),
        Upload("renamed docm.docx", an_archive(DOCUMENT | {"[Content_Types].xml": MACROS}), "file-has-scripts"),
        Upload("macros.docm", an_archive(DOCUMENT | {"[Content_Types].xml": MACROS}), "file-kind-not-accepted"),
        Upload("sheet as.docx", an_archive(SHEET), "file-not-what-it-says"),
        Upload("archive as.docx", an_archive({"a.txt": b"text"}), "file-not-what-it-says"),
        Upload("locked.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file-is-locked"),
        Upload("cut short.xlsx", an_archive(SHEET)[:-30], "file-unreadable"),
    ]  # fmt: skip


def _names() -> list[Upload]:
    """Sound files whose names are odd; each comes with bytes of its own."""
    pdf = [a_pdf(1, change=_titled(str(number))) for number in range(20)]
    return [
        Upload("Bewerbung Müller Ωμέγα Заявка 申請 🎉.pdf", pdf[0], STORED),
        Upload("annex\u202efdp.exe", pdf[1], "file-kind-not-accepted"),
        Upload("annex\u202eexe.pdf", pdf[2], STORED, "annexexe.pdf"),
        Upload("../../../../etc/passwd.pdf", pdf[3], STORED, "passwd.pdf"),
        Upload("C:\\Users\\me\\mine.pdf", pdf[4], STORED, "mine.pdf"),
        Upload("let\0ter.pdf", pdf[5], STORED, "letter.pdf"),
        Upload("letter.pdf\0.exe", pdf[6], "file-kind-not-accepted"),
        Upload("program.exe\0.pdf", pdf[7], STORED, "program.exe.pdf"),
        Upload("a" * 300 + ".pdf", pdf[8], STORED, "a" * 296 + ".pdf"),
        Upload("😀" * 300 + ".pdf", pdf[9], STORED, "😀" * 296 + ".pdf"),
        Upload(".htaccess.pdf", pdf[10], STORED),
        Upload(".pdf", pdf[11], STORED),
        Upload("CON.pdf", pdf[12], STORED),
        Upload("letter.exe.pdf", pdf[13], STORED),
        Upload("letter.pdf.exe", pdf[14], "file-kind-not-accepted"),
        Upload("spaces.pdf   ", pdf[15], STORED, "spaces.pdf"),
        Upload("letter.pdf.", pdf[16], "file-kind-not-accepted"),
        Upload("<img src=x onerror=alert(1)>'.pdf", pdf[17], STORED),
        Upload(b"not \xff\xfe UTF-8.pdf", pdf[18], NO_FORM),
        Upload("no ending", pdf[19], "file-kind-not-accepted"),
    ]


def _titled(title: str) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        document.docinfo["/Title"] = title

    return change
