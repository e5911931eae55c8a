"""What rules, documents and the like are called: kept with every write, and compared."""

from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from policy.actions.documents import join_citations
from policy.actions.identities import note_identities
from policy.actions.record_sections import save_identity
from policy.actions.revisions import new_revision
from policy.domain.chain import GENESIS
from policy.domain.citations import FrCitation
from policy.domain.identity_chain import State, differences, faults, state_hash
from policy.models import Country, Document, IdentityState, Organization, Revision, Rule, Source
from policy.queries.identity_changes import identity_changes
from policy.queries.verify import verify_history
from policy.queries.verify_identities import row_findings
from tests.policy.documents.answers import document, take_in
from tests.policy.facts_world import AT, make_places
from tests.policy.history.bent import execute, seal_anew
from tests.unguarded import lift_guards

pytestmark = pytest.mark.django_db
migration = import_module("entities.migrations.0006_identity_states")
Values = dict[str, Any]
LONG_NAME = "Semiconductor Industry Association"


def found() -> list[str]:
    return [str(finding) for finding in verify_history().findings]


def write(name: str, **others: Any) -> Organization:
    """An organisation as a record file has it, in a revision of its own."""
    at = AT + timedelta(hours=Revision.objects.count())
    with new_revision(by="tests", kind=Revision.Kind.RECORD, reason="A test", at=at):
        standing = Organization.objects.filter(slug="sia").first()
        values = {"slug": "sia", "name": name, "kind": "association", **others}
        row = save_identity(Organization, standing, values)
    assert isinstance(row, Organization)
    return row


def states() -> list[tuple[int, int, Values]]:
    rows = IdentityState.objects.order_by("pk")
    return list(rows.values_list("position", "revision", "values"))


def kept_countries(count: int, name: str) -> None:
    """So many countries, written in a revision of their own."""
    at = AT + timedelta(hours=Revision.objects.count())
    rows = [Country(key=f"k{n}", name=name, kind="country") for n in range(count)]
    with new_revision(by="tests", kind=Revision.Kind.RECORD, reason="A test", at=at):
        Country.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["key"], update_fields=["name"]
        )
        note_identities(rows)


# --- the chain, without a database


def chained(said: list[Values]) -> list[tuple[State, bytes]]:
    previous, links = GENESIS, []
    for number, values in enumerate(said, start=1):
        state = State("policy.rule", "1", number, number, values)
        previous = state_hash(previous, state)
        links.append((state, previous))
    return links


SAID = st.lists(st.dictionaries(st.text(max_size=3), st.text(max_size=3)), min_size=1, max_size=5)


@given(SAID, st.data())
def test_any_state_altered_or_taken_out_is_found(said: list[Values], data: st.DataObject) -> None:
    links = chained(said)
    assert list(faults(links)) == []
    place = data.draw(st.integers(0, len(links) - 1))
    state, hashed = links[place]
    other = State("policy.rule", "1", state.position, state.revision, {**state.values, "x" * 9: ""})
    assert len(list(faults([*links[:place], (other, hashed), *links[place + 1 :]]))) == 1
    without = [*links[:place], *links[place + 1 :]]
    # The last one lacks nothing that follows it: the seal of its revision misses it.
    assert len(list(faults(without))) == (place < len(links) - 1)


@pytest.mark.parametrize(
    ("kept", "held", "columns"),
    [
        ({}, {}, []),
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1, "b": 2}, {"a": 2, "b": 2}, ["a"]),
        ({"a": 1}, {}, ["a"]),
        ({}, {"b": 1, "a": 0}, ["a", "b"]),
    ],
)
def test_the_columns_that_differ(kept: Values, held: Values, columns: list[str]) -> None:
    assert differences(kept, held) == columns


# --- writing


def test_each_write_that_says_something_new_leaves_a_state() -> None:
    write(LONG_NAME)
    write(LONG_NAME)
    write("SIA", other_names=[LONG_NAME])
    assert states() == [
        (
            1,
            1,
            {"slug": "sia", "name": LONG_NAME, "kind": "association"},
        ),
        (
            2,
            3,
            {
                "slug": "sia",
                "name": "SIA",
                "kind": "association",
                "other_names": [LONG_NAME],
            },
        ),
    ]
    assert found() == []


def test_an_import_of_documents_keeps_what_they_and_their_sources_say() -> None:
    take_in(document())
    tables = set(IdentityState.objects.values_list("table", flat=True))
    assert {"policy.source", "policy.document"} <= tables
    for model in (Source, Document):
        kept = IdentityState.objects.filter(table=model._meta.label_lower).count()
        assert kept == model._default_manager.count()
    before = states()
    take_in(document())
    assert states() == before
    assert found() == []


def test_a_stub_and_what_it_is_merged_into_are_kept_too() -> None:
    with new_revision(by="tests", kind=Revision.Kind.IMPORT, reason="A list", at=AT):
        join_citations([FrCitation(91, 51001, date(2026, 9, 25), "91 FR 51001, 9/25/26")])
    take_in(document())
    stub = Document.objects.get(number=None)
    assert stub.merged_into
    said = IdentityState.objects.filter(table="policy.document", row=str(stub.pk))
    assert [state.values.get("merged_into_id") for state in said] == [None, stub.merged_into_id]
    assert found() == []


def test_nothing_remains_of_a_revision_that_fails() -> None:
    def fails() -> None:
        with new_revision(by="tests", kind=Revision.Kind.RECORD, reason="A test", at=AT):
            Organization.objects.create(slug="sia", name="SIA", kind="association")
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert (IdentityState.objects.count(), Organization.objects.count()) == (0, 0)


def test_the_page_of_a_revision_shows_before_and_after(client: Client) -> None:
    write("SIA")
    write("Semiconductor people", other_names=["SIA"])
    page = client.get("/history/revisions/2/").content.decode()
    assert "<del>SIA</del>" in page
    assert "<ins>Semiconductor people</ins>" in page
    assert "Organization sia" in page
    assert "No fact was written" not in page
    assert "<del>" not in client.get("/history/revisions/1/").content.decode()


def test_a_page_names_what_an_identity_belongs_to_and_no_key_of_a_table(client: Client) -> None:
    with new_revision(by="tests", kind=Revision.Kind.IMPORT, reason="A list", at=AT):
        join_citations([FrCitation(91, 51001, date(2026, 9, 25), "91 FR 51001, 9/25/26")])
    take_in(document())
    stub = Document.objects.get(number=None)
    assert stub.merged
    assert stub.merged_into
    found = identity_changes(stub.merged).lines
    merged_into = f"document {stub.merged_into.number}"
    assert [(c.identity, c.column, c.before, c.after) for c in found] == [
        (f"document {stub.cited}", "merged", "", f"revision {stub.merged_id}"),
        (f"document {stub.cited}", "merged into", "", merged_into),
    ]
    page = client.get(f"/history/revisions/{stub.merged_id}/").content.decode()
    assert f"<ins>{merged_into}</ins>" in page


def test_a_page_says_how_many_changes_it_does_not_show(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("policy.queries.identity_changes.MOST", 2)
    kept_countries(3, "Name")
    assert "not shown" not in client.get("/history/revisions/1/").content.decode()
    kept_countries(3, "Other name")
    page = client.get("/history/revisions/2/").content.decode()
    assert page.count("<ins>") == 2
    assert "These are the first 2 that changed; 1 more is not shown." in page
    kept_countries(2, "Third name")
    assert "not shown" not in client.get("/history/revisions/3/").content.decode()


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (0, "This revision kept a file or raised questions, and recorded or closed no fact."),
        (1, "for the first time what one rule, document, source or the like says of itself."),
        (1200, "for the first time what 1,200 rules, documents, sources and the like say of"),
    ],
)
def test_a_revision_of_first_states_says_that_it_kept_them(
    client: Client, count: int, sentence: str
) -> None:
    kept_countries(count, "Name")
    page = " ".join(client.get("/history/revisions/1/").content.decode().split())
    assert "No fact was written" in page
    assert sentence in page
    assert ("kept a file" in page) == (count == 0)


# --- what is found


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        (
            "UPDATE policy_organization SET name = 'Other' WHERE slug = 'sia'",
            "Organization sia says 'Other' in name where its history says 'SIA': it was altered "
            "behind the application's back.",
        ),
        ("DELETE FROM policy_organization", "Organization sia is gone from its table."),
        ("UPDATE policy_identitystate SET position = 2", "Organization sia lacks state 1"),
        ("UPDATE policy_identitystate SET revision_id = 2", "number 1, that was altered."),
        ("UPDATE policy_identitystate SET \"values\" = '{}'", "number 1, that was altered."),
        ("DELETE FROM policy_identitystate", "Revision 1 sealed 1 entries and has 0"),
        ("UPDATE policy_identitystate SET \"table\" = 'x'", "of no identity that there is."),
    ],
)
def test_what_is_done_behind_the_back_is_found(sql: str, sentence: str) -> None:
    write("SIA")
    write("SIA")
    lift_guards()
    assert execute(sql) == 1
    assert any(sentence in finding for finding in found())


def test_a_write_between_the_questions_of_the_check_is_no_finding() -> None:
    row = write("SIA")
    kept = IdentityState.objects.get().state
    row.name = "As it was read meanwhile"
    written: list[Organization] = []

    def first(execute: Any, sql: str, *others: Any) -> Any:
        if 'FROM "policy_organization"' in sql and not written:
            written.append(row)
            write("SIA again")
        return execute(sql, *others)

    with connection.execute_wrapper(first):
        assert list(row_findings(row, kept)) == []
    assert written
    assert IdentityState.objects.count() == 2


def test_a_later_write_does_not_cover_what_was_altered_elsewhere() -> None:
    write("SIA")
    with new_revision(by="tests", kind=Revision.Kind.RECORD, reason="A test", at=AT):
        Rule.objects.create(slug="ai", title="A rule", short_title="Rule", kind="rule")
    execute("UPDATE policy_rule SET title = 'Another'")
    write("SIA again")
    [finding] = found()
    assert finding.startswith("Rule ai says 'Another' in title where its history says 'A rule'")


@pytest.mark.parametrize(
    "sql", ["UPDATE policy_identitystate SET position = 9", "DELETE FROM policy_identitystate"]
)
def test_the_database_keeps_the_states(sql: str) -> None:
    write("SIA")
    with pytest.raises(IntegrityError, match="the history is kept"), transaction.atomic():
        execute(sql)
    with pytest.raises(IntegrityError, match="sealed"), transaction.atomic():
        IdentityState.objects.create(
            table="policy.rule", row="1", position=1, revision_id=1, hash=b""
        )


# --- what was written before


def test_what_stands_is_kept_by_a_revision_of_the_migration() -> None:
    write("SIA")
    make_places()
    lift_guards()
    execute("DELETE FROM policy_identitystate")
    seal_anew()
    migration.keep(apps, None)
    assert Revision.objects.count() == 2
    assert {table for (table,) in IdentityState.objects.values_list("table")} == {
        "policy.organization",
        "policy.country",
    }
    assert found() == []
    execute("UPDATE policy_country SET name = 'Other' WHERE key = 'kh'")
    assert len(found()) == 1
    migration.keep(apps, None)
    assert Revision.objects.count() == 2


def test_an_empty_record_gets_no_revision() -> None:
    migration.keep(apps, None)
    assert not Revision.objects.exists()
