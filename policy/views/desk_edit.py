"""Writing a change: the form, what it says while somebody types, and saving it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import replace_url

from policy.actions.desk.drafts import (
    Item,
    NotWritable,
    Outdated,
    Words,
    newest_revision,
    words_of,
)
from policy.actions.desk.kinds import BadValues, desk_kinds, kind_of
from policy.actions.desk.pickers import pickable, suggestions
from policy.actions.desk.prefill import begun, filled
from policy.actions.desk.publish import SaysNothing, Stale
from policy.actions.desk.review import Refused
from policy.actions.desk.saving import Place, save_and_submit, save_words
from policy.actions.desk.since import Beside, beside_row, recorded_since
from policy.clock import now
from policy.forms_desk import ChangeForm, Part, eastern_clock
from policy.http import ReadingRequest, Response, whole
from policy.middleware import refuse
from policy.models import Change, Fact
from policy.permissions import can_power
from policy.queries.deadlines import federal_calendar
from policy.queries.source_texts import beside
from policy.views.desk_merge import Mine, merge_page
from policy.views.desk_page import show, user_of
from policy.views.unlisted import unlisted

NOT_SUBMITTED = "Not submitted"
NOT_SAVED = "Not saved"


@require_safe
@unlisted
def new(request: ReadingRequest) -> Response:
    """Choose what to write, or arrive with ``?kind=date&of=ai-diffusion-comment``."""
    slug = request.GET.get("kind", "")
    if not slug:
        return show(request, "edit_choose", {"groups": choices(request)})
    try:
        words = begun(slug, request.GET.get("of", ""), request.reading.on)
    except BadValues as refused:
        raise Http404(str(refused)) from refused
    return form_page(request, ChangeForm(words, strict=False), Place())


@require_safe
@unlisted
def edit(request: ReadingRequest, pk: int) -> Response:
    change = found(pk)
    if not change.is_writable:
        return redirect(address_of(change))
    form = ChangeForm(words_of(change), strict=False)
    return form_page(request, form, Place(change, change.version))


@require_POST
@unlisted
def save(request: ReadingRequest) -> Response:
    """Save a draft, hand it over, or change which fields the form has."""
    do = request.POST.get("do", "save")
    try:
        form = ChangeForm.from_post(request.POST, strict=do == "submit")
    except BadValues as refused:
        return refuse(request, str(refused))
    place = place_of(request)
    try:
        if do not in ("save", "submit"):
            return form_page(request, reshaped(form, do, request), place)
        return submitted(request, form, place) if do == "submit" else saved(request, form, place)
    except Outdated as outdated:
        return merge_page(request, outdated, Mine(form.words, place.version))
    except NotWritable as refused:
        messages.error(request, str(refused))
        return redirect(address_of(found(whole(request.POST["change"]))))
    except BadValues as refused:
        return refused_page(request, form, place, NOT_SAVED, list(refused.sentences.values()))


def saved(request: ReadingRequest, form: ChangeForm, place: Place) -> Response:
    change = save_words(place, form.words, by=user_of(request), at=now())
    messages.success(request, "The draft is saved.")
    return redirect("policy:desk-edit", pk=change.pk)


def submitted(request: ReadingRequest, form: ChangeForm, place: Place) -> Response:
    """Handed over, or the form with every reason why not; what was typed is saved then too."""
    refusals = form.sentences()
    if not refusals:
        try:
            change = save_and_submit(place, form.words, by=user_of(request), at=now())
        except BadValues as refused:
            refusals = list(refused.sentences.values())
        except (Stale, SaysNothing, Refused) as refused:
            refusals = [str(refused)]
        else:
            warn_of_quote(request, change)
            return redirect(address_of(change))
    change = save_words(place, form.words, by=user_of(request), at=now())
    place = Place(change, change.version)
    return refused_page(request, form, place, NOT_SUBMITTED, refusals)


def warn_of_quote(request: ReadingRequest, change: Change) -> None:
    said = beside(change.source, change.quote)
    messages.success(request, "Submitted: a second person looks at it now.")
    if said.is_missing:
        messages.warning(request, f"{said.sentence} Whoever approves it is told.")


def refused_page(
    request: ReadingRequest, form: ChangeForm, place: Place, title: str, refusals: list[str]
) -> HttpResponse:
    context = {"refused": title, "refusals": list(dict.fromkeys(refusals))}
    return form_page(request, form, place, context, status=400)


def reshaped(form: ChangeForm, do: str, request: ReadingRequest) -> ChangeForm:
    """The form with an item more or less, with other fields, or filled in from the record."""
    words, items = form.words, list(form.words.items)
    what, _, number = do.partition("-")
    place = whole(number) if number.isdecimal() else -1
    if what == "add":
        kind = kind_of(request.POST.get("add", ""))
        items.append(Item(kind.slug, kind.acts[0], {}))
    elif what == "remove" and 0 <= place < len(items):
        del items[place]
    elif what == "fill" and 0 <= place < len(items):
        items[place] = filled(items[place], request.reading.on)
    own = Words(words.title, words.why, words.source, words.quote, words.publish_at, tuple(items))
    typed = {n: str(form.own.data[n]) for n in ("source", "publish_at")}
    return ChangeForm(own, typed=typed, strict=False)


@require_POST
@unlisted
def check(request: ReadingRequest) -> Response:
    """What is to be said of the one field that somebody types in; nothing is kept."""
    try:
        form = ChangeForm.from_post(request.POST)
    except BadValues:
        return HttpResponse(status=204)
    name, on = request.POST.get("_field", ""), request.reading.on
    item = form.item_of(name)
    context = {
        "line": form.line(name, on),
        "prefix": item.prefix if item else "",
        "receipts": receipts_of(request, form)[item.number] if item else (),
        "beside": beside(form.source, form.words.quote) if name in ("source", "quote") else None,
    }
    return show(request, "edit_checked", context)


@require_POST
@unlisted
def autosave(request: ReadingRequest) -> Response:
    """Save the draft as it stands, and say when; what cannot be saved is said instead."""
    at, refused, change = now(), "", None
    try:
        form, place = ChangeForm.from_post(request.POST), place_of(request)
        change = save_words(place, form.words, by=user_of(request), at=at)
    except Outdated as outdated:
        refused = str(outdated)
    except (NotWritable, BadValues) as error:
        refused = str(error)
    context = {"change": change, "clock": eastern_clock(at), "refused_save": refused}
    response = show(request, "edit_saved", context)
    if change and not request.POST.get("change"):
        return replace_url(response, reverse("policy:desk-edit", args=[change.pk]))
    return response


@require_safe
@unlisted
def pick(request: ReadingRequest, what: str) -> Response:
    """What a field may mean, as the options of its list; without the script, as a page."""
    model = pickable().get(what)
    if model is None:
        raise Http404
    found_ones = suggestions(model, request.GET.get("q", ""))
    context = {"suggestions": found_ones, "what": model._meta.verbose_name}
    page = "edit_options" if request.htmx else "edit_pick"
    return show(request, page, context)


def form_page(
    request: ReadingRequest,
    form: ChangeForm,
    place: Place,
    more: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """The form with the text of its source beside it; its items alone if htmx asks for them."""
    change, on = place.change, request.reading.on
    receipts = receipts_of(request, form)
    context = {
        "form": form,
        "change": change,
        "version": place.version,
        "parts": [Part(i, i.lines(on), receipts[i.number]) for i in form.items],
        "beside": beside(form.source, form.words.quote),
        "since": since_lines(change) if change else [],
        "newest": newest_revision(),
        "groups": choices(request),
        **(more or {}),
    }
    return show(request, "edit", context, part="items", status=status)


def since_lines(change: Change) -> list[tuple[Fact, list[Beside]]]:
    """What was recorded over a change since its writers looked, beside what it says itself."""
    return [(row, beside_row(change, row)) for row in recorded_since(change)]


def receipts_of(request: ReadingRequest, form: ChangeForm) -> list[Any]:
    """By item, how its dates come about; the calendar is asked for once."""
    if not form.items:
        return []
    calendar = federal_calendar(request.reading)
    return [item.receipts(calendar, request.reading.today) for item in form.items]


def choices(request: ReadingRequest) -> list[tuple[str, list[Any]]]:
    """The kinds that the user may write: what is said of things, and things themselves."""
    written = (kind for kind in desk_kinds().values() if not kind.is_kept_only)
    mine = [kind for kind in written if can_power(request.user, kind.power)]
    facts = [kind for kind in mine if kind.is_fact]
    return [
        ("What the record says", facts),
        ("New in the record", [k for k in mine if not k.is_fact]),
    ]


def place_of(request: ReadingRequest) -> Place:
    """Where the form is to be saved, as its hidden fields say."""
    pk, version = whole(request.POST.get("change", "")), whole(request.POST.get("version", ""))
    return Place(found(pk), version) if pk else Place()


def found(pk: int) -> Change:
    rows = Change.objects.select_related("source", "author")
    return get_object_or_404(rows, pk=pk)


def address_of(change: Change) -> str:
    return reverse("policy:desk-change", args=[change.pk])
