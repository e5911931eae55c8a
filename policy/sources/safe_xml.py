"""Reading XML that comes from outside: everything doubtful is refused with a sentence.

Document type declarations are refused before the parser sees them. That rules out entity
bombs and external entities at once; an lxml parser with ``resolve_entities=False`` would
merely empty them, and the reader would believe a file that says nothing. For the same
reason only UTF-8 is read, which is what the eCFR serves: in any other encoding the text
that is checked here and the text that the parser reads could differ.
"""

import re
from pathlib import Path

from lxml import etree

_MEGABYTE = 1024 * 1024
# The real part 744 is 2.5 MB and grows by a few hundred KB a year.
MAX_BYTES = 20 * _MEGABYTE

_DECLARED_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([^"'>]*)["']""")
_READ_AS_UTF8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_OTHER_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
_DOCUMENT_TYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OTHER_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"{", "JSON"),
    (b"[", "JSON"),
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html[\s>])", re.IGNORECASE)


class Refused(Exception):
    """A file that is not taken in. The message is one sentence for the person who gave it."""


def read_file(path: Path | str, max_bytes: int = MAX_BYTES) -> bytes:
    """Return the bytes of ``path``, looking at its size before reading it.

    Raises ``Refused`` when there is no such file, it cannot be read, or it is too large.
    """
    path = Path(path)
    if path.exists() and not path.is_file():
        raise Refused(f"{path.name} is not a file.")
    try:
        _check_size(path.stat().st_size, max_bytes)
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        raise Refused(f"The file {path.name} cannot be read: {error.strerror}.") from error
    _check_size(len(data), max_bytes)
    return data


def read_xml(
    data: bytes, *, max_bytes: int = MAX_BYTES, expect_root: str | None = None
) -> etree._Element:
    """Parse ``data`` and return the root element.

    No network, no entities, no document type, no huge trees. Raises ``Refused`` for a file
    that is empty, too large, of another kind, not in UTF-8, cut off, not well-formed, or
    whose root element is not ``expect_root`` (when that is given).
    """
    _check_size(len(data), max_bytes)
    if not data.strip(b"\0 \t\r\n"):
        raise Refused("The file is empty.")
    _check_kind(data)
    _check_encoding(data)
    if _DOCUMENT_TYPE.search(data):
        raise Refused(
            "The file declares a document type or entities. Files of the eCFR do not, "
            "and such declarations can be an attack."
        )
    root = _parse(data)
    if expect_root is not None and root.tag != expect_root:
        raise Refused(
            f"The file is XML, but its outermost element is {etree.QName(root).localname}, "
            f"not {expect_root}."
        )
    return root


def _check_size(size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise Refused(
            f"The file has {size / _MEGABYTE:.1f} MB; more than {max_bytes / _MEGABYTE:.0f} MB "
            "are not read."
        )


def _check_kind(data: bytes) -> None:
    start = data.removeprefix(_BYTE_ORDER_MARK).lstrip()
    for magic, kind in _OTHER_KINDS:
        if start.startswith(magic):
            raise Refused(f"The file is not XML: it looks like {kind}.")
    if _HTML.match(start):
        raise Refused("The file is not XML: it is an HTML page.")


def _check_encoding(data: bytes) -> None:
    declared = _DECLARED_ENCODING.match(data.removeprefix(_BYTE_ORDER_MARK))
    name = declared[1].decode("ascii", "replace") if declared else "UTF-8"
    if name.lower() not in _READ_AS_UTF8:
        raise Refused(f"The file is in the encoding {name}; only UTF-8 is read.")
    if data.startswith(_OTHER_BYTE_ORDER_MARKS) or b"\0" in data:
        raise Refused("The file is not in UTF-8, the only encoding that is read.")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(
            f"The file is not in UTF-8, the only encoding that is read: byte {error.start:,} "
            "cannot be."
        ) from error


def _parse(data: bytes) -> etree._Element:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Refused(_sentence(data, error)) from error


def _sentence(data: bytes, error: etree.XMLSyntaxError) -> str:
    if error.code == etree.ErrorTypes.ERR_DOCUMENT_EMPTY:
        return "The file is not XML: it does not begin with an element."
    line = error.position[0]
    unclosed = error.code == etree.ErrorTypes.ERR_TAG_NOT_FINISHED
    if unclosed or not data.rstrip().endswith(b">"):
        return f"The file is cut off: it ends in the middle of an element, in line {line:,}."
    return f"The file is not well-formed XML: {error.msg}."
