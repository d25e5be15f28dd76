"""Snapshots of documents as the services store them, with the hard cases: many partners, long names, three scripts."""

from typing import Any

COMMON = {
    "lang": "en",
    "practice": False,
    "environment": "Test office",
    "made_at": "2027-02-03T09:00:00+00:00",
    "identifier": "document-1",
}


def a_partner(name: str, region: str | None, code: str | None, country: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "latin_name": None,
        "region_name": region,
        "region_code": code,
        "country": country,
        "is_coordinator": False,
    } | more


FIFTEEN = [
    a_partner(
        "Сдружение „Български клъстер за текстил и облекло“",
        "Югозападен",
        "BG41",
        "Bulgaria",
        is_coordinator=True,
        latin_name="Bulgarian Textile and Clothing Cluster",
    ),
    a_partner(
        "Σύνδεσμος Κλωστοϋφαντουργών Κεντρικής Μακεδονίας και Θράκης",
        "Κεντρική Μακεδονία",
        "EL52",
        "Greece",
        latin_name="Textile Association of Central Macedonia",
    ),
    a_partner("Next Textile Cluster", "Lombardia", "ITC4", "Italy"),
    a_partner(
        "Landesverband der nordwestdeutschen Textil- und Bekleidungsindustrie e. V.", "Münster", "DEA3", "Germany"
    ),
    a_partner("Techtera", "Rhône-Alpes", "FRK2", "France"),
    a_partner("Cluster Têxtil: Tecnologia e Moda", "Norte", "PT11", "Portugal"),
    a_partner("Agrupació d’Empreses Innovadores Tèxtils", "Cataluña", "ES51", "Spain"),
    a_partner("Łódzki Klaster Mody i Tekstyliów", "Łódzkie", "PL71", "Poland"),
    a_partner("Clusterul Regional Inovativ de Textile „Astrico Nord-Est“", "Nord-Est", "RO21", "Romania"),
    a_partner("Klastr technických textilií", "Severovýchod", "CZ05", "Czechia"),
    a_partner("Pannon Textil- és Ruhaipari Klaszter", "Nyugat-Dunántúl", "HU22", "Hungary"),
    a_partner("Grozd Tekstilna Slovenija", "Vzhodna Slovenija", "SI03", "Slovenia"),
    a_partner("Latvijas Tekstila klasteris „Žīvs un Šķiedra“", "Latvija", "LV00", "Latvia"),
    a_partner("Textil-, sko- och konfektionsklustret i Borås", "Västsverige", "SE23", "Sweden"),
    a_partner("Τεχνολογικό Πάρκο Λεμεσού", "Κύπρος", "CY00", "Cyprus", latin_name="Limassol Technology Park"),
]
_LONG = "Verein zur Förderung der grenzüberschreitenden Zusammenarbeit von Clustern und Netzwerken der Textilwirtschaft"
THIRTY = [
    a_partner(f"{_LONG} Nr. {number:02d} e. V.".ljust(120, "."), "Oberbayern", "DE21", "Germany", is_coordinator=number == 0)
    for number in range(30)
]  # fmt: skip


def a_certificate(partners: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    return {
        **COMMON,
        "number": "ESCP-S3-2027-014",
        "code": "7KQ4-M2XD-9RTP",
        "verify_url": "https://labels.example.eu/v/7KQ4-M2XD-9RTP",
        "acronym": "SMARTEX-4R",
        "title": "Smart textiles across regions: pooling pilot lines for conductive yarns, recycled fibres and sensors",
        "thematic_area": "Textiles and creative industries",
        "label_name": "ESCP-S3",
        "label_long_name": "European Strategic Cluster Partnership for smart specialisation investments",
        "issuer": "European cluster programme office",
        "call_title": "Industrial modernisation 2027-1",
        "call_reference": "IM-2027-1",
        "issued_on": "2027-02-03",
        "expires_on": "2030-02-02",
        "partners": FIFTEEN[:3] if partners is None else partners,
    } | more


def a_receipt(**more: Any) -> dict[str, Any]:
    return {
        **COMMON,
        "reference": "COS-2017-0007",
        "acronym": "DIGICLUSTERS",
        "title": "Industrial modernisation of agrofood and packaging",
        "call_title": "European Strategic Cluster Partnerships for smart specialisation investments",
        "call_reference": "COS-CLUSTPARTNS-2017-3-02",
        "version": 3,
        "received_at": "2018-03-01T15:59:59+00:00",
        "digest": "ab" * 32,
        "submitted_by": "Ilze Ozola, Latvian IT Cluster",
        "may_change_until": None,
        "facts": [("Duration", "18 months")],
        "partners": [
            {
                "name": "Latvian IT Cluster",
                "country": "Latvia",
                "region_name": "Latvija",
                "region_code": "LV00",
                "role": "Coordinator",
            },
            {
                "name": "Сдружение „Клъстер“",
                "latin_name": "The Cluster",
                "country": "Bulgaria",
                "region_name": None,
                "region_code": None,
                "role": "Partner",
            },
        ],
        "sections": [
            {
                "title": "Relevance",
                "blocks": [
                    {
                        "question": "Describe the objectives",
                        "text": "First.\nSecond line.\n\nA <b>third</b> & {{ last }} 😀",
                    },
                    {"question": "Themes", "items": ["Agri-food", "Packaging"]},
                    {"question": "Left open"},
                    {
                        "question": "Work packages",
                        "table": {"caption": "Work", "columns": ["Title", "Months"], "rows": [["Hackathons", "12"]]},
                    },
                ],
            }
        ],
        "tables": [
            {
                "caption": "Budget",
                "columns": ["Partner", "Total"],
                "rows": [["Latvian IT Cluster", "120 000.00"]],
                "numeric": [1],
                "total": ["All", "120 000.00"],
            }
        ],
        "files": [{"slot": "Letter of intent", "name": "lettre d’intention.pdf", "size": 123456, "sha256": "cd" * 32}],
        "declarations": ["Everything in this application is true."],
    } | more


def a_letter(**more: Any) -> dict[str, Any]:
    return {
        **COMMON,
        "kind": "rejected",
        "subject": "Result of the evaluation of CONNSENSYS",
        "reference": "COS-2017-0009",
        "date": "2018-05-14",
        "sender": ["European cluster programme office", "Brussels"],
        "addressee": ["Ana Silva", "Cluster Têxtil", "Porto, Portugal"],
        "paragraphs": ["Dear Ana Silva,", "Your application was evaluated."],
        "reasons": ["Fewer than three countries take part.", "The total is below the threshold."],
        "redress": "Within 30 days of this letter you may ask for a review.",
        "signatures": ["Pat Programme, programme manager"],
        "attachments": [{"title": "Evaluation summary report"}],
    } | more


def a_summary_report(**more: Any) -> dict[str, Any]:
    return {
        **COMMON,
        "reference": "COS-2017-0009",
        "acronym": "CONNSENSYS",
        "title": "Connected sensors",
        "call_title": "European Strategic Cluster Partnerships",
        "call_reference": "COS-CLUSTPARTNS-2017-3-02",
        "coordinator": "Cluster Têxtil",
        "date": "2018-05-14",
        "criteria": [
            {
                "name": "Relevance",
                "maximum": "30",
                "threshold": "15",
                "score": "21.5",
                "reached": True,
                "comments": "Good.",
            },
            {
                "name": "Quality",
                "maximum": "30",
                "threshold": "15",
                "score": "12",
                "reached": False,
                "comments": "Weak.",
            },
        ],
        "total": "33.5",
        "total_maximum": "60",
        "overall_threshold": "42",
        "outcome": "Below the threshold: not awarded",
        "minority_views": ["One expert thought the work plan adequate."],
        "redress": None,
    } | more
