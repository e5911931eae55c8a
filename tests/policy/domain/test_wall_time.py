"""Eastern wall time: what is typed means one instant, in winter, in summer and between."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.wall_time import BadWallTime, parse_wall_time, wall_time


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-30T09:00", "2026-11-30T14:00"),
        ("2026-11-30 09:00", "2026-11-30T14:00"),
        ("2026-07-01T09:00", "2026-07-01T13:00"),
        # The clock shows 01:30 twice on this day; the first is still daylight saving time.
        ("2026-11-01T01:30", "2026-11-01T05:30"),
    ],
)
def test_a_wall_time_is_one_instant(text: str, instant: str) -> None:
    assert parse_wall_time(text) == datetime.fromisoformat(instant).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("tomorrow", "“tomorrow” is no day and time; write them as 2026-11-30 09:00, Eastern."),
        ("2026-02-30T09:00", "“2026-02-30T09:00” is no day and time"),
        ("2026-11-30", "is no day and time"),
        ("2027-03-14T02:30", "On 14 March 2027 the Eastern clock skips 02:30; give a later time."),
    ],
)
def test_what_is_no_wall_time_gets_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(BadWallTime, match=sentence):
        parse_wall_time(text)


@given(st.integers(1_577_836_800, 2_208_988_800).map(lambda n: datetime.fromtimestamp(n, UTC)))
def test_what_the_field_holds_is_read_back(instant: datetime) -> None:
    again = parse_wall_time(wall_time(instant))
    minute = instant.replace(second=0, microsecond=0)
    # Only of the hour that comes twice is the earlier one taken.
    assert (minute - again).total_seconds() in (0, 3600)
