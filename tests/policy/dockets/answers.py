"""Answers of the regulations.gov API, written by hand after its specification."""

import json
from typing import Any

from policy.sources.inputs import InputFile

DOCKET = "BIS-2025-0001"
DOCUMENT = f"{DOCKET}-0001"
COMMENT = f"{DOCKET}-0042"
FR_NUMBER = "2025-00636"
TEXT = "The rule would <b>harm</b> exports.<br/><br/>See &ldquo;Annex A&rdquo;."

Item = dict[str, Any]


def item(kind: str, number: str, attributes: Item) -> Item:
    link = f"https://api.regulations.gov/v4/{kind}/{number}"
    return {"id": number, "type": kind, "attributes": attributes, "links": {"self": link}}


def docket(number: str = DOCKET, **changes: Any) -> Item:
    attributes = {
        "agencyId": "BIS",
        "docketType": "Rulemaking",
        "lastModifiedDate": "2025-01-15T13:00:00Z",
        "title": "Framework for Artificial Intelligence Diffusion",
        "rin": "0694-AJ90",
    }
    return item("dockets", number, {**attributes, **changes})


def document(number: str = DOCUMENT, **changes: Any) -> Item:
    """A document of a list; its comment period is 15 January to 15 May 2025, Eastern."""
    attributes = {
        "agencyId": "BIS",
        "docketId": DOCKET,
        "documentType": "Rule",
        "frDocNum": FR_NUMBER,
        "title": "Framework for Artificial Intelligence Diffusion",
        "postedDate": "2025-01-15T05:00:00Z",
        "commentStartDate": "2025-01-15T05:00:00Z",
        "commentEndDate": "2025-05-16T03:59:59Z",
        "lastModifiedDate": "2025-01-15T13:11:12Z",
        "openForComment": False,
        "withdrawn": False,
    }
    return item("documents", number, {**attributes, **changes})


def comment(number: str = COMMENT, **changes: Any) -> Item:
    """A comment in full."""
    attributes = {
        "agencyId": "BIS",
        "docketId": DOCKET,
        "commentOnDocumentId": DOCUMENT,
        "documentType": "Public Submission",
        "title": "Comment from NVIDIA Corporation",
        "organization": "NVIDIA",
        "firstName": "Alex",
        "lastName": "Example",
        "comment": TEXT,
        "postedDate": "2025-05-16T04:00:00Z",
        "receiveDate": "2025-05-15T04:00:00Z",
        "modifyDate": "2025-05-16T15:20:00Z",
        "duplicateComments": 0,
        "withdrawn": False,
        "reasonWithdrawn": None,
    }
    return item("comments", number, {**attributes, **changes})


def brief(number: str = COMMENT, **changes: Any) -> Item:
    """A comment as a list gives it: neither docket nor organisation."""
    attributes = {
        "agencyId": "BIS",
        "documentType": "Public Submission",
        "title": "Comment from NVIDIA Corporation",
        "postedDate": "2025-05-16T04:00:00Z",
        "lastModifiedDate": "2025-05-16T15:20:00Z",
        "withdrawn": False,
    }
    return item("comments", number, {**attributes, **changes})


def without(kept: Item, *keys: str) -> Item:
    """The item with some attributes left out."""
    attributes = {k: v for k, v in kept["attributes"].items() if k not in keys}
    return {**kept, "attributes": attributes}


def listing(*items: Item, total: int | None = None, name: str = "list.json") -> InputFile:
    meta = {"totalElements": len(items) if total is None else total, "pageNumber": 1}
    return encoded({"data": list(items), "meta": meta}, name)


def one(found: Item, *, attachments: int = 0, name: str = "one.json") -> InputFile:
    """The answer to a question for one thing, with its attachments included."""
    files = [item("attachments", f"{n}", {"title": f"File {n}"}) for n in range(attachments)]
    return encoded({"data": found, "included": files}, name)


def encoded(value: Any, name: str = "answer.json") -> InputFile:
    return InputFile(name, json.dumps(value, ensure_ascii=False).encode())
