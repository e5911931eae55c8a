"""JSON from outside: what is refused, and the sentence that says why."""

import pytest

from policy.sources.safe_json import read_json
from policy.sources.safe_xml import Refused


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \n\t", "The file is empty."),
        (b"<html><body>Request Access</body></html>", "looks like XML or an HTML page"),
        (b"\x1f\x8b\x08\x00", "looks like a gzip archive"),
        (b"PK\x03\x04", "looks like a zip archive"),
        (b'{"title": "caf\xe9"}', "not in UTF-8"),
        ('{"title": "x"}'.encode("utf-16"), "not in UTF-8"),
        (b'{"results": [{"title": "On', "cut off: it ends in the middle of a value, in line 1"),
        (b'{"results": [1, 2', "cut off"),
        (b"{'a': 1}", "is not JSON: Expecting property name"),
        (b'{"a": NaN}', "NaN is no number"),
        (b"[" * 100_000, "nests values too deep"),
        (b'{"a": 1}' + b" " * 2000, "are not read"),
    ],
)
def test_what_is_not_whole_json_is_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        read_json(data, max_bytes=200_000 if data.startswith(b"[") else 1000)


def test_a_byte_order_mark_and_other_scripts_are_read() -> None:
    assert read_json('\ufeff {"name": "智谱"}\n'.encode()) == {"name": "智谱"}
