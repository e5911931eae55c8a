"""How the record is printed: dates, links that keep the point in time, sources."""

from datetime import date, datetime
from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from policy.domain.deadlines import EASTERN
from policy.domain.partial_dates import PartialDate, day_text
from policy.http import with_parameters
from policy.models import Document, Event, Fact, Proposal, Source
from policy.queries.fact_names import can_be_named, name_of
from policy.queries.news import SUBJECT_PAGES

register = template.Library()
LONGEST_CHIP = 40


@register.simple_tag(takes_context=True)
def link(context: RequestContext, name: str, *args: object, **query: object) -> str:
    """The address of a page at the point in time that the reader is looking at."""
    parameters = {key: value for key, value in query.items() if value not in (None, "")}
    return at_reading(context, reverse(name, args=args), parameters)


@register.simple_tag(takes_context=True)
def document_link(context: RequestContext, document: Document) -> str:
    """The page of a document; of a stub, that of the document which it was found to be by then."""
    reading = context.get("asof")
    found = document.resolved(reading.asof.revision if reading else None)
    return at_reading(context, reverse("policy:document", args=[found.public_id]), {})


@register.simple_tag(takes_context=True)
def event_link(context: RequestContext, about: Event | Proposal) -> str:
    """The page of what an event or a question is about, or nothing where it has none."""
    name = SUBJECT_PAGES.get(about.subject_kind)
    if name:
        return at_reading(context, reverse(name, args=[about.subject_id]), {})
    url = about.url if isinstance(about, Event) else ""
    return at_reading(context, url, {}) if url else ""


@register.simple_tag(takes_context=True)
def keep(context: RequestContext, url: str) -> str:
    """A stored address of this site, with the reader's point in time added."""
    return at_reading(context, url, {})


def at_reading(context: RequestContext, url: str, parameters: dict[str, Any]) -> str:
    reading = context.get("asof")
    if reading is None:
        return with_parameters(url, parameters)
    if parameters or "?" in url or "#" in url:
        return with_parameters(url, {**parameters, **reading.parameters})
    return f"{url}?{reading.query}" if reading.query else url


@register.filter
def quoted(words: str) -> str:
    """Printed words in quotation marks; several fragments have marks of their own."""
    return words if words.startswith("“") else f"“{words}”"


@register.filter
def day(value: date | datetime | PartialDate | None) -> SafeString | str:
    """A date as ``15 May 2025`` inside ``<time>``; unknown is said to be unknown."""
    if value is None:
        return "not known"
    if isinstance(value, PartialDate):
        return format_html('<time datetime="{}">{}</time>', value.iso, str(value))
    if isinstance(value, datetime):
        eastern = value.astimezone(EASTERN)
        return format_html(
            '<time datetime="{}">{}, {} Eastern</time>',
            value.isoformat(),
            day_text(eastern.date()),
            f"{eastern:%H:%M}",
        )
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), day_text(value))


@register.filter
def since(value: PartialDate | None) -> SafeString | str:
    """The start of a fact; unknown and open are different things."""
    return "before the first source" if value is None else day(value)


@register.filter
def plain_day(value: date | PartialDate | None) -> str:
    """A date for titles and attributes, without markup."""
    if value is None:
        return "not known"
    return str(value) if isinstance(value, PartialDate) else day_text(value)


@register.simple_tag(takes_context=True)
def page_link(context: RequestContext, **changes: object) -> str:
    """This page with some parameters changed; None or an empty value removes one."""
    request: HttpRequest = context["request"]
    parameters = request.GET.copy()
    parameters.pop("format", None)
    for name, value in changes.items():
        parameters.pop(name, None)
        if value not in (None, ""):
            parameters[name] = str(value)
    return f"?{parameters.urlencode()}" if parameters else request.path


@register.simple_tag(takes_context=True)
def cite(context: RequestContext, source: Source | None, label: str = "") -> SafeString:
    """The chip that opens the page of a fact's source; in print it shows the address."""
    if source is None:
        return format_html('<span class="cite cite--missing">no source</span>')
    url = at_reading(context, reverse("policy:source", args=[source.slug]), {})
    return format_html(
        '<a class="cite" href="{}" title="{}" data-print="{}">'
        '<span class="visually-hidden">Source: </span>{}</a>',
        url,
        source.title,
        source.url,
        label or shorten(str(source)),
    )


def shorten(text: str) -> str:
    """A chip is a mark, not a title."""
    return text if len(text) <= LONGEST_CHIP else f"{text[: LONGEST_CHIP - 1].rstrip()}…"


@register.inclusion_tag("policy/parts/sources.html", takes_context=True)
def sources_of(context: RequestContext, fact: Fact) -> dict[str, Any]:
    """Both sources of a fact, the printed words, and how sure the record is."""
    return {"fact": fact, "asof": context.get("asof"), "request": context.get("request")}


@register.simple_tag(takes_context=True)
def history_link(context: RequestContext, fact: Fact) -> str:
    """Where the versions of a fact stand; nothing where naming it would cost a query."""
    if not can_be_named(fact):
        return ""
    return at_reading(context, reverse("policy:history-fact", args=[name_of(fact)]), {})


@register.filter(name="hex")
def as_hex(value: bytes | memoryview) -> str:
    """A hash as people compare it."""
    return bytes(value).hex()


@register.simple_tag(takes_context=True)
def current_query(context: RequestContext) -> str:
    """The page's parameters without its page number, for links to other pages of a list."""
    request: HttpRequest = context["request"]
    parameters = request.GET.copy()
    for name in ("page", "format"):
        parameters.pop(name, None)
    return parameters.urlencode()
