"""Whether the text of a source can be fetched, from where, and how the last attempt went."""

from urllib.parse import urlsplit

from django.conf import settings

from policy.fetching.errors import Unsafe
from policy.fetching.politeness import OFFICIAL, Politeness
from policy.fetching.source_words import Sites, SourceAddress
from policy.models import Source, TextFetch

# Where official statements stand that the record quotes, beside the sites that imports ask.
OFFICIAL_PAGES = OFFICIAL | {
    "https://www.bis.gov",
    "https://www.gao.gov",
    "https://www.govinfo.gov",
    "https://www.whitehouse.gov",
}


def origins() -> frozenset[str]:
    """Scheme and host of every site that a text may come from."""
    return OFFICIAL_PAGES | frozenset(settings.SOURCE_SITES.values())


def sites() -> Sites:
    """The two services that give texts, or those that this machine names instead."""
    named, usual = settings.SOURCE_SITES, Sites()
    return Sites(
        named.get("federal-register", usual.federal_register), named.get("ecfr", usual.ecfr)
    )


def address_of(source: Source) -> SourceAddress:
    document = getattr(source, "document", None)
    return SourceAddress(source.url, (document.number if document else None) or "")


def no_fetching(source: Source) -> str:
    """Why the text of this source cannot be fetched, as a sentence; empty where it can."""
    if not settings.FETCH:
        return "Fetching is turned off (EARMARK_FETCH=0)."
    address = address_of(source)
    if address.number:
        return ""
    if not address.url:
        return "The record holds no address of this source."
    try:
        Politeness(origins=origins()).check_address(address.url)
    except Unsafe:
        host = urlsplit(address.url).netloc.rpartition("@")[2]
        return f"{host or 'Its address'} is no official site that may be asked."
    return ""


def newest_fetch(source: Source) -> TextFetch | None:
    """The last time that somebody asked for its text."""
    return TextFetch.objects.filter(source=source).select_related("by").order_by("pk").last()
