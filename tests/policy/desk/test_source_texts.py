"""Sources at the desk: registered by name, stored word for word, never replaced."""

import gzip
import hashlib
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from policy.actions.desk.drafts import Item, start_change
from policy.actions.desk.kinds import BadValues
from policy.actions.desk.source_texts import NewSource, register_source, store_text
from policy.actions.facts import set_portion
from policy.actions.revisions import new_revision
from policy.domain.partial_dates import parse_partial_date
from policy.domain.roles import Role
from policy.models import (
    Change,
    DeadlineDate,
    Document,
    DocumentFact,
    IdentityState,
    Proposal,
    Revision,
    Section,
    SectionText,
    Snapshot,
    SnapshotContent,
    Source,
    SourceRegistration,
    SourceText,
    User,
)
from policy.permissions import NotPermitted
from policy.queries.source_texts import (
    LONG,
    LONGEST_TEXT,
    beside,
    beside_change,
    held_texts,
    newest_text,
)
from policy.queries.verify import verify_history
from tests.people import account, signed_in
from tests.policy.desk.test_edit_pages import form_data, opened, posted
from tests.policy.desk.world import AT, new_date, published, put, words

pytestmark = pytest.mark.django_db
Team = dict[str, User]
PASTED = SourceText.How.PASTED.value
EXTENSION = "BIS says: the comment period is extended.\nComments are due on June 16, 2027."
NEWER = "BIS says: the comment period is not extended.\nComments are due on May 17, 2027."


def store(team: Team, text: str, slug: str = "the-extension", **others: Any) -> Any:
    source = Source.objects.get(slug=slug)
    return store_text(source, text, **{"how": PASTED, "by": team["author"], "at": AT, **others})


@pytest.fixture
def editor(team: Team) -> Client:
    return signed_in(team["author"])


# --- storing


def test_a_text_is_stored_as_it_is_with_plain_line_ends_and_its_digest(team: Team) -> None:
    stored = store(team, "One\r\nTwo\rThree\n")
    assert stored.is_new
    assert stored.text.text == "One\nTwo\nThree"
    assert stored.text.sha256 == hashlib.sha256(b"One\nTwo\nThree").hexdigest()
    assert (stored.text.added_by, stored.text.added_at) == (team["author"], AT)


def test_a_newer_text_stands_beside_the_older_and_the_same_is_no_text(team: Team) -> None:
    store(team, "Old words")
    again = store(team, "Old words\n")
    assert not again.is_new
    store(team, "New words")
    source = Source.objects.get(slug="the-extension")
    assert [t.text for t in SourceText.objects.filter(source=source)] == ["Old words", "New words"]
    newest = newest_text(source)
    assert newest
    assert newest.text == "New words"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("  \n ", "There is nothing to store"),
        ("a\0b", "NUL characters"),
        ("x" * (LONGEST_TEXT + 1), "1,000,000 are the most"),
    ],
)
def test_what_is_no_text_gets_a_sentence_and_is_not_stored(
    team: Team, text: str, sentence: str
) -> None:
    with pytest.raises(BadValues, match=sentence):
        store(team, text)
    assert not SourceText.objects.exists()


def test_a_reader_stores_nothing(team: Team) -> None:
    with pytest.raises(NotPermitted):
        store(team, "Words", by=account(Role.READER, name="Rea Reader"))
    assert not SourceText.objects.exists()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE policy_sourcetext SET text = 'other'",
        "DELETE FROM policy_sourcetext",
        "UPDATE policy_sourceregistration SET by_id = 1",
        "DELETE FROM policy_sourceregistration",
    ],
)
def test_the_database_keeps_what_was_stored(team: Team, sql: str) -> None:
    store(team, "Words")
    register_source(NewSource("A page", "press"), by=team["author"], at=AT)
    with pytest.raises(IntegrityError, match="stay"), transaction.atomic():
        connection.cursor().execute(sql)
    assert SourceText.objects.get().text == "Words"


def test_the_lock_of_revisions_is_taken_before_the_source(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Imports take them in this order: in the other one the two would wait for each other.
    before: list[str] = []
    with CaptureQueriesContext(connection) as queries:
        locked = partial(note_statements, queries, before)
        monkeypatch.setattr("policy.actions.desk.source_texts.lock_revisions", locked)
        source = Source.objects.only("pk").get(slug="the-extension")
        store_text(source, "Words", how=PASTED, by=team["author"], at=AT)
    assert before
    assert len([sql for sql in before if 'FROM "policy_source"' in sql]) == 1


def note_statements(queries: CaptureQueriesContext, noted: list[str]) -> None:
    noted += [query["sql"] for query in queries.captured_queries]


# --- registering


def test_a_source_is_registered_with_a_line_of_who_did_it(team: Team) -> None:
    new = NewSource(
        title="A statement on chips",
        kind="company",
        publisher="A company",
        url="https://example.org/chips",
        published=parse_partial_date("2025-02"),
    )
    source = register_source(new, by=team["analyst"], at=AT)
    assert source.slug == "a-statement-on-chips"
    assert str(source.published_on) == "February 2025 (day not known)"
    line = SourceRegistration.objects.get()
    assert (line.source, line.by, line.at) == (source, team["analyst"], AT)


@pytest.mark.parametrize(
    ("new", "field", "sentence"),
    [
        (NewSource("The rule", "press", slug="the-rule"), "slug", "holds a source “the-rule”"),
        (NewSource("", "press"), "title", "This field cannot be blank."),
        (NewSource("A page", "rumour"), "kind", "not a valid choice"),
        (NewSource("A page", "press", url="not an address"), "url", "Enter a valid URL."),
    ],
)
def test_what_is_no_source_gets_a_sentence(
    team: Team, new: NewSource, field: str, sentence: str
) -> None:
    before = Source.objects.count()
    with pytest.raises(BadValues) as refused:
        register_source(new, by=team["author"], at=AT)
    assert sentence in refused.value.sentences[field]
    assert (Source.objects.count(), SourceRegistration.objects.count()) == (before, 0)


# --- what the record holds


def test_the_record_s_own_words_of_a_document_may_be_stored(team: Team) -> None:
    source = Source.objects.get(slug="the-rule")
    document = Document.objects.create(number="2025-00636", source=source)
    row = DocumentFact(
        document=document, title="A rule", dates_text="Effective now.", abstract="About AI.",
        source=source, valid_from=date(2025, 1, 15), published=date(2025, 1, 15),
    )  # fmt: skip
    put(row)
    [held] = held_texts(source)
    assert (held.key, held.how) == ("document", "imported")
    assert held.text == "A rule\n\nEffective now.\n\nAbout AI."


def test_sections_and_small_files_may_be_stored_too(team: Team) -> None:
    source, revision = Source.objects.get(slug="the-rule"), Revision.objects.get()
    section = Section.objects.create(part="744", identifier="744.23")
    text = SectionText(
        section=section, heading="§ 744.23 Heading", text="(a) Words.", source=source,
        valid_from=date(2025, 1, 1), digest="d",
    )  # fmt: skip
    put(text)
    snapshot = Snapshot.objects.create(
        source=source, topic="ecfr", as_of=date(2025, 1, 1), sha256="s", size=50,
        file_name="a.xml", revision=revision,
    )  # fmt: skip
    data = b"<DIV><HEAD>Part  744</HEAD><P>The <I>words</I> here.</P></DIV>"
    SnapshotContent.objects.create(snapshot=snapshot, gzipped=gzip.compress(data))
    section_text, file = held_texts(source)
    assert section_text.label == "§ 744.23"
    assert section_text.text == "§ 744.23 Heading\n(a) Words."
    assert (file.how, file.text) == ("fetched", "Part 744\nThe\nwords\nhere.")


# --- the quote beside its source


@pytest.mark.parametrize(
    ("quote", "sentence", "missing"),
    [
        ("the comment period is extended", "Found in the text.", False),
        ("Comments", "Found in the text.", False),
        ("the", "Found in the text.", False),
        ("m", "Found 4 times in the text.", False),
        ("", "No words are quoted yet. Select them in the text.", False),
        ("never printed", "Not in the text of the source: “never printed”.", True),
    ],
)
def test_what_is_said_of_a_quote(team: Team, quote: str, sentence: str, missing: bool) -> None:
    store(team, EXTENSION)
    said = beside(Source.objects.get(slug="the-extension"), quote)
    assert (said.sentence, said.is_missing) == (sentence, missing)
    assert "".join(piece.text for piece in said.pieces) == EXTENSION


def test_without_a_text_nothing_is_missing(team: Team) -> None:
    source = Source.objects.get(slug="the-extension")
    assert "nobody can check the quote" in beside(source, "words").sentence
    assert not beside(source, "words").is_missing
    assert beside(None, "").sentence == "Choose a source, and its text stands here."


@pytest.mark.parametrize("quote", ["quoted words", "not there"])
def test_of_a_long_text_the_stretch_around_the_quote_is_shown(team: Team, quote: str) -> None:
    store(team, "a " * LONG + "quoted words" + " b" * LONG)
    pieces = beside(Source.objects.get(slug="the-extension"), quote).pieces
    assert sum(len(piece.text) for piece in pieces) < LONG + 10
    marked = [piece.text for piece in pieces if piece.is_quoted]
    assert marked == (["quoted words"] if quote == "quoted words" else [])


# --- facts whose words change


def test_a_newer_text_without_the_quoted_words_reopens_the_fact(team: Team) -> None:
    published(team)
    store(team, EXTENSION)
    stored = store(team, NEWER, at=AT + timedelta(days=1))
    [question] = stored.reopened
    assert question.kind == "difference"
    assert (question.subject_kind, question.subject_id) == ("deadline", "ai-diffusion-comment")
    assert question.evidence["words"] == "the comment period is extended"
    assert question.evidence["before"] == "the comment period is extended."
    assert question.evidence["after"] == "the comment period is not extended."
    assert question.evidence["kind"] == "date"
    assert question.evidence["of"] == "ai-diffusion-comment"
    assert question.revision.by == "Ada Author"
    reason = "A newer text of The extension lacks words that a fact quotes"
    assert question.revision.reason == reason
    # No fact has changed: a person decides.
    assert DeadlineDate.objects.known(None).filter(recorded=question.revision).count() == 0


def test_the_same_evidence_asks_once(team: Team) -> None:
    published(team)
    store(team, EXTENSION)
    store(team, NEWER)
    store(team, EXTENSION)
    revisions = Revision.objects.count()
    again = store(team, NEWER)
    assert again.is_new
    assert (again.reopened, Revision.objects.count()) == ((), revisions)
    assert Proposal.objects.count() == 1


@pytest.mark.parametrize(
    "texts",
    [(NEWER,), (EXTENSION,), (EXTENSION, EXTENSION + "\nMore."), ("Other words", NEWER)],
    ids=["first text", "held", "still held", "never held"],
)
def test_only_words_that_were_there_and_are_gone_reopen_anything(
    team: Team, texts: tuple[str, ...]
) -> None:
    published(team)
    revisions = Revision.objects.count()
    for text in texts:
        assert store(team, text).reopened == ()
    assert (Proposal.objects.count(), Revision.objects.count()) == (0, revisions)


def test_a_fact_that_is_no_longer_recorded_is_not_reopened(team: Team) -> None:
    published(team)
    published(team, new_date(day="2027-07-01"), quote="Comments are due")
    store(team, EXTENSION)
    [question] = store(team, "the comment period is extended. Nothing else.").reopened
    assert question.evidence["words"] == "Comments are due"


# --- a document that corrects another


def document(number: str, slug: str, **others: Any) -> DocumentFact:
    source = Source.objects.filter(slug=slug).first() or Source.objects.create(
        slug=slug, kind="federal-register", title=number
    )
    identity, _ = Document.objects.get_or_create(number=number, source=source)
    day = date(2025, 1, 15)
    return DocumentFact(
        document=identity, title=f"Title of {number}", source=source, valid_from=day, **others
    )


def record_document(fact: DocumentFact) -> Revision:
    from policy.actions.desk.reopen import reopen_corrected

    kind = Revision.Kind.IMPORT
    with new_revision(by="import", kind=kind, reason="An import", at=AT) as revision:
        set_portion(fact, revision=revision, because="")
        reopen_corrected([fact], revision)
    return revision


def test_a_correction_reopens_every_fact_that_cites_what_it_corrects(team: Team) -> None:
    record_document(document("2025-00636", "the-rule"))
    assert not Proposal.objects.exists()
    words = "On page 4544, “May 15, 2025” should read “May 19, 2025”."
    correction = document("C1-2025-00636", "c1", corrects="2025-00636", dates_text=words)
    revision = record_document(correction)
    questions = Proposal.objects.order_by("subject_kind")
    assert [q.subject_kind for q in questions] == ["deadline", "document"]
    deadline = questions[0]
    assert deadline.revision == revision
    assert deadline.source == correction.source
    assert deadline.evidence["words"] == words
    assert deadline.evidence["correction"] == "C1-2025-00636"
    what = "C1-2025-00636 corrects The rule, which it cites"
    assert deadline.title == f"Comments due: 15 May 2025: {what}"


def test_a_correction_that_arrives_by_import_reopens_facts(team: Team) -> None:
    from tests.policy.documents.answers import document as answer
    from tests.policy.documents.answers import take_in

    record_document(document("2025-00636", "the-rule"))
    address = "https://www.federalregister.gov/api/v1/documents/2025-00636"
    report = take_in(answer(title="Controls; Correction", correction_of=address, dates=None))
    questions = Proposal.objects.filter(kind="difference")
    assert {q.subject_kind for q in questions} == {"deadline", "document"}
    assert {q.revision_id for q in questions} == {report.revision}
    assert report.proposals == Proposal.objects.count()


def test_a_correction_that_the_desk_publishes_reopens_facts(team: Team) -> None:
    record_document(document("2025-00636", "the-rule"))
    record_document(document("C1-2025-00636", "c1"))
    values = {
        "document": "C1-2025-00636", "title": "A correction", "corrects": "2025-00636",
        "valid_from": "2025-01-20",
    }  # fmt: skip
    change = published(team, Item("document", "set", values), source="c1", quote="")
    questions = Proposal.objects.filter(kind="difference")
    assert {q.revision for q in questions} == {change.revision}
    assert len(questions) == 2


def test_a_correction_that_is_imported_again_asks_nothing_new(team: Team) -> None:
    record_document(document("2025-00636", "the-rule"))
    correction = document("C1-2025-00636", "c1", corrects="2025-00636")
    record_document(correction)
    count = Proposal.objects.count()
    record_document(correction)
    assert Proposal.objects.count() == count == 2


def test_a_correction_of_a_document_that_nothing_cites_asks_nothing(team: Team) -> None:
    record_document(document("C1-2099-1", "c1", corrects="2099-1"))
    assert not Proposal.objects.exists()


# --- pages


def test_a_text_is_pasted_on_the_page_of_its_source(team: Team, editor: Client) -> None:
    url = "/desk/sources/the-extension/"
    assert "None yet" in opened(editor, url).main
    response = editor.post(url, {"take_from": "pasted", "text": EXTENSION})
    assert response.headers["Location"] == url
    page = opened(editor, url)
    assert "Ada Author: pasted (newest)" in page.main
    assert "the comment period is extended" in page.main
    stored = SourceText.objects.get()
    assert stored.sha256 in page.main


def test_a_newer_text_says_what_it_has_opened(team: Team, editor: Client) -> None:
    published(team)
    url = "/desk/sources/the-extension/"
    for text in (EXTENSION, NEWER):
        editor.post(url, {"take_from": "pasted", "text": text})
    assert "It no longer has words that a fact quotes" in opened(editor, url).text
    editor.post(url, {"take_from": "pasted", "text": NEWER})
    assert "This very text is stored already." in opened(editor, url).text


def test_what_the_record_holds_is_stored_by_choice(team: Team, editor: Client) -> None:
    record_document(document("2025-00636", "the-rule", dates_text="Effective now."))
    url = "/desk/sources/the-rule/"
    editor.post(url, {"take_from": "document", "text": "not this"})
    stored = SourceText.objects.get()
    assert (stored.how, stored.text) == ("imported", "Title of 2025-00636\n\nEffective now.")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"take_from": "pasted", "text": " "}, "There is nothing to store"),
        ({"take_from": "section-9", "text": "x"}, "Select a valid choice"),
    ],
)
def test_a_slip_on_that_page_is_explained(
    team: Team, editor: Client, data: dict[str, str], sentence: str
) -> None:
    page = posted(editor, "/desk/sources/the-rule/", data, status=400)
    assert sentence in page.main


def test_a_source_is_registered_on_its_page_and_its_text_asked_for(
    team: Team, editor: Client
) -> None:
    data = {"title": "A note", "kind": "law-firm", "published": "2025-02"}
    response = editor.post("/desk/sources/new/", data)
    assert response.headers["Location"] == "/desk/sources/a-note/"
    assert "Registered by Ada Author" in opened(editor, "/desk/sources/a-note/").main
    page = posted(editor, "/desk/sources/new/", data, status=400)
    assert "holds a source “a-note” already" in page.main
    page = posted(editor, "/desk/sources/new/", {"kind": "press"}, status=400)
    assert "Give the title as it is printed." in page.main


def test_the_form_marks_the_quote_in_the_text_and_says_where_it_is_not(
    team: Team, editor: Client
) -> None:
    store(team, EXTENSION)
    change = start_change(words(), by=team["author"], at=AT)
    url = f"/desk/changes/{change.pk}/edit/"
    page = opened(editor, url)
    assert page.texts("//mark") == ["the comment period is extended"]
    data = {**form_data(page), "quote": "never printed", "_field": "quote"}
    beside_it = posted(editor, "/desk/check/", data, headers={"HX-Request": "true"})
    assert "Not in the text of the source: “never printed”." in beside_it.text
    assert beside_it.texts("//mark") == []


def test_a_quote_that_is_not_there_warns_the_writer_and_the_approver(
    team: Team, editor: Client
) -> None:
    store(team, EXTENSION)
    change = start_change(words(quote="never printed"), by=team["author"], at=AT)
    data = form_data(opened(editor, f"/desk/changes/{change.pk}/edit/"))
    editor.post("/desk/save/", {**data, "do": "submit"})
    change = Change.objects.get()
    assert change.state == "submitted"
    assert "Whoever approves it is told." in opened(editor, "/desk/new/").text
    assert beside_change(change).is_missing
    from django.template import Context, Template

    shown = Template("{% load desk %}{% quote_beside change %}").render(Context({"change": change}))
    assert "Not in the text of the source: “never printed”." in shown


def test_a_source_registered_by_hand_is_kept_once_a_change_cites_it(team: Team) -> None:
    source = register_source(NewSource("A page", "press", slug="a-page"), by=team["author"], at=AT)
    rows = IdentityState.objects.filter(table="policy.source", row=str(source.pk))
    assert not rows.exists()
    published(team, source="a-page")
    assert rows.get().values["title"] == "A page"
    Source.objects.filter(pk=source.pk).update(title="Another page")
    [finding] = verify_history().findings
    assert "says 'Another page' in title" in finding.sentence
