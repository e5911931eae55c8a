"""What each source answers to a question, by its official specification."""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

Query = list[tuple[str, str]]
EASTERN = ZoneInfo("America/New_York")

# The fields that the documentation of the Federal Register names.
# fmt: off
DOCUMENTED = frozenset({
    "abstract", "action", "agencies", "agency_names", "body_html_url", "cfr_references",
    "citation", "comment_url", "comments_close_on", "correction_of", "corrections", "dates",
    "disposition_notes", "docket_id", "docket_ids", "dockets", "document_number", "effective_on",
    "end_page", "excerpts", "executive_order_notes", "executive_order_number", "explanation",
    "full_text_xml_url", "html_url", "images", "images_metadata", "json_url", "mods_url",
    "not_received_for_publication", "page_length", "page_views", "pdf_url", "president",
    "presidential_document_number", "proclamation_number", "public_inspection_pdf_url",
    "publication_date", "raw_text_url", "regulation_id_number_info", "regulation_id_numbers",
    "regulations_dot_gov_info", "regulations_dot_gov_url", "significant", "signing_date",
    "start_page", "subtype", "title", "toc_doc", "toc_subject", "topics", "type", "volume",
})
# fmt: on
AGENCIES = frozenset({"industry-and-security-bureau", "commerce-department"})


@dataclass
class World:
    """All that the sources hold. ``most`` is where the Federal Register's pages start over."""

    documents: list[dict[str, Any]] = field(default_factory=list)
    most: int = 10_000
    loops: bool = False
    up_to_date: str = "2026-11-20"
    latest_issue: str = "2026-11-18"
    importing: bool = False
    # By number of a part, or of a section of one.
    parts: dict[str, bytes] = field(default_factory=dict)
    # By path: what else stands there, as (Content-Type, body).
    pages: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    versions: list[dict[str, Any]] = field(default_factory=list)
    versions_per_page: int = 1000
    csl: bytes = b'{"total": 0, "results": []}'
    csl_modified: str = ""
    posted: list[dict[str, Any]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    key: str = "key"


def document(number: str, published: str, **others: Any) -> dict[str, Any]:
    said = {
        "title": f"Rule {number}",
        "type": "Rule",
        "html_url": f"https://www.federalregister.gov/documents/{number}",
    }
    return {"document_number": number, "publication_date": published, **said, **others}


def values(query: Query, name: str) -> list[str]:
    return [value for key, value in query if key == name]


def one(query: Query, name: str, default: str = "") -> str:
    return next(iter(values(query, name)), default)


def federal_register(world: World, query: Query) -> tuple[int, Any]:
    """``/documents.json``: 400 for what it does not know, no ``results`` where there are none."""
    fields = values(query, "fields[]")
    unknown = [name for name in fields if name not in DOCUMENTED]
    if unknown:
        return 400, {"errors": {"fields": f"unknown: {', '.join(unknown)}"}}
    strangers = [a for a in values(query, "conditions[agencies][]") if a not in AGENCIES]
    if strangers:
        return 400, {"errors": {"agencies": f"{strangers[0]} is not a valid agency"}}
    first = one(query, "conditions[publication_date][gte]", "0000")
    last = one(query, "conditions[publication_date][lte]", "9999")
    found = [d for d in world.documents if first <= d["publication_date"] <= last]
    found.sort(key=lambda d: (d["publication_date"], d["document_number"]))
    per_page, page = int(one(query, "per_page", "20")), int(one(query, "page", "1"))
    if world.loops or page * per_page > world.most:
        page = 1
    shown = found[(page - 1) * per_page : page * per_page]
    answer = {"count": min(len(found), world.most), "description": "Documents"}
    if not shown:
        return 200, answer
    answer["total_pages"] = -(-len(found) // per_page)
    results = [{k: v for k, v in d.items() if k in fields} for d in shown]
    return 200, {**answer, "results": results}


def documents(world: World, path: str, query: Query) -> tuple[int, Any]:
    """The two addresses of the Federal Register that give documents: a list, and one."""
    if path.endswith("/documents.json"):
        return federal_register(world, query)
    return one_document(world, path, query)


def one_document(world: World, path: str, query: Query) -> tuple[int, Any]:
    """``/documents/NUMBER.json``: one document with the fields that are asked for."""
    number = path.rpartition("/")[2].removesuffix(".json")
    found = [d for d in world.documents if d["document_number"] == number]
    if not found:
        return 404, {"errors": {"document": "not found"}}
    wanted = values(query, "fields[]")
    return 200, {name: value for name, value in found[0].items() if name in wanted}


def ecfr(world: World, path: str, query: Query) -> tuple[int, bytes, str]:
    """The versioner: titles, versions of a part's sections, the text of a day."""
    if path.endswith("/titles.json"):
        title = {
            "number": 15,
            "name": "Commerce and Foreign Trade",
            "latest_amended_on": world.latest_issue,
            "latest_issue_date": world.latest_issue,
            "up_to_date_as_of": world.up_to_date,
            "reserved": False,
        }
        meta = {"date": world.up_to_date, "import_in_progress": world.importing}
        return 200, json.dumps({"titles": [title], "meta": meta}).encode(), "application/json"
    if "/versions/" in path:
        return versions(world, query)
    found = re.fullmatch(r"/api/versioner/v1/full/(\d{4}-\d\d-\d\d)/title-15\.xml", path)
    part = one(query, "section") or one(query, "part")
    if not found or part not in world.parts or found[1] > world.up_to_date:
        return 404, b'{"error":"no such text"}', "application/json"
    return 200, world.parts[part], "application/xml"


def versions(world: World, query: Query) -> tuple[int, bytes, str]:
    since, part = one(query, "issue_date[gte]"), one(query, "part")
    if not since:
        return 400, b'{"error":"One issue date is required."}', "application/json"
    found = [v for v in world.versions if v["part"] == part and v["issue_date"] >= since]
    size, page = world.versions_per_page, int(one(query, "page", "1"))
    meta = {
        "title": "15",
        "result_count": str(len(found)),
        "page": str(page),
        "per_page": str(size),
        "total_pages": str(max(1, -(-len(found) // size))),
    }
    shown = found[(page - 1) * size : page * size]
    return 200, json.dumps({"content_versions": shown, "meta": meta}).encode(), "application/json"


def version(part: str, issued: str, *, substantive: bool = True) -> dict[str, Any]:
    return {
        "date": issued,
        "amendment_date": issued,
        "issue_date": issued,
        "identifier": f"{part}.1",
        "name": f"§ {part}.1 Scope.",
        "part": part,
        "substantive": substantive,
        "removed": False,
        "title": "15",
        "type": "section",
    }


def posted(number: str, docket: str, modified: str, **others: Any) -> dict[str, Any]:
    said = {"docketId": docket, "title": f"Document {number}", "lastModifiedDate": modified}
    return {"id": number, "type": "documents", "attributes": {**said, **others}}


def regulations(world: World, path: str, query: Query, headers: dict[str, str]) -> tuple[int, Any]:
    """Version 4: a key in a header, 20 pages of at most 250, filters in Eastern wall time."""
    if headers.get("X-Api-Key") != world.key:
        error = {"code": "API_KEY_INVALID", "message": "An invalid api_key was supplied."}
        return 403, {"error": error}
    kind, _, number = path.removeprefix("/v4/").partition("/")
    held = {"documents": world.posted, "comments": world.comments}.get(kind, [])
    if number:
        found = [item for item in held if item["id"] == number]
        return (200, {"data": found[0]}) if found else (404, {"errors": [{"title": "Not found"}]})
    docket, on = one(query, "filter[docketId]"), one(query, "filter[commentOnId]")
    since = one(query, "filter[lastModifiedDate][ge]")
    found = [item for item in held if is_wanted(item["attributes"], docket, on, since)]
    agency = one(query, "filter[agencyId]")
    found = [item for item in found if not agency or item["id"].startswith(f"{agency}-")]
    found.sort(key=lambda item: (item["attributes"]["lastModifiedDate"], item["id"]))
    return regulations_page(found, query)


def regulations_page(found: list[dict[str, Any]], query: Query) -> tuple[int, Any]:
    size, page = int(one(query, "page[size]", "25")), int(one(query, "page[number]", "1"))
    if not 5 <= size <= 250 or not 1 <= page <= 20:
        return 400, {"errors": [{"title": "Invalid page"}]}
    shown = found[(page - 1) * size : page * size]
    meta = {
        "hasNextPage": page * size < len(found),
        "pageNumber": page,
        "pageSize": size,
        "totalElements": len(found),
    }
    return 200, {"data": shown, "meta": meta}


def is_wanted(said: dict[str, Any], docket: str, on: str, since: str) -> bool:
    if docket and said["docketId"] != docket:
        return False
    if on and said.get("commentOnId") != on:
        return False
    return not since or wall_time(said["lastModifiedDate"]) >= since


def wall_time(text: str) -> str:
    """An instant in UTC as the filter writes it, Eastern."""
    return datetime.fromisoformat(text).astimezone(EASTERN).strftime("%Y-%m-%d %H:%M:%S")


def instant(day: date, seconds: int) -> str:
    start = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)
    return datetime.fromtimestamp(start.timestamp() + seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
