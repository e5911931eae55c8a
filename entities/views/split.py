"""Taking one party apart into two: what is the other's is chosen, and a draft made of it."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from entities.actions.split import movable, split_words
from entities.models import Entity
from entities.queries.followed import name_of
from policy.actions.desk.drafts import start_change
from policy.actions.desk.kinds import BadValues, desk_kinds
from policy.clock import now
from policy.http import Response, whole
from policy.models import User
from policy.views.unlisted import FRAME, unlisted


@require_http_methods(["GET", "HEAD", "POST"])
@unlisted
def split(request: HttpRequest, slug: str) -> Response:
    entity = get_object_or_404(Entity, slug=slug)
    if request.method != "POST":
        return show(request, entity)
    chosen = {read_choice(text) for text in request.POST.getlist("moves")}
    other = request.POST.get("slug", "").strip()
    try:
        check_slug(other)
        words = split_words(entity, slug=other, chosen=chosen)
        assert isinstance(request.user, User)  # noqa: S101  # the middleware has checked its power
        change = start_change(words, by=request.user, at=now())
    except BadValues as refused:
        return show(request, entity, str(refused), status=400)
    return redirect("policy:desk-change", pk=change.pk)


def read_choice(text: str) -> tuple[str, int]:
    """``name:12``: a kind and a row; what cannot be read names nothing."""
    kind, _, number = text.partition(":")
    return kind, whole(number)


def check_slug(slug: str) -> None:
    column = desk_kinds()["new-entity"].form_field("slug")
    try:
        column.clean(slug)
    except ValidationError as refused:
        sentence = "Give the other party an id of small letters, digits and hyphens."
        raise BadValues({"slug": sentence}) from refused
    if Entity.objects.filter(slug=slug).exists():
        raise BadValues({"slug": f"“{slug}” is another party already: choose another id."})


def show(request: HttpRequest, entity: Entity, refused: str = "", status: int = 200) -> Response:
    kinds = {kind.model: kind for kind in desk_kinds().values()}
    ticked = request.POST.getlist("moves")
    rows = [(kinds[type(row)], row, f"{kinds[type(row)].slug}:{row.pk}") for row in movable(entity)]
    context = {
        "entity": entity,
        "name": name_of(entity),
        "rows": [(kind, row, value, value in ticked) for kind, row, value in rows],
        "slug": request.POST.get("slug", ""),
        "refused": refused,
    }
    return render(request, "entities/split.html", {**FRAME, **context}, status=status)
