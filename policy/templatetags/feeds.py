"""The addresses at which what a page shows is had as a calendar or as a feed."""

from django import template
from django.http import HttpRequest
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.http import urlencode

from policy.domain.selections import PARTS

register = template.Library()


@register.simple_tag(takes_context=True)
def calendar_here(context: RequestContext) -> str:
    """The deadlines of the page's present selection, at its point in both times."""
    return address(context, "policy:calendar-deadlines", (*PARTS, "when", "on", "known"))


@register.simple_tag(takes_context=True)
def feed_here(context: RequestContext) -> str:
    """The changes to the deadlines of the page's present selection."""
    return address(context, "policy:feed-deadlines", PARTS)


def address(context: RequestContext, name: str, parts: tuple[str, ...]) -> str:
    request: HttpRequest = context["request"]
    kept = [(part, request.GET[part]) for part in parts if request.GET.get(part)]
    return f"{reverse(name)}?{urlencode(kept)}" if kept else reverse(name)
