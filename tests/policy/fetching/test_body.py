"""Bodies in whatever pieces they arrive: whole, bounded, never unpacked beyond the bound."""

import gzip
import random
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3.response import HTTPResponse

from policy.fetching.body import Bounds, Gzip, read_body, unpacker
from policy.fetching.errors import Permanent, RetryLater, Unsafe

BOUNDS = Bounds(max_wire=100_000, max_bytes=100_000, over=lambda: False)


def response(body: bytes, **headers: str) -> HTTPResponse:

    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HTTPResponse(BytesIO(body), headers=named, preload_content=False)


def pieces(data: bytes, seed: int) -> list[bytes]:
    """The data cut at random places."""
    cuts = sorted(random.Random(seed).choices(range(len(data) + 1), k=5))  # noqa: S311
    return [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)]


def feed(unpack: Gzip, parts: list[bytes]) -> bytes:
    found = bytearray()
    for part in parts:
        found += unpack.feed(part, len(found))
    return bytes(found)


@given(st.lists(st.binary(max_size=2000), min_size=1, max_size=3), st.integers())
def test_a_packed_body_comes_out_as_it_went_in_however_it_is_cut(
    members: list[bytes], seed: int
) -> None:
    packed = b"".join(gzip.compress(member) for member in members)
    unpack = Gzip(100_000)
    assert feed(unpack, pieces(packed, seed)) == b"".join(members)
    assert unpack.is_whole(len(packed))


@given(st.binary(min_size=1, max_size=2000), st.data())
def test_a_packed_body_without_its_end_is_never_taken_for_whole(
    data: bytes, draw: st.DataObject
) -> None:
    packed = gzip.compress(data)
    cut = draw.draw(st.integers(1, len(packed) - 1))
    unpack = Gzip(100_000)
    feed(unpack, [packed[:cut]])
    assert not unpack.is_whole(cut)


@given(st.integers(0, 3000), st.integers(0, 3000), st.integers())
def test_a_packed_body_is_taken_up_to_its_bound_and_not_beyond(
    size: int, most: int, seed: int
) -> None:
    packed = gzip.compress(b"x" * size)
    if size <= most:
        assert len(feed(Gzip(most), pieces(packed, seed))) == size
        return
    with pytest.raises(Unsafe, match="unpacks to more than"):
        feed(Gzip(most), pieces(packed, seed))


def test_a_damaged_packed_body_may_be_asked_for_again() -> None:
    with pytest.raises(RetryLater, match="damaged"):
        Gzip(100).feed(b"no gzip at all", 0)


@pytest.mark.parametrize("name", ["br", "zstd", "deflate", "gzip, gzip"])
def test_no_other_packing_is_unpacked(name: str) -> None:
    with pytest.raises(Permanent, match="which was not asked for"):
        unpacker(name, 100)


@pytest.mark.parametrize("name", ["", "identity", " Identity "])
def test_a_body_that_is_not_packed_comes_as_it_is(name: str) -> None:
    found = read_body(response(b"text", Content_Encoding=name), BOUNDS)
    assert found == b"text"


def test_an_empty_body_is_whole() -> None:
    assert read_body(response(b"", Content_Length="0"), BOUNDS) == b""
    assert read_body(response(b"", Content_Encoding="gzip"), BOUNDS) == b""


def test_a_length_that_is_no_number_is_not_believed() -> None:
    assert read_body(response(b"text", Content_Length="four"), BOUNDS) == b"text"


def test_progress_counts_what_came_over_the_wire() -> None:
    heard: list[tuple[int, int | None]] = []
    packed = gzip.compress(b"x" * 5000)
    body = response(packed, Content_Encoding="gzip", Content_Length=str(len(packed)))
    read_body(body, BOUNDS, lambda done, total: heard.append((done, total)))
    assert heard == [(len(packed), len(packed))]


def test_time_that_has_run_out_ends_a_body() -> None:
    over = Bounds(100, 100, over=lambda: True)
    with pytest.raises(RetryLater, match="took longer"):
        read_body(response(b"text"), over)
