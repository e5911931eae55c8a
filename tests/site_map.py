"""Every page of the site with one example address, and how the tests read a page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qs, urljoin, urlsplit

from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver
from lxml import html

ZHIPU = "beijing-zhipu-huazhang-technology-co-ltd"
SITE = "http://testserver"

# By URL name: the pages that read the record.
PAGES = {
    "policy:home": "/",
    "policy:search": "/search/?q=chips",
    "policy:rules": "/rules/",
    "policy:rule": "/rules/ai-diffusion/",
    "policy:document": "/documents/2025-00636/",
    "policy:documents": "/documents/",
    "policy:docket": "/dockets/BIS-2025-0001/",
    "policy:questions": "/questions/",
    "policy:section": "/sections/742.6/",
    "policy:deadlines": "/deadlines/",
    "policy:deadline": "/deadlines/ai-diffusion-comment/",
    "policy:tiers": "/tiers/",
    "policy:country": "/tiers/my/",
    "policy:reactions": "/reactions/",
    "policy:organization": "/organisations/nvidia/",
    "policy:claims": "/claims/",
    "policy:sources": "/sources/",
    "policy:source": "/sources/2025-00636/",
    "policy:history": "/history/",
    "policy:history-fact": "/history/countrygroup:kh,d5/",
    "policy:history-revision": "/history/revisions/1/",
    "policy:history-changes": "/history/changes/?about=/tiers/kh/",
    "policy:dossier-rule": "/dossiers/rules/ai-diffusion/",
    "dossiers:entity": f"/dossiers/entities/{ZHIPU}/",
    "entities:list": "/entities/",
    "entities:compare": "/entities/compare/",
    "entities:entity": f"/entities/{ZHIPU}/",
    "lists:lists": "/lists/",
    "lists:cross_check": "/lists/cross-check/",
}
# Reading pages of one thing, with an address of the same route that names nothing.
NOT_THERE = {
    "policy:rule": "/rules/no-such-rule/",
    "policy:document": "/documents/2099-99999/",
    "policy:deadline": "/deadlines/no-such-date/",
    "policy:docket": "/dockets/BIS-2099-0001/",
    "policy:country": "/tiers/no-such-place/",
    "policy:organization": "/organisations/no-such-body/",
    "policy:source": "/sources/no-such-source/",
    "policy:history-fact": "/history/countrygroup:xx,d5/",
    "policy:history-revision": "/history/revisions/99/",
    "policy:dossier-rule": "/dossiers/rules/no-such-rule/",
    "dossiers:entity": "/dossiers/entities/no-such-party/",
    "entities:entity": "/entities/no-such-party/",
    "lists:entry": "/lists/EL/no-such-entry/",
}
# Lists whose one part htmx swaps: the id of the element that it is swapped into.
PARTS = {
    "policy:search": "results",
    "policy:rules": "list",
    "policy:documents": "list",
    "policy:questions": "list",
    "policy:deadlines": "list",
    "policy:tiers": "map",
    "policy:country": "panel",
    "policy:reactions": "list",
    "policy:claims": "list",
    "policy:sources": "list",
    "policy:history": "list",
    "policy:history-fact": "list",
    "policy:history-revision": "list",
    "policy:history-changes": "list",
    "entities:list": "results",
    "entities:compare": "results",
    "lists:lists": "results",
    "lists:cross_check": "results",
}


def url_names() -> Iterator[str]:
    """The name of every route of the site, with its namespaces."""
    yield from names_below(get_resolver(), "")


def names_below(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"
        else:
            space = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from names_below(pattern, prefix + space)


def with_query(url: str, **parameters: str) -> str:
    joiner = "&" if "?" in url else "?"
    return url + joiner + "&".join(f"{name}={value}" for name, value in parameters.items())


def text_of(element: html.HtmlElement) -> str:
    return " ".join(str(element.text_content()).split())


@dataclass(frozen=True)
class Shown:
    """A page, or a part of one, as a reader's browser gets it."""

    url: str
    markup: str

    @cached_property
    def tree(self) -> html.HtmlElement:
        return html.document_fromstring(self.markup)

    @cached_property
    def text(self) -> str:
        return text_of(self.tree)

    def all(self, css_path: str) -> list[html.HtmlElement]:
        """Elements by an XPath from anywhere in the page."""
        found: list[html.HtmlElement] = self.tree.xpath(css_path)
        return found

    def texts(self, path: str) -> list[str]:
        return [text_of(element) for element in self.all(path)]

    def by_id(self, name: str) -> html.HtmlElement:
        (found,) = self.all(f"//*[@id='{name}']")
        return found

    @property
    def main(self) -> str:
        return text_of(self.by_id("content"))

    @property
    def rows(self) -> list[str]:
        """The rows of all tables, as text."""
        return self.texts("//tbody/tr")

    @property
    def addresses(self) -> list[str]:
        """Where the page's links lead, with htmx and without, complete with scheme and host."""
        found = [a.get("href") for a in self.all("//a[@href]")]
        found += [e.get("data-hx-get") for e in self.all("//a[@data-hx-get]")]
        return [urljoin(SITE + self.url, address) for address in found if address is not None]


def shown(url: str, response: HttpResponseBase) -> Shown:
    """The page of a response, which is checked to be HTML."""
    assert response["Content-Type"].startswith("text/html"), response["Content-Type"]
    return Shown(url, content_of(response))


def content_of(response: HttpResponseBase) -> str:
    """The text of a response, streamed or not."""
    if response.streaming:
        return b"".join(response).decode()
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]  # not a stream


def query_of(address: str) -> Mapping[str, list[str]]:
    return parse_qs(urlsplit(address).query, keep_blank_values=True)
