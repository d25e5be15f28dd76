"""What WeasyPrint leaves to do: the mark of PDF/UA beside that of PDF/A, and attachments listed once."""

import io

import pikepdf
from lxml import etree

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_UA = "http://www.aiim.org/pdfua/ns/id/"

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
_HEAD = b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
_TAIL = b'\n<?xpacket end="r"?>'


def finished(pdf: bytes) -> bytes:
    """Complete a rendered file; the same input gives the same bytes."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = document.Root
        root.Metadata.write(_with_ua(root.Metadata.read_bytes()))
        root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        if "/AF" in root:
            _list_once(root)
        target = io.BytesIO()
        document.save(target, deterministic_id=True, linearize=False)
    return target.getvalue()


def _with_ua(packet: bytes) -> bytes:
    tree = etree.fromstring(packet, etree.XMLParser(resolve_entities=False, no_network=True))
    rdf = next(tree.iter(f"{{{_RDF}}}RDF"))
    rdf.append(etree.fromstring(_MARK.strip()))
    rdf.append(etree.fromstring(_SCHEMA.strip()))
    return _HEAD + etree.tostring(tree, encoding="utf-8") + _TAIL


def _list_once(root: pikepdf.Dictionary) -> None:
    seen: dict[tuple[int, int], pikepdf.Object] = {}
    for entry in root.AF:
        seen.setdefault(entry.objgen, entry)
    root.AF = pikepdf.Array(list(seen.values()))
