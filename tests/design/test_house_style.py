"""What every template and the stylesheet promise, read off their text."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from policy.models import CountryGroup
from tests.design.page import ROOT, STATIC, TEMPLATES, render_page

ALL_TEMPLATES = sorted(TEMPLATES.rglob("*.html"))
PARTS = [p for p in ALL_TEMPLATES if p.parent.name in ("components", "parts")]
CODE = [p for app in ("config", "policy", "entities") for p in (ROOT / app).rglob("*.py")]
STYLESHEET = (STATIC / "css" / "earmark.css").read_text(encoding="utf-8")
SCRIPT = (STATIC / "js" / "earmark.js").read_text(encoding="utf-8")
DESK_SCRIPT = (STATIC / "js" / "desk.js").read_text(encoding="utf-8")
ICONS = STATIC / "img" / "icons.svg"
FORCE = ["in-force", "stayed", "not-yet-in-force", "proposed", "removed", "unknown"]
POSTURE = ["enforced", "not-enforced", "no-statement"]
VERDICTS = ["true", "false", "partly", "opinion", "not-verified"]
STANCES = ["supports", "mixed", "opposes", "no-stance"]
CHANGES = ["added", "changed", "ended", "moved", "scheduled"]
AXES = [FORCE, POSTURE, VERDICTS, STANCES, CHANGES]


def name_of(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


@pytest.mark.parametrize("path", ALL_TEMPLATES, ids=name_of)
@pytest.mark.parametrize(
    "forbidden",
    [r"\sstyle=", r"\son\w+=[\"']", r"<style", r"<script(?![^>]*\ssrc=)", r"javascript:", r"\shx-"],
)
def test_no_template_needs_more_than_the_content_policy_allows(path: Path, forbidden: str) -> None:
    assert not re.search(forbidden, path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", ALL_TEMPLATES, ids=name_of)
def test_no_template_loads_anything_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"(?:src|srcset|action)=[\"']https?://", text)
    assert not re.search(r"<link[^>]+https?://", text)


@pytest.mark.parametrize("path", ALL_TEMPLATES, ids=name_of)
def test_no_template_is_longer_than_a_person_reads(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 150


@pytest.mark.parametrize("path", ALL_TEMPLATES, ids=name_of)
def test_every_class_has_a_rule(path: Path) -> None:
    # A mail carries its own rules.
    style = path.with_name("style.txt")
    rules = style.read_text(encoding="utf-8") if style.exists() else STYLESHEET
    known = set(re.findall(r"\.([a-z][\w-]*)", rules))
    for attribute in re.findall(r'class="([^"]*)"', path.read_text(encoding="utf-8")):
        plain = re.sub(r"[\w-]*\{\{.*?\}\}|\{%.*?%\}", " ", attribute)
        assert not {name for name in plain.split() if name not in known}


# Parts of class names that templates and the program put together.
JOINED = r"^(badge|banner|notice|group|timeaxis__bar|swatch|confidence|htmx|line)-"


def test_every_rule_has_a_class() -> None:
    styled = set(re.findall(r"\.([a-z][\w-]*)(?=[^{}]*\{)", STYLESHEET))
    used = "\n".join(path.read_text(encoding="utf-8") for path in ALL_TEMPLATES)
    used += SCRIPT + DESK_SCRIPT
    words = set(re.findall(r"[a-z][\w-]*", used))
    assert {c for c in styled - words if not re.match(JOINED, c)} == set()


@pytest.mark.parametrize("group", [*CountryGroup.Group.values])
def test_every_group_has_its_own_swatch(group: str) -> None:
    assert re.search(rf"\.swatch--{group}\b[^{{}}]*{{\s*background: ", STYLESHEET)


@pytest.mark.parametrize("path", PARTS, ids=name_of)
def test_every_part_is_part_of_something(path: Path) -> None:
    name = name_of(path)
    others = [p.read_text(encoding="utf-8") for p in [*ALL_TEMPLATES, *CODE] if p != path]
    assert any(name in text for text in others)


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "500.html"])
def test_an_error_page_needs_no_context(name: str) -> None:
    shown = render_page(name)
    assert shown.startswith("<!doctype html>")
    assert re.search(r"<h1>\w", shown)


def test_an_error_page_prints_the_sentence_it_was_given() -> None:
    refused = "“2025-13-01” in on is not a day; write it as 2025-05-14"
    assert refused in render_page("400.html", {"sentence": refused})
    assert "only the legal desk" in render_page("403.html", {"exception": "only the legal desk"})


def symbols() -> dict[str, str]:
    """Each icon's id with its drawing as text."""
    root = ElementTree.parse(ICONS).getroot()  # noqa: S314  # our own file
    return {
        symbol.attrib["id"]: "".join(
            ElementTree.tostring(part, encoding="unicode").strip() for part in symbol
        )
        for symbol in root
        if "id" in symbol.attrib
    }


@pytest.mark.parametrize("states", AXES, ids=lambda states: states[0])
def test_every_state_of_an_axis_has_a_shape_of_its_own(states: list[str]) -> None:
    drawn = symbols()
    assert len({drawn[state] for state in states}) == len(states)


def test_htmx_keeps_to_the_content_policy() -> None:
    base = (TEMPLATES / "base.html").read_text(encoding="utf-8")
    config = re.search(r"name=\"htmx-config\" content='([^']+)'", base)
    assert config
    assert '"includeIndicatorStyles": false' in config[1]
    assert '"allowEval": false' in config[1]
    assert ".htmx-indicator" in STYLESHEET


def test_the_script_is_small_and_writes_no_markup() -> None:
    assert len(SCRIPT) < 4_000
    assert len(DESK_SCRIPT) < 8_000
    foreign = r"outerHTML|insertAdjacentHTML|eval\(|\.style\b|\.innerHTML"
    assert not re.search(foreign, SCRIPT + DESK_SCRIPT)


def test_the_stylesheet_loads_nothing() -> None:
    assert not re.search(r"@import|https?://|url\((?![\"']?#)", STYLESHEET)


def test_every_token_that_is_used_is_defined() -> None:
    defined = set(re.findall(r"^\s*(--[\w-]+):", STYLESHEET, re.MULTILINE))
    assert set(re.findall(r"var\((--[\w-]+)", STYLESHEET)) <= defined


def test_every_token_that_is_defined_is_used() -> None:
    defined = set(re.findall(r"^\s*(--[\w-]+):", STYLESHEET, re.MULTILINE))
    assert defined <= set(re.findall(r"var\((--[\w-]+)", STYLESHEET))


# Contrast, WCAG 2.2: 1.4.3 (text, 4.5), 1.4.6 (7, for the banner), 1.4.11 (controls, 3).
TEXT = ["ink", "ink-soft", "ink-faint", "link", "link-strong", "rubric"]
TEXT += ["positive", "caution", "negative"]
PAIRS = [(colour, ground, 4.5) for colour in TEXT for ground in ("paper", "paper-sunk")]
PAIRS += [("ink", ground, 4.5) for ground in ("insert", "delete", "paper-pressed")]
PAIRS += [(colour, "paper", 3) for colour in ("line-firm", "focus", "map-edge")]
PAIRS += [("focus", "paper-sunk", 3), ("flag-ink", "flag", 7), ("paper", "ink", 4.5)]


def token(name: str, scheme: str) -> str:
    """The colour of a token in the light or the dark scheme, as six hex digits."""
    found = re.search(rf"--{name}: (?:light-dark\((#\w+), (#\w+)\)|(#\w+));", STYLESHEET)
    assert found, name
    colour = found[3] or (found[1] if scheme == "light" else found[2])
    digits = colour.lstrip("#")
    return digits if len(digits) == 6 else "".join(2 * digit for digit in digits)


def luminance(digits: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("colour", "ground", "least"), PAIRS)
def test_colours_can_be_told_from_their_ground(
    colour: str, ground: str, least: float, scheme: str
) -> None:
    first, second = sorted(
        (luminance(token(colour, scheme)), luminance(token(ground, scheme))), reverse=True
    )
    assert (first + 0.05) / (second + 0.05) >= least
