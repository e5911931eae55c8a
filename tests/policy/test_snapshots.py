"""What pages say of an imported snapshot."""

import pytest

from policy.models import Snapshot
from policy.models.sources import topic_name


@pytest.mark.parametrize(
    ("topic", "name"),
    [
        ("entity-list", "Entity list"),
        ("ecfr-part-744", "eCFR part 744"),
        ("federal-register", "Federal register"),
        ("screening-list", "Screening list"),
    ],
)
def test_a_topic_is_named_as_people_say_it(topic: str, name: str) -> None:
    assert topic_name(topic) == Snapshot(topic=topic).topic_name == name


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"created": 25921, "changed": 0, "ended": 0}, "25,921 new"),
        ({"created": 1, "changed": 2, "ended": 3}, "1 new, 2 changed, 3 ended"),
        ({"added": 0, "amended": 3, "removed": 1}, "3 amended, 1 removed"),
        ({"created": 0, "changed": 0}, "none"),
        ({}, "none"),
    ],
)
def test_what_an_import_made_of_a_file_is_said_in_words(counts: dict[str, int], words: str) -> None:
    assert Snapshot(counts=counts).changes == words


@pytest.mark.parametrize(
    ("counts", "rows"), [({"rows": 3415}, 3415), ({"sections": 29}, 29), ({}, None)]
)
def test_a_file_has_rows_or_sections(counts: dict[str, int], rows: int | None) -> None:
    assert Snapshot(counts=counts).rows == rows
