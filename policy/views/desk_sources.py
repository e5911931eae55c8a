"""Sources at the desk: registering one, and storing what it says word for word."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from policy.actions.desk.fetch_texts import ask_for_text
from policy.actions.desk.kinds import BadValues
from policy.actions.desk.source_texts import register_source, store_text
from policy.clock import now
from policy.forms_sources import SourceForm, TextForm
from policy.http import ReadingRequest, Response
from policy.models import Source, SourceText
from policy.queries.source_texts import held_texts
from policy.queries.text_fetches import newest_fetch, no_fetching
from policy.views.desk_page import show, user_of
from policy.views.unlisted import unlisted


@require_http_methods(["GET", "HEAD", "POST"])
@unlisted
def new(request: ReadingRequest) -> Response:
    """Register a source that the record does not know."""
    if request.method != "POST":
        return show(request, "source_new", {"form": SourceForm()})
    form = SourceForm(request.POST)
    if form.is_valid():
        try:
            made = register_source(form.new_source, by=user_of(request), at=now())
        except BadValues as refused:
            form.take(refused)
        else:
            messages.success(request, f"The source is registered as “{made.slug}”.")
            return redirect("policy:desk-source", slug=made.slug)
    return show(request, "source_new", {"form": form}, status=400)


@require_http_methods(["GET", "HEAD", "POST"])
@unlisted
def source(request: ReadingRequest, slug: str) -> Response:
    """What a source says, as it was stored, and a form to store a newer text beside it."""
    found = get_object_or_404(Source.objects.select_related("document"), slug=slug)
    form = TextForm(request.POST or None, held=held_texts(found))
    if request.method == "POST" and form.is_valid():
        try:
            stored = store_text(found, form.words, how=form.how, by=user_of(request), at=now())
        except BadValues as refused:
            form.take(refused)
        else:
            tell(request, len(stored.reopened), is_new=stored.is_new)
            return redirect("policy:desk-source", slug=slug)
    return source_page(request, found, form)


def tell(request: ReadingRequest, reopened: int, *, is_new: bool) -> None:
    if not is_new:
        messages.info(request, "This very text is stored already.")
        return
    messages.success(request, "The text is stored.")
    if reopened:
        facts = "a fact quotes" if reopened == 1 else f"{reopened} facts quote"
        sentence = f"It no longer has words that {facts}: each is an open question now."
        messages.warning(request, sentence)


@require_POST
@unlisted
def fetch(request: ReadingRequest, slug: str) -> Response:
    """Have the text asked of its publisher; the page of the source follows how it goes."""
    found = get_object_or_404(Source.objects.select_related("document"), slug=slug)
    try:
        ask_for_text(found, by=user_of(request), at=now())
    except BadValues as refused:
        messages.error(request, refused.sentences["fetch"])
    return redirect("policy:desk-source", slug=slug)


def source_page(request: ReadingRequest, found: Source, form: TextForm) -> HttpResponse:
    texts = SourceText.objects.filter(source=found).select_related("added_by", "fetched")
    is_part = request.htmx.target == "fetch"
    asked = newest_fetch(found)
    context = {
        "source": found,
        "form": form,
        "texts": [] if is_part else list(texts.defer("fetched__gzipped").order_by("-pk")),
        "registration": getattr(found, "registration", None),
        "fetch": asked,
        "is_overdue": asked is not None and asked.is_overdue(now()),
        "no_fetching": no_fetching(found),
        # The rest of the page is as it was: somebody may be pasting into it.
        "is_part": is_part,
    }
    status = 400 if form.errors else 200
    return show(request, "source_text", context, part="fetch", status=status)
