"""Which documents act on others, by their own words."""

import pytest

from policy.domain.document_acts import Act, Target, find_acts


@pytest.mark.parametrize(
    ("title", "action", "acts"),
    [
        ("Cybersecurity Items; Delay of Effective Date", "", [Act.DELAYS]),
        ("Controls on U.S. Persons; Correction", "", [Act.CORRECTS]),
        ("Controls; Corrections; and Burma Sanctions", "", [Act.CORRECTS]),
        ("Semiconductor Items; Updates and Corrections; Extension of Comment Period", "",
         [Act.EXTENDS]),
        ("Due Diligence; and Extension of Comment Period", "", [Act.EXTENDS]),
        ("Due Diligence; and Extension of Comment Period; Correction", "", [Act.CORRECTS]),
        ("Temporary General License: Extension of Validity", "", [Act.EXTENDS]),
        ("Advanced Computing", "Proposed rule; reopening of comment period.", [Act.REOPENS]),
        ("Advanced Computing", "Proposed rule; withdrawal.", [Act.WITHDRAWS]),
        ("Advanced Computing", "Interim final rule; stay of effectiveness.", [Act.STAYS]),
        ("One-Year Suspension of Expansion of End-User Controls", "Final rule.", [Act.STAYS]),
        ("Advanced Computing", "Final rule; correction.", [Act.CORRECTS]),
        ("Addition of Certain Entities to the Entity List", "Final rule.", []),
        ("Foreign-Direct Product Rules: Organization and Clarification", "", []),
        ("Request for Comments on Future Extensions of a Licence", "", []),
        ("Controls to Prevent Delays in Shipping", "", []),
    ],
)  # fmt: skip
def test_an_act_is_announced_in_the_title_or_the_action_line(
    title: str, action: str, acts: list[Act]
) -> None:
    assert {found.act for found in find_acts(title=title, action=action)} == set(acts)


def test_what_is_acted_on_is_named_by_citation_document_or_docket() -> None:
    [found] = find_acts(
        title="Due Diligence; Extension of Comment Period",
        text=(
            "The comment period of the rule published at 89 FR 96,790 (FR Doc. 2024-28270, "
            "docket BIS-2024-0055; 89 FR 96790) is extended."
        ),
    )
    assert found.targets == (
        Target("citation", "89 FR 96790"),
        Target("document", "2024-28270"),
        Target("docket", "BIS-2024-0055"),
    )
    assert found.words == "Due Diligence; Extension of Comment Period"
