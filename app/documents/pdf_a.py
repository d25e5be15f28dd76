"""What WeasyPrint leaves to do: the mark of PDF/UA beside that of PDF/A, and attachments listed once."""

import io

import pikepdf

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_UA = "http://www.aiim.org/pdfua/ns/id/"
_END = b"</rdf:RDF>"

# PDF/A knows no property of PDF/UA, so the file must bring the description of it along (ISO 19005-3, 6.6.2.3).
_MARK = f"""
<rdf:Description xmlns:rdf="{_RDF}" xmlns:pdfuaid="{_UA}" rdf:about=""><pdfuaid:part>1</pdfuaid:part></rdf:Description>
"""
_SCHEMA = f"""
<rdf:Description xmlns:rdf="{_RDF}" rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
 <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
  <pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
  <pdfaSchema:namespaceURI>{_UA}</pdfaSchema:namespaceURI>
  <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
  <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
   <pdfaProperty:name>part</pdfaProperty:name>
   <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
   <pdfaProperty:category>internal</pdfaProperty:category>
   <pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>
  </rdf:li></rdf:Seq></pdfaSchema:property>
 </rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""


def finished(pdf: bytes) -> bytes:
    """Complete a rendered file; the same input gives the same bytes."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = document.Root
        root.Metadata.write(_with_ua(root.Metadata.read_bytes()))
        root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        for page in document.pages:
            _describe_links(page)
        _index_cells(document)
        if "/AF" in root:
            root.AF = _once(root.AF)
        target = io.BytesIO()
        document.save(target, deterministic_id=True, linearize=False)
    return target.getvalue()


def _with_ua(packet: bytes) -> bytes:
    """Add to the one RDF block there is; a second one would be ignored by readers."""
    before, end, after = packet.partition(_END)
    if not end or _END in after:
        raise ValueError("the metadata of the rendered file are not as expected")
    return before + _MARK.encode() + _SCHEMA.encode() + end + after


def _describe_links(page: pikepdf.Page) -> None:
    """Say in words where a link leads, as ISO 14289-1, 7.18.5 asks."""
    for annotation in page.get("/Annots", []):
        if annotation.get("/Subtype") == "/Link" and "/Contents" not in annotation and "/A" in annotation:
            annotation.Contents = pikepdf.String(str(annotation.A.get("/URI", "")))


def _index_cells(document: pikepdf.Pdf) -> None:
    """List the elements that have an identifier: cells name their headings by it (ISO 32000-1, 14.7.2)."""
    elements = (thing for thing in document.objects if isinstance(thing, pikepdf.Dictionary))
    named = {bytes(entry.ID): entry for entry in elements if entry.get("/Type") == "/StructElem" and "/ID" in entry}
    if named:
        names = [part for name in sorted(named) for part in (pikepdf.String(name.decode()), named[name])]
        document.Root.StructTreeRoot.IDTree = pikepdf.Dictionary(Names=pikepdf.Array(names))


def _once(entries: pikepdf.Object) -> pikepdf.Array:
    seen: dict[tuple[int, int], pikepdf.Object] = {}
    for entry in entries:
        seen.setdefault(entry.objgen, entry)
    return pikepdf.Array(list(seen.values()))
