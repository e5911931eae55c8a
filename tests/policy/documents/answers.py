"""Answers of the Federal Register's API, written by hand after its documented fields."""

import json
from datetime import UTC, datetime
from typing import Any

from policy.actions.import_federal_register import DocumentsReport, import_federal_register
from policy.models import DocumentFact
from policy.sources.inputs import InputFile

AT = datetime(2026, 10, 1, 14, tzinfo=UTC)
NUMBER = "2026-20001"
DATES = (
    "This rule is effective September 25, 2026, except for amendatory instruction 5, which is "
    "effective January 4, 2027.\n"
    "Comments must be received by BIS no later than November 24, 2026."
)


def document(**changes: Any) -> dict[str, Any]:
    """One document with every field that is asked for."""
    values: dict[str, Any] = {
        "document_number": NUMBER,
        "title": "Controls on Advanced Packaging",
        "publication_date": "2026-09-25",
        "type": "Rule",
        "action": "Interim final rule; request for comments.",
        "abstract": "BIS controls advanced packaging.",
        "dates": DATES,
        "effective_on": "2026-09-25",
        "comments_close_on": "2026-11-24",
        "volume": 91,
        "start_page": 51000,
        "end_page": 51042,
        "regulation_id_numbers": ["0694-AK01"],
        "docket_ids": ["Docket No. 260910-0123"],
        "cfr_references": [{"title": 15, "part": 744}, {"title": 15, "part": 774}],
        "correction_of": None,
        "html_url": f"https://www.federalregister.gov/documents/2026/09/25/{NUMBER}/controls",
    }
    return {**values, **changes}


def page(*documents: dict[str, Any], name: str = "page-1.json") -> InputFile:
    answer: dict[str, Any] = {"count": len(documents), "results": list(documents)}
    if not documents:
        del answer["results"]
    return InputFile(name, json.dumps(answer, ensure_ascii=False).encode())


def take_in(*documents: dict[str, Any], at: datetime = AT) -> DocumentsReport:
    return import_federal_register(files=[page(*documents)], at=at, by="tests")


def fact(number: str = NUMBER) -> DocumentFact:
    return DocumentFact.objects.known(None).get(document__number=number)  # type: ignore[no-any-return]  # Fact's manager is not generic
