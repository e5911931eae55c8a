"""What pages show of the desk: the way to its forms, instants in both clocks, holds, quotes."""

from datetime import UTC, datetime
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import RequestContext
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from policy.actions.desk.holds import holds_on
from policy.actions.desk.kinds import Kind, desk_kinds, kind_for
from policy.actions.desk.subjects import subjects_of
from policy.domain.deadlines import EASTERN
from policy.domain.partial_dates import day_text
from policy.domain.roles import Power
from policy.models import Change, Fact
from policy.permissions import can_power
from policy.queries.desk import unreviewed
from policy.queries.news import SUBJECT_PAGES
from policy.queries.source_texts import beside_change

register = template.Library()


@register.filter
def both_clocks(instant: datetime | None) -> SafeString | str:
    """An instant by the Eastern clock and by UTC, so that nobody has to count hours."""
    if instant is None:
        return ""
    eastern, utc = instant.astimezone(EASTERN), instant.astimezone(UTC)
    other = f"{utc:%H:%M} UTC"
    if utc.date() != eastern.date():
        other = f"{day_text(utc.date())}, {other}"
    return format_html(
        '<time datetime="{}">{}, {} Eastern ({})</time>',
        utc.isoformat(),
        day_text(eastern.date()),
        f"{eastern:%H:%M}",
        other,
    )


@register.simple_tag
def subject_url(kind: str, subject_id: str) -> str:
    """The page of a subject by kind and public id, or nothing where it has none."""
    name = SUBJECT_PAGES.get(kind)
    try:
        return reverse(name, args=[subject_id]) if name else ""
    except NoReverseMatch:
        return ""


@register.simple_tag
def optional_url(name: str, *args: object) -> str:
    """An address that may not be there, such as that of the editor."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def amended_kind(subject_kind: str) -> Kind | None:
    """The kind by which the desk says what a subject is called, where it has more than an id."""
    found = desk_kinds().get(f"new-{subject_kind}")
    return found if found and len(found.fields) > 1 else None


@register.inclusion_tag("policy/desk/notes.html", takes_context=True)
def desk_notes(context: RequestContext, kind: str, subject_id: str) -> dict[str, Any]:
    """For the page of a subject: what was published of it unseen, and to staff what holds stand.

    One query for a reader; a second one for staff.
    """
    request: HttpRequest = context["request"]
    subject = (kind, str(subject_id))
    user = getattr(request, "user", None)
    is_staff = user is not None and can_power(user, Power.SEE_DESK)
    return {
        "amended": amended_kind(kind) if may_draft(context) else None,
        "subject_id": subject_id,
        "unseen": [change for change in unreviewed() if subject in subjects_of(change)],
        "holds": holds_on([subject]) if is_staff else [],
        "is_staff": is_staff,
    }


@register.simple_tag(takes_context=True)
def edit_link(context: RequestContext, fact: Fact | None) -> SafeString | str:
    """The way to the form of a fact, for whoever may write it; nothing for anybody else.

    Who has no session is not looked up: a page costs a reader no query more.
    """
    request: HttpRequest | None = context.get("request")
    if fact is None or request is None or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ""
    kind = kind_for(type(fact))
    if kind is None or not can_power(request.user, kind.power):
        return ""
    query = {"kind": kind.slug, "of": kind.public_key(fact)}
    reading = context.get("asof")
    query |= {k: v for k, v in reading.parameters.items() if k == "on"} if reading else {}
    address = f"{reverse('policy:desk-new')}?{urlencode(query)}"
    return format_html(
        '<a class="edit" href="{}" rel="nofollow">Edit'
        '<span class="visually-hidden"> {}: {}</span></a>',
        address,
        kind.title,
        fact,
    )


@register.simple_tag(takes_context=True)
def may_draft(context: RequestContext) -> bool:
    """Whether the page's reader may write changes; who has no session is not looked up."""
    request: HttpRequest | None = context.get("request")
    if request is None or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    return can_power(request.user, Power.DRAFT)


@register.inclusion_tag("policy/desk/quote_beside.html")
def quote_beside(change: Change) -> dict[str, Any]:
    """The quote of a change in the text of its source; says so where it is not there."""
    return {"beside": beside_change(change)}
