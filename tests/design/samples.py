"""Real cases of the record as plain values, for components to show.

Nothing here reads a database: the components have to render from attributes alone.
"""

from datetime import UTC, date, datetime, time
from types import SimpleNamespace
from typing import Any

from django import forms

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


def reported_receipt() -> SimpleNamespace:
    return SimpleNamespace(
        basis="reported",
        due=date(2026, 12, 15),
        cutoff=time(23, 59, 59),
        instant=datetime(2026, 12, 16, 4, 59, 59, tzinfo=UTC),
    )


def columns() -> list[dict[str, object]]:
    return [
        {"label": "Name", "url": "?sort=-name", "sort": "ascending"},
        {"label": "Destination", "url": "?sort=destination"},
        {"label": "Since", "url": "?sort=since"},
        {"label": "Listed by"},
        {"label": "Review policy"},
        {"label": "Names", "url": "?sort=names", "width": "s"},
    ]


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


NAVIGATION = ("Home", "Rules", "Deadlines", "Tier map", "Entity List", "Reactions", "Claims")


def point_in_time(*, today: bool) -> dict[str, object]:
    """``asof`` and its neighbours, as every page has them."""
    shared: dict[str, Any] = {"today": date(2026, 9, 14), "coverage_end": date(2026, 9, 28)}
    shared |= {"revision_number": 41, "beyond_coverage": False, "begins": None}
    if today:
        here: dict[str, Any] = {"on": shared["today"], "is_today": True, "query": ""}
        here |= {"known": None, "known_value": "", "parameters": {}}
    else:
        known = datetime(2026, 12, 1, 4, 59, 59, tzinfo=UTC)
        parameters = {"on": "2025-05-14", "known": "2026-11-30"}
        here = {"on": date(2025, 5, 14), "is_today": False, "parameters": parameters}
        here |= {"known": known, "known_text": "30 November 2026", "known_value": "2026-11-30"}
        here |= {"query": "on=2025-05-14&known=2026-11-30"}
    return {
        "asof": SimpleNamespace(**shared, **here),
        "nav": [{"label": x, "url": f"#{x}", "current": x == "Rules"} for x in NAVIGATION],
        "permalink": "https://earmark.example/rules/diffusion/?on=2025-05-14&known=2026-11-30",
        "citation_text": "Earmark, “Framework for Artificial Intelligence Diffusion”, "
        "as of 14 May 2025, as known on 30 November 2026",
        "support_email": "desk@earmark.example",
        "export_url": "?format=csv",
    }


class SubscriptionForm(forms.Form):
    email = forms.EmailField(label="E-mail", help_text="One mail for each date that comes near.")
    subject = forms.ChoiceField(label="Subject", choices=[("all", "Everything closing")])
    lead = forms.MultipleChoiceField(
        label="Days before",
        choices=[("30", "30 days"), ("7", "7 days"), ("1", "1 day")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
