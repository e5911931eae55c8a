"""Renders components without a database, a request or a server."""

from pathlib import Path

from django.template import Context, Engine

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"
LIBRARIES = {
    "desk": "policy.templatetags.desk",
    "django_htmx": "django_htmx.templatetags.django_htmx",
    "record": "policy.templatetags.record",
    "static": "django.templatetags.static",
    "tz": "django.templatetags.tz",
}


def engine() -> Engine:
    """The site's templates, without the site's context processors."""
    return Engine(dirs=[str(HERE), str(TEMPLATES)], libraries=LIBRARIES)


def render_page(name: str, context: dict[str, object] | None = None) -> str:
    return engine().get_template(name).render(Context(context or {}))


def render_component(component: str, /, **parameters: object) -> str:
    """One component as a page gets it, with runs of white space made one space."""
    return " ".join(render_page(f"components/{component}.html", parameters).split())
