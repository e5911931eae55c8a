"""The context of the sample page: what every page has, and one of each component."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator

from policy.domain.partial_dates import PartialDate, Precision
from tests.design import samples

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


def tables() -> dict[str, object]:
    rows = [("China", "1,110"), ("Russia", "1,083"), ("United Arab Emirates", "188")]
    return {
        "count_columns": [{"label": "Destination"}, {"label": "Rows", "numeric": True}],
        "count_rows": [
            [
                {"text": name, "title": True},
                {"text": count, "label": "Rows", "numeric": True},
            ]
            for name, count in rows
        ],
    }


def map_parts() -> dict[str, object]:
    slugs = ["united-states", "supplement-5-a", "everyone-else", "d5-or-macau", "none"]
    return {
        "groups": samples.groups(),
        "shapes": [
            {"group": slug, "x": 10 + 125 * i, "selected": i == 1} for i, slug in enumerate(slugs)
        ],
    }


def voices() -> dict[str, object]:
    verdicts = [
        ("Press report", "120 days from 13 January", "partly", "Partly true"),
        ("Trade blog", "The rule had been set to take effect on 15 May 2025", "false", "False"),
        ("Law-firm alert", "A decision not to enforce was announced", "true", "True"),
        ("Forrester", "Chip revenues may be hit hard", "opinion", "Opinion"),
        ("Press report", "Meta objects", "not-verified", "Not verified"),
    ]
    keys = ("who", "text", "state", "label")
    return {
        "blog_day": date(2025, 1, 13),
        "verdicts": [dict(zip(keys, row, strict=True)) for row in verdicts],
        "results": [
            {
                "url": "#zhipu",
                "title": "Beijing Zhipu Huazhang Technology Co., Ltd.",
                "kind": "Entity",
                "detail": "China · listed since 16 January 2025",
                "reasons": ["pinyin of 智谱", "alias"],
            },
            {"url": "#90-fr-4617", "title": "90 FR 4617", "kind": "Document"},
        ],
    }


def sample_context(*, today: bool = False) -> dict[str, object]:
    return {
        **point_in_time(today=today),
        "kept_params": [("q", "diffusion")],
        "diffusion": samples.DIFFUSION,
        "zhipu_rule": samples.ZHIPU_RULE,
        "statuses": samples.statuses(),
        "axis": samples.axis(),
        "computed": samples.computed_receipt(),
        "rolled": samples.rolled_receipt(),
        "printed": samples.printed_receipt(),
        "columns": samples.columns(),
        "listings": samples.listings(),
        "page_obj": Paginator(range(3411), 50).page(2),
        "facets": samples.facets(),
        "events": samples.events(),
        "redline": samples.redline(),
        "key_facts": samples.key_facts(),
        "deadlines": samples.deadlines(),
        "month_only": PartialDate(date(2026, 7, 1), Precision.MONTH),
        "a_day": date(2025, 5, 14),
        "tabs": [
            {"label": "Overview", "url": "#overview", "current": True},
            {"label": "Documents", "url": "#documents", "count": 7},
            {"label": "Reactions", "url": "#reactions", "count": 19},
        ],
        "form": SubscriptionForm({"email": "not an address", "subject": "all"}),
        **tables(),
        **map_parts(),
        **voices(),
    }
