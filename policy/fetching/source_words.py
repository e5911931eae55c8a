"""What one source says word for word, asked of its publisher when somebody wants to quote it.

Federal Register: https://www.federalregister.gov/developers/documentation/api/v1 names the
address of a document's text. eCFR: https://www.ecfr.gov/developers/documentation/api/v1 gives
the full text of a section for a day. Anything else is the page that the record cites.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from policy.fetching.client import XML, Answer, Question
from policy.fetching.ecfr import SITE as ECFR
from policy.fetching.ecfr import TITLE, title_state
from policy.fetching.errors import Permanent
from policy.fetching.federal_register import SITE as FEDERAL_REGISTER
from policy.fetching.fetched import Asker, read_object
from policy.sources.page_text import ecfr_text, page_text

PAGE = ("text/html", "text/plain", "application/xhtml+xml")
# "current" or a day, then the title, and below it a part or a section.
_READER = re.compile(r"/(?:current|on/(?P<day>\d{4}-\d\d-\d\d))/title-(?P<title>\d+)/")
_PLACE = re.compile(r"/(?P<level>part|section)-(?P<number>\d+[\w.-]*)/?$")


@dataclass(frozen=True)
class Sites:
    """Where the two services are; tests have their own."""

    federal_register: str = FEDERAL_REGISTER
    ecfr: str = ECFR


@dataclass(frozen=True)
class SourceAddress:
    """What the record knows of a source: its address, and its number in the Federal Register."""

    url: str
    number: str = ""


@dataclass(frozen=True)
class SourceWords:
    """The text, and the answer that it was made of."""

    text: str
    answer: Answer


def source_words(asker: Asker, source: SourceAddress, sites: Sites) -> SourceWords:
    """Ask for the text of a source. Raises FetchError or Refused, with a sentence."""
    if source.number:
        return document_words(asker, source.number, sites.federal_register)
    if question := ecfr_question(asker, source.url, sites):
        answer = asker.ask(question)
        return SourceWords(ecfr_text(answer.data), answer)
    return page_words(asker, source.url)


def document_words(asker: Asker, number: str, site: str) -> SourceWords:
    """A document's body, where its paragraphs are whole; else its text in printed lines."""
    fields = ("body_html_url", "raw_text_url")
    question = Question(
        f"{site}/api/v1/documents/{number}.json",
        parameters=tuple(("fields[]", name) for name in fields),
    )
    said = read_object(asker.ask(question))
    address = next((str(said[name]) for name in fields if said.get(name)), "")
    if not address:
        raise Permanent(f"The Federal Register names no text of {number}.")
    return page_words(asker, address)


def ecfr_question(asker: Asker, url: str, sites: Sites) -> Question | None:
    """The full text of the part or section that an address of the eCFR's reader shows."""
    parts = urlsplit(url)
    reader, place = _READER.match(parts.path), _PLACE.search(parts.path)
    if f"{parts.scheme}://{parts.netloc}" not in {ECFR, sites.ecfr} or not (reader and place):
        return None
    title, number = reader["title"], place["number"]
    parameters = [("part", number.partition(".")[0])]
    if place["level"] == "section":
        parameters.append(("section", number))
    day = reader["day"] or newest_day(asker, title, sites)
    address = f"{sites.ecfr}/api/versioner/v1/full/{day}/title-{title}.xml"
    return Question(address, accept=XML, parameters=tuple(parameters))


def newest_day(asker: Asker, title: str, sites: Sites) -> str:
    """The day that "current" stands for, which the eCFR's API does not take. ISO 8601."""
    if title != str(TITLE):
        raise Permanent(f"The address names no day, and the record follows title {TITLE} only.")
    state = title_state(asker, site=sites.ecfr)
    if state is None:
        raise Permanent("The eCFR does not say for which day its text stands.")
    return state.up_to_date_as_of.isoformat()


def page_words(asker: Asker, url: str) -> SourceWords:
    answer = asker.ask(Question(url, accept=PAGE))
    return SourceWords(page_text(answer.data), answer)
