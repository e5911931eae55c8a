"""Small parts of the Code of Federal Regulations for tests, printed again and again."""

from policy.sources.ecfr_part import ParsedPart, parse_part
from policy.sources.safe_xml import read_xml

SOURCE_LINE = "[88 FR 73458, Oct. 25, 2023]"


def section(
    identifier: str, *paragraphs: str, cited: str = SOURCE_LINE, stay: str = "", heading: str = ""
) -> str:
    """A section as XML; its paragraphs may hold markup."""
    tag = "DIV8" if identifier[0].isdigit() else "DIV9"
    head = heading or f"§ {identifier} Harbors."
    body = "".join(f"<P>{paragraph}</P>" for paragraph in paragraphs)
    note = f"<EFFDNOT><HED>Effective Date Note:</HED><PSPACE>{stay}</PSPACE></EFFDNOT>"
    return (
        f'<{tag} N="{identifier}"><HEAD>{head}</HEAD>{body}<CITA TYPE="N">{cited}</CITA>'
        f"{note if stay else ''}</{tag}>"
    )


def part(number: str, *sections: str) -> bytes:
    return (
        f'<?xml version="1.0"?><DIV5 N="{number}" TYPE="PART"><HEAD>PART {number}</HEAD>'
        f"{''.join(sections)}</DIV5>"
    ).encode()


def parsed(*sections: str, number: str = "742") -> ParsedPart:
    return parse_part(read_xml(part(number, *sections)))
