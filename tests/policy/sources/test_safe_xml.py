"""Files from outside: what is read, what is refused, and with which sentence."""

import os
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from policy.sources.safe_xml import MAX_BYTES, Refused, read_file, read_xml
from tests.shared_data import shared

BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;&x;&x;">'
    b'<!ENTITY z "&y;&y;&y;&y;&y;&y;">]><a>&z;</a>'
)
DOCUMENT_TYPE = "The file declares a document type or entities."


def refusal(data: bytes, *, max_bytes: int = MAX_BYTES, expect_root: str | None = None) -> str:
    with pytest.raises(Refused) as raised:
        read_xml(data, max_bytes=max_bytes, expect_root=expect_root)
    sentence = str(raised.value)
    assert sentence.endswith(".")
    assert len(sentence) < 250
    return sentence


def test_good_xml_is_read() -> None:
    root = read_xml('<?xml version="1.0"?><DIV5 N="744"><HEAD>é</HEAD></DIV5>'.encode())
    assert (root.tag, root.get("N"), root.findtext("HEAD")) == ("DIV5", "744", "é")


@pytest.mark.parametrize(
    "data",
    [
        b"<a/>",
        b'<?xml version="1.0" encoding="UTF-8"?><a/>',
        b"<?xml version='1.0' encoding='utf-8' standalone='yes'?>\n<a/>\n",
        b'<?xml version="1.0" encoding="US-ASCII"?><a/>',
        b"\xef\xbb\xbf<a/>",
    ],
)
def test_utf_8_is_read_with_or_without_saying_so(data: bytes) -> None:
    assert read_xml(data).tag == "a"


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\0" * 64])
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert refusal(data) == "The file is empty."


@pytest.mark.parametrize(
    "data",
    [
        BOMB,
        b'<!DOCTYPE a SYSTEM "http://192.0.2.1/a.dtd"><a/>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY % p SYSTEM "http://192.0.2.1/p"> %p;]><a/>',
        b"<!doctype a><a/>",
        b"<!-- <!-- --><!DOCTYPE a><a/>",
    ],
    ids=["bomb", "external dtd", "external entity", "parameter entity", "lower case", "comment"],
)
def test_a_document_type_is_refused_before_anything_is_parsed(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_args: object, **_options: object) -> None:
        pytest.fail("the parser saw a document type")

    monkeypatch.setattr(etree, "fromstring", never)
    assert refusal(data).startswith(DOCUMENT_TYPE)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-32-le", "utf-32-be"])
def test_a_document_type_cannot_hide_in_another_encoding(encoding: str) -> None:
    assert "UTF-8" in refusal(BOMB.decode().encode(encoding))


@pytest.mark.parametrize("name", ["utf-7", "utf-16", "cp037", "iso-8859-1", "no-such-charset"])
def test_a_file_that_names_another_encoding_is_refused(name: str) -> None:
    data = f'<?xml version="1.0" encoding="{name}"?><a/>'.encode()
    assert refusal(data) == f"The file is in the encoding {name}; only UTF-8 is read."


def test_a_file_that_is_not_in_its_own_encoding_is_refused() -> None:
    sentence = refusal(b'<?xml version="1.0" encoding="utf-8"?><a>Xi\x92an</a>')
    assert sentence == (
        "The file is not in UTF-8, the only encoding that is read: byte 43 cannot be."
    )


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b'{"results": []}', "JSON"),
        (b"[1, 2]", "JSON"),
        (b"PK\x03\x04\x14\x00", "a zip archive"),
        (b"\x1f\x8b\x08\x00", "a gzip archive"),
        (b"\x89PNG\r\n\x1a\n" + zlib.compress(b"x"), "a PNG image"),
        (b"\xff\xd8\xff\xe0", "a JPEG image"),
        (b"GIF89a", "a GIF image"),
        (b"%PDF-1.7", "a PDF document"),
    ],
)
def test_a_file_of_another_kind_under_an_xml_name_is_refused(data: bytes, kind: str) -> None:
    assert refusal(data) == f"The file is not XML: it looks like {kind}."


@pytest.mark.parametrize(
    "data", [b"<!DOCTYPE html><html></html>", b"\n<html>\n<body><br></html>", b"<HTML lang=en>"]
)
def test_a_web_page_is_refused(data: bytes) -> None:
    assert refusal(data) == "The file is not XML: it is an HTML page."


def test_plain_words_are_refused() -> None:
    sentence = refusal(b"Service temporarily unavailable")
    assert sentence == "The file is not XML: it does not begin with an element."


@pytest.mark.parametrize(
    "data", [b"<a>\n<b>x</b>", b"<a>\n<b>x</b", b"<a>\n<b n=", b"<a>\n<b>x &am", b"<a>\n<b>x&#x2"]
)
def test_a_file_that_was_cut_off_is_refused_with_the_line(data: bytes) -> None:
    sentence = refusal(data)
    assert sentence == "The file is cut off: it ends in the middle of an element, in line 2."


@given(st.integers(1, 60))
def test_wherever_a_file_is_cut_it_is_refused(length: int) -> None:
    whole = b'<?xml version="1.0"?>\n<a n="1">\n<b>x &amp; y</b><b/>\n</a>\n'
    cut = whole[: -(length % (len(whole) - 2) + 2)]
    with pytest.raises(Refused):
        read_xml(cut)


@pytest.mark.parametrize(
    "data",
    [b"<a>\n</b>", b"<a>&nbsp;</a>", b"<a/><b/>", b"<a>\x01</a>", b"<a n=1></a>"],
    ids=["mismatch", "undeclared entity", "two roots", "control character", "no quotes"],
)
def test_xml_that_is_not_well_formed_is_refused(data: bytes) -> None:
    assert refusal(data).startswith("The file is not well-formed XML: ")


def test_a_tree_of_absurd_depth_is_refused() -> None:
    assert "not well-formed" in refusal(b"<a>" * 9000 + b"</a>" * 9000)


def test_a_file_over_the_limit_is_refused_unparsed() -> None:
    data = b"<a>" + b"x" * (50 * 1024 * 1024) + b"</a>"
    assert refusal(data) == "The file has 50.0 MB; more than 20 MB are not read."


def test_the_limit_leaves_room_for_the_real_file_to_grow() -> None:
    assert MAX_BYTES >= 8 * 2_510_907


def test_the_limit_can_be_set_by_the_caller() -> None:
    assert refusal(b"<a>xx</a>", max_bytes=5).startswith("The file has ")


def test_another_root_than_the_expected_one_is_refused() -> None:
    assert refusal(b"<feed/>", expect_root="DIV5") == (
        "The file is XML, but its outermost element is feed, not DIV5."
    )


def test_comments_and_processing_instructions_are_left_out() -> None:
    root = read_xml(b"<a><!-- note --><?go now?><b/></a>")
    assert [child.tag for child in root] == ["b"]


def test_a_file_is_read_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "part.xml"
    path.write_bytes(b"<a/>")
    assert read_file(path) == read_file(str(path)) == b"<a/>"


def test_a_large_file_is_refused_by_its_size_alone(tmp_path: Path) -> None:
    path = tmp_path / "large.xml"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    with pytest.raises(Refused, match=r"^The file has 50\.0 MB; more than 20 MB are not read\.$"):
        read_file(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"^The file none\.xml cannot be read: No such file"):
        read_file(tmp_path / "none.xml")
    with pytest.raises(Refused, match="is not a file"):
        read_file(tmp_path)


def test_a_pipe_is_refused_and_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xml")
    with pytest.raises(Refused, match=r"^pipe\.xml is not a file\.$"):
        read_file(tmp_path / "pipe.xml")


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        assert read_xml(data).tag
    except Refused as refused:
        assert str(refused).endswith(".")


def test_the_real_part_is_read_and_half_of_it_refused() -> None:
    data = read_file(shared("ecfr/title-15_part-744_2026-03-25.xml"))
    assert read_xml(data, expect_root="DIV5").get("N") == "744"
    assert refusal(data[: len(data) // 2]).startswith("The file is cut off: ")
