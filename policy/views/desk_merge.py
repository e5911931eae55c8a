"""When two have written: their words beside one's own, and what was recorded meanwhile."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from policy.actions.desk.drafts import NotWritable, Outdated, Words, last_written, words_of
from policy.actions.desk.kinds import BadValues
from policy.actions.desk.merge import label_of, merged_words, what_differs, words_at
from policy.actions.desk.saving import Place, save_words
from policy.actions.desk.saving import build_on as build_on_revision
from policy.clock import now
from policy.domain.merging import NotChosen, Side
from policy.forms_desk import ChangeForm
from policy.http import ReadingRequest, Response, whole
from policy.middleware import refuse
from policy.models import Change
from policy.views.desk_page import show, user_of
from policy.views.unlisted import unlisted

CHOICE = "choose-"


@dataclass(frozen=True)
class Mine:
    """One's own words, and the version of the change that they were written over."""

    words: Words
    base: int


@require_POST
@unlisted
def merge(request: ReadingRequest, pk: int) -> Response:
    """Save what was chosen, field by field, over the version that was shown."""
    change = get_object_or_404(Change.objects.select_related("source", "author"), pk=pk)
    try:
        mine = Mine(ChangeForm.from_post(request.POST).words, number(request, "base"))
    except BadValues as refused:
        return refuse(request, str(refused))
    version = number(request, "version")
    try:
        before, theirs = words_at(change, mine.base), words_at(change, version)
        words = merged_words(before, theirs, mine.words, chosen(request))
        save_words(Place(change, version), words, by=user_of(request), at=now())
    except (NotChosen, BadValues) as refused:
        return comparison(request, change, mine, str(refused), status=400)
    except Outdated as again:
        return merge_page(request, again, mine)
    except NotWritable as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Both versions are merged, and the draft is saved.")
    return redirect("policy:desk-edit", pk=pk)


def merge_page(request: ReadingRequest, outdated: Outdated, mine: Mine) -> HttpResponse:
    """Who changed what since, theirs beside yours; nothing of yours is lost or saved yet."""
    return comparison(request, outdated.change, mine, str(outdated), status=409)


def comparison(
    request: ReadingRequest, change: Change, mine: Mine, refused: str, *, status: int
) -> HttpResponse:
    found = what_differs(words_at(change, mine.base), words_of(change), mine.words)
    picks = chosen(request)
    context = {
        "change": change,
        "base": mine.base,
        "refused": refused,
        "written": last_written(change),
        "differences": [(label_of(d.path), d, picks.get(d.path) or d.only_by) for d in found],
        "kept": kept_fields(request),
    }
    return show(request, "edit_merge", context, status=status)


@require_POST
@unlisted
def build_on(request: ReadingRequest, pk: int) -> Response:
    """Keep the words of a change over what was recorded since, which its writer has seen."""
    change = get_object_or_404(Change.objects.select_related("source", "author"), pk=pk)
    version, seen = number(request, "version"), number(request, "seen")
    try:
        build_on_revision(change, version, seen, by=user_of(request), at=now())
    except (NotWritable, Outdated, BadValues) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "The change now builds on what the record says today.")
    return redirect("policy:desk-edit", pk=pk)


def number(request: ReadingRequest, name: str) -> int:
    return whole(request.POST.get(name, ""))


def chosen(request: ReadingRequest) -> dict[str, Side]:
    """The choices made so far, by path."""
    posted = request.POST.items()
    picks = ((n.removeprefix(CHOICE), v) for n, v in posted if n.startswith(CHOICE))
    return {path: Side(str(value)) for path, value in picks if value in set(Side)}


def kept_fields(request: ReadingRequest) -> list[tuple[str, Any]]:
    """One's own words as they were posted, to be posted again with the choice."""
    own = ("csrfmiddlewaretoken", "version", "base", "do", "_field", "change")
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in own and not name.startswith(CHOICE)
    ]
