"""What the sample page shows: real cases of the record, as plain values.

Nothing here reads a database: the components have to render from attributes alone.
"""

from datetime import UTC, date, datetime, time
from types import SimpleNamespace

from policy.domain.partial_dates import PartialDate, Precision
from policy.domain.timeaxis import Bar, Mark, place

FR = "https://www.federalregister.gov/d/"


def source(citation: str, title: str, url: str = "", publisher: str = "") -> SimpleNamespace:
    return SimpleNamespace(citation=citation, title=title, url=url, publisher=publisher)


DIFFUSION = source(
    "90 FR 4544", "Framework for Artificial Intelligence Diffusion", f"{FR}2025-00636"
)
ZHIPU_RULE = source(
    "90 FR 4617",
    "Addition of Entities to and Revision of Entry on the Entity List",
    f"{FR}2025-00704",
)
PRESS_RELEASE = source(
    "",
    "Press release of 13 May 2025 on the AI Diffusion rule",
    "https://www.bis.gov/press-release",
    "BIS press release",
)
GUIDANCE = source("", "Guidance on § 742.6(a)(6)(iii)(A)", "", "BIS guidance")
AFFILIATES = source("90 FR 47201", "Expansion of End-User Controls", f"{FR}2025-19001")
STAY = source("90 FR 50857", "One-year suspension of the Affiliates rule", "")
SECTION_744_23 = source("88 FR 73458", "Advanced computing interim final rule", "")


def fact(start: date | None, cited: SimpleNamespace, **fields: str) -> SimpleNamespace:
    since = PartialDate(start) if start else None
    words = {f"get_{k}_display": v.replace("-", " ").capitalize() for k, v in fields.items()}
    return SimpleNamespace(since=since, source=cited, **fields, **words)


def reading(now: object = None, **more: object) -> SimpleNamespace:
    defaults: dict[str, object] = {"pending": None, "upcoming": None, "caveat": ""}
    return SimpleNamespace(fact=now, **{**defaults, **more})


def statuses() -> list[dict[str, object]]:
    in_force = reading(fact(date(2025, 1, 13), DIFFUSION, state="in-force"))
    not_enforced = reading(fact(date(2025, 5, 13), PRESS_RELEASE, posture="not-enforced"))
    enforced = reading(fact(date(2023, 11, 17), SECTION_744_23, posture="enforced"))
    back = fact(date(2026, 11, 10), STAY, state="in-force")
    stayed = fact(date(2025, 11, 10), STAY, state="stayed")
    ends = "not confirmed: the record ends 28 September 2026"
    return [
        {
            "title": "General compliance duties",
            "cite": "90 FR 4544",
            "force": in_force,
            "posture": not_enforced,
        },
        {
            "title": "Headquarters-based licence duty",
            "cite": "§ 742.6(a)(6)(iii)(A)",
            "force": in_force,
            "posture": enforced,
        },
        {
            "title": "Affiliates rule, read on 14 September 2026",
            "cite": "90 FR 47201",
            "force": reading(stayed, upcoming=back),
            "posture": reading(),
        },
        {
            "title": "Affiliates rule, read on 23 November 2026",
            "cite": "90 FR 47201",
            "force": reading(stayed, pending=back, pending_since=date(2026, 11, 10), caveat=ends),
            "posture": reading(),
        },
        {
            "title": "Diffusion rule, read on 12 January 2025",
            "cite": "90 FR 4544",
            "force": reading(upcoming=fact(date(2025, 1, 13), DIFFUSION, state="in-force")),
            "posture": reading(),
        },
    ]


def axis() -> object:
    marks = [
        Mark(date(2025, 1, 13), "Filed and effective", "effective", "#effective"),
        Mark(date(2025, 1, 15), "Published", "published", "#published"),
        Mark(date(2025, 5, 13), "Non-enforcement announced", "announced", "#press"),
        Mark(date(2025, 5, 15), "Comments and compliance", "compliance", "#due"),
        Mark(date(2026, 1, 15), "Data-centre guidelines", "compliance", "#dc"),
        Mark(date(2026, 5, 12), "GAO B-337935", "other", "#gao"),
    ]
    bars = [
        Bar(date(2025, 1, 15), date(2025, 5, 15), "Comment window, 120 days", "comment"),
        Bar(date(2025, 5, 13), None, "Duties of 15 May 2025 not enforced", "stayed"),
    ]
    return place(marks, bars, date(2025, 5, 14))


def computed_receipt() -> SimpleNamespace:
    """The AI Diffusion rule: 120 days from publication."""
    return SimpleNamespace(
        basis="computed",
        rule="1 CFR 18.17",
        anchor=date(2025, 1, 15),
        days=120,
        day_one=date(2025, 1, 16),
        raw_last_day=date(2025, 5, 15),
        rolls=(),
        due=date(2025, 5, 15),
        cutoff=time(23, 59, 59),
        instant=datetime(2025, 5, 16, 3, 59, 59, tzinfo=UTC),
        known=date(2025, 1, 15),
        source=None,
    )


def rolled_receipt() -> SimpleNamespace:
    """ED-2022-SCC-0154-0001: 60 days that end on the Saturday of a long weekend."""
    rolls = (
        SimpleNamespace(day=date(2023, 2, 18), reason="weekend"),
        SimpleNamespace(day=date(2023, 2, 19), reason="weekend"),
        SimpleNamespace(day=date(2023, 2, 20), reason="Washington's Birthday"),
    )
    return SimpleNamespace(
        basis="computed",
        rule="1 CFR 18.17",
        anchor=date(2022, 12, 20),
        days=60,
        day_one=date(2022, 12, 21),
        raw_last_day=date(2023, 2, 18),
        rolls=rolls,
        due=date(2023, 2, 21),
        cutoff=time(23, 59, 59),
        instant=datetime(2023, 2, 22, 4, 59, 59, tzinfo=UTC),
    )


def printed_receipt() -> SimpleNamespace:
    return SimpleNamespace(
        basis="printed",
        due=date(2025, 3, 15),
        cutoff=time(23, 59),
        instant=datetime(2025, 3, 16, 3, 59, tzinfo=UTC),
    )


def columns() -> list[dict[str, object]]:
    return [
        {"label": "Name", "url": "?sort=-name", "sort": "ascending"},
        {"label": "Destination", "url": "?sort=destination"},
        {"label": "Since", "url": "?sort=since"},
        {"label": "Listed by"},
        {"label": "Review policy"},
        {"label": "Names", "url": "?sort=names", "numeric": True},
    ]


def listings() -> list[dict[str, object]]:
    since = date(2025, 1, 16)
    zhipu = "Beijing Zhipu Huazhang Technology Co., Ltd."
    rows = [
        (zhipu, "智谱华章", "China", since, ZHIPU_RULE, 4),
        ("Beijing Lingxin Intelligent Technology Co., Ltd.", "", "China", since, ZHIPU_RULE, 1),
        ("Beijing Keyi Hongyuan Optoelectronics Co., Ltd.", "", "China", since, ZHIPU_RULE, 4),
        ("Huawei Technologies Co., Ltd.", "", "China", date(2019, 5, 16), None, 12),
    ]
    keys = ("name", "native", "destination", "since", "source", "names")
    return [dict(zip(keys, row, strict=True)) for row in rows]


def groups() -> list[dict[str, object]]:
    return [
        {"slug": "united-states", "label": "United States", "count": 1},
        {
            "slug": "supplement-5-a",
            "label": "Supplement No. 5, paragraph (a)",
            "note": "press: tier 1",
            "count": 18,
        },
        {
            "slug": "everyone-else",
            "label": "Every other destination",
            "note": "press: tier 2",
            "count": 207,
        },
        {
            "slug": "d5-or-macau",
            "label": "Country Group D:5 or Macau",
            "note": "press: tier 3",
            "count": 24,
        },
        {"slug": "none", "label": "No group on this day"},
    ]


def facets() -> dict[str, object]:
    option = ("value", "label", "count", "checked")
    rows = [
        ("china", "China", 1110, True),
        ("russia", "Russia", 1083, False),
        ("uae", "United Arab Emirates", 188, False),
        ("pakistan", "Pakistan", 183, False),
    ]
    more = [("iran", "Iran", 115, False), ("turkey", "Turkey", 88, False), ("x", "Chad", 0, False)]
    return {
        "options": [dict(zip(option, row, strict=True)) for row in rows],
        "more": [dict(zip(option, row, strict=True)) for row in more],
    }


def events() -> list[SimpleNamespace]:
    return [
        SimpleNamespace(
            kind="added",
            title="Eleven entries join the Entity List, seven of them bearing Zhipu’s name",
            detail="Effective on the day of publication.",
            day=date(2025, 1, 16),
            url="#zhipu",
            source=ZHIPU_RULE,
        ),
        SimpleNamespace(
            kind="moved",
            title="Comments on the December 2024 rule: due later",
            detail="Now 14 March 2025, because of 2025-00711.",
            day=date(2025, 1, 16),
            url="#moved",
            source=source("90 FR 5298", "Additional due-diligence measures"),
        ),
        SimpleNamespace(
            kind="ended",
            title="Cambodia leaves Country Group D:5",
            detail="",
            day=date(2026, 2, 4),
            url="#cambodia",
            source=None,
        ),
    ]


def redline() -> list[dict[str, str]]:
    return [
        {"op": "equal", "text": "A licence is required for any item "},
        {"op": "delete", "text": "specified in § 744.23(a)(3)"},
        {"op": "insert", "text": "specified in § 742.6(a)(6)(iii)(A)"},
        {"op": "equal", "text": " when the ultimate parent company is headquartered in Macau "},
        {"op": "equal", "text": "or in a destination of Country Group D:5."},
    ]


def key_facts() -> list[dict[str, object]]:
    return [
        {"term": "Document", "value": "2025-00636", "link": "#document", "source": DIFFUSION},
        {"term": "RIN", "value": "0694-AJ90"},
        {"term": "Published", "date": date(2025, 1, 15), "date_url": "#r", "source": DIFFUSION},
        {"term": "Statement due", "date": PartialDate(date(2025, 7, 1), Precision.MONTH)},
        {
            "term": "Public inspection",
            "date": date(2025, 1, 10),
            "note": "Another official source prints 13 January 2025. Both are kept.",
        },
        {"term": "Last page", "date": None},
    ]


def deadlines() -> list[dict[str, object]]:
    rows = [
        (0, date(2025, 5, 14), "Due on the day you read"),
        (1, date(2025, 5, 15), "Comments on the AI Diffusion rule"),
        (246, date(2026, 1, 15), "Guidelines for data centres"),
        (-1, date(2025, 5, 13), "A day too late"),
        (-103, date(2025, 1, 31), "Compliance with the due-diligence rule"),
        (None, None, "Announced without a day"),
    ]
    return [dict(zip(("days", "day", "label"), row, strict=True)) for row in rows]
