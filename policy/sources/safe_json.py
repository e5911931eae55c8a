"""Reading JSON that comes from outside: everything doubtful is refused with a sentence."""

import json
from typing import Any, NoReturn

from policy.sources.safe_xml import Refused

_MEGABYTE = 1024 * 1024
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_OTHER_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"<", "XML or an HTML page"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"%PDF", "a PDF document"),
)


def read_json(data: bytes, *, max_bytes: int = 50 * _MEGABYTE) -> Any:
    """Return the value that ``data`` holds, in UTF-8.

    Raises ``Refused`` for bytes that are empty, too many, of another kind, in another
    encoding, cut off, not JSON, or nested beyond reason.
    """
    if len(data) > max_bytes:
        raise Refused(
            f"The file has {len(data) / _MEGABYTE:.1f} MB; more than "
            f"{max_bytes / _MEGABYTE:.0f} MB are not read."
        )
    body = data.removeprefix(_BYTE_ORDER_MARK).strip()
    if not body:
        raise Refused("The file is empty.")
    for magic, kind in _OTHER_KINDS:
        if body.startswith(magic):
            raise Refused(f"The file is not JSON: it looks like {kind}.")
    text = _decode(body)
    try:
        return json.loads(text, parse_constant=_no_such_number)
    except RecursionError as error:
        # The parser stops at the interpreter's own limit; no list of ours nests ten deep.
        raise Refused("The file nests values too deep to be a list of documents.") from error
    except json.JSONDecodeError as error:
        raise Refused(_sentence(text, error)) from error


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(
            f"The file is not in UTF-8, the only encoding that is read: byte {error.start:,} "
            "cannot be."
        ) from error


def _no_such_number(name: str) -> NoReturn:
    raise Refused(f"The file is not JSON: {name} is no number in it.")


def _sentence(text: str, error: json.JSONDecodeError) -> str:
    if error.pos >= len(text) or error.msg.startswith("Unterminated"):
        return f"The file is cut off: it ends in the middle of a value, in line {error.lineno:,}."
    return f"The file is not JSON: {error.msg}, in line {error.lineno:,}, column {error.colno:,}."
