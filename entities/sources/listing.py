"""One entry of the Entity List: four cells of text read into a listing."""

import re
from collections.abc import Iterator
from functools import lru_cache
from unicodedata import normalize

from entities.sources.parsed import (
    Cells,
    ParsedListing,
    PartyCell,
    Problem,
    Remark,
    Severity,
)
from entities.sources.party import parse_party_cell
from policy.domain.citations import CitationProblem, Fault, ParsedCitations, parse_fr_citations

_SUPERSCRIPT = re.compile(r"\s*([⁰¹²³⁴-⁹]+)")
# A mark in text copied from a page: a single digit after ")", ")," or "EAR".
_PLAIN_MARK = re.compile(r"(?:(?<=\))|(?<=\),)|(?<=\bEAR))\s?([1-9])(?=[\s,]|$)")
_TO_SUPERSCRIPT = str.maketrans("123456789", "¹²³⁴⁵⁶⁷⁸⁹")
_POLICY_WORDS = re.compile(
    r"^\W*(?:(?:presumption|policy) of (?:denial|approval)|case-by-case)", re.IGNORECASE
)
_REQUIREMENT_WORDS = re.compile(r"^\W*(?:for )?(?:all )?items\b", re.IGNORECASE)
_FR_CITATION = re.compile(r"\d{2,3} FR \d+")
_SEVERITY: dict[Fault, Severity] = {
    "unreadable": Severity.HIGH,
    "no_date": Severity.HIGH,
    "bad_date": Severity.HIGH,
    "wrong_year": Severity.MEDIUM,
    "weekend": Severity.MEDIUM,
    "two_dates": Severity.MEDIUM,
}


def parse_listing(
    *, destination: str, entity: str, requirement: str, review_policy: str, citation: str
) -> ParsedListing:
    """Read one entry from the text of its four cells, as the table prints them.

    The text may be a plain copy of a page: footnote marks may be ordinary digits there.
    Raises nothing; what could not be read is in ``problems``.
    """
    return read_listing(destination, Cells(entity, requirement, review_policy, citation))


def read_listing(destination: str, cells: Cells, rows: tuple[int, ...] = (1,)) -> ParsedListing:
    """Read one entry that stands in ``rows`` of the table; see ``parse_listing``."""
    party = parse_party_cell(cells.entity)
    cited = parse_fr_citations(cells.citation)
    requirement, marks = read_requirement(cells.requirement)
    policy = " ".join(cells.review_policy.split())
    row = rows[0]
    problems = [remark.at(row, "entity") for remark in party.remarks]
    problems += [remark.at(row, cell) for cell, remark in _remarks(party, requirement, policy)]
    problems += _citation_problems(row, cited)
    return ParsedListing(
        destination=destination,
        row=row,
        name=party.name,
        names=party.names,
        addresses=party.addresses,
        requirement=requirement,
        footnotes=marks,
        review_policy=policy,
        citations=cited.citations,
        printed=cells,
        raw_cells=cells,
        parties=party.parties,
        cross_references=party.cross_references,
        scope=party.scope,
        parent=party.parent,
        rows=rows,
        problems=tuple(problems),
    )


@lru_cache(maxsize=1024)
def read_requirement(text: str) -> tuple[str, tuple[str, ...]]:
    """A licence requirement without its footnote marks, and the marks, each once."""
    text = " ".join(text.split())
    text = _PLAIN_MARK.sub(lambda found: found[1].translate(_TO_SUPERSCRIPT), text)
    marks = [normalize("NFKC", found[1]) for found in _SUPERSCRIPT.finditer(text)]
    return _SUPERSCRIPT.sub("", text), tuple(dict.fromkeys(marks))


def _remarks(party: PartyCell, requirement: str, policy: str) -> Iterator[tuple[str, Remark]]:
    """What is odd about the cells beside each other, as (cell, remark)."""
    if not party.name:
        yield "entity", Remark("", "no name could be read", Severity.HIGH)
    for cell, words in (("requirement", requirement), ("review_policy", policy)):
        if not words:
            yield cell, Remark(party.name, "the cell is empty", Severity.MEDIUM)
        if found := _FR_CITATION.search(words):
            reason = "a citation is printed in this cell and is not counted among the citations"
            yield cell, Remark(words[found.start() :], reason, Severity.MEDIUM)
    if _POLICY_WORDS.search(requirement) and _REQUIREMENT_WORDS.search(policy):
        reason = "licence requirement and review policy look exchanged in print"
        yield "requirement", Remark(requirement, reason, Severity.MEDIUM)


def _citation_problems(row: int, cited: ParsedCitations) -> Iterator[Problem]:
    if not cited.citations:
        yield Problem(row, "citation", "", "no citation could be read", Severity.HIGH)
    for problem in cited.problems:
        yield _citation_problem(row, problem)


def _citation_problem(row: int, problem: CitationProblem) -> Problem:
    severity = _SEVERITY.get(problem.fault, Severity.LOW)
    return Problem(row, "citation", problem.printed, problem.reason, severity)
