"""Each component renders with nothing, says what it needs, and escapes what it is given."""

from datetime import date, datetime, time
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.core.paginator import Paginator

from policy.domain.asof import AsOf
from policy.domain.partial_dates import PartialDate, Precision
from policy.domain.timeaxis import Mark, place
from policy.models import Source
from policy.queries.asof import Reading
from tests.design import samples
from tests.design.page import TEMPLATES, render_component, render_page

COMPONENTS = sorted(path.name for path in (TEMPLATES / "components").glob("*.html"))
HOSTILE = "<script>alert('x')</script>"
MAY_15 = date(2025, 5, 15)


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_renders_with_nothing_at_all(name: str) -> None:
    assert "None" not in render_page(f"components/{name}")


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_names_its_parameters_at_its_head(name: str) -> None:
    text = (TEMPLATES / "components" / name).read_text(encoding="utf-8")
    head = text[: text.index("#}\n", text.rindex("{# ")) if "{# " in text else 0]
    assert text.startswith("{# ")
    assert "arameters" in head or "base" in head


class TestDate:
    def test_a_day_is_printed_in_words_with_its_machine_form(self) -> None:
        shown = render_component("date", date=MAY_15)
        assert shown == '<time datetime="2025-05-15">15 May 2025</time>'

    def test_a_month_says_that_the_day_is_not_known(self) -> None:
        shown = render_component("date", date=PartialDate(date(2026, 7, 1), Precision.MONTH))
        assert '<time datetime="2026-07"' in shown
        assert "July 2026 (day not known)" in shown

    def test_a_date_opens_its_receipt(self) -> None:
        shown = render_component("date", date=MAY_15, url="/deadlines/x/?on=2025-05-14")
        assert shown.startswith('<a class="date" href="/deadlines/x/?on=2025-05-14">')

    def test_a_missing_date_is_said_to_be_missing(self) -> None:
        assert "not known" in render_component("date", date=None)
        assert "no day" in render_component("date", date=None, missing="no day")


class TestCitation:
    def test_the_chip_opens_the_page_of_the_source_and_keeps_the_point_in_time(self) -> None:
        cited = Source(slug="90-fr-4544", citation="90 FR 4544", url="https://fr.example/1")
        now = Reading(AsOf(on=date(2025, 5, 14)), today=date(2026, 11, 23), newest=1)
        shown = render_component("citation", source=cited, asof=now)
        assert 'href="/sources/90-fr-4544/?on=2025-05-14"' in shown
        assert 'data-print="https://fr.example/1"' in shown
        assert "90 FR 4544</a>" in shown

    def test_a_source_without_a_page_opens_the_given_address(self) -> None:
        shown = render_component("citation", label="90 FR 4544", title="Framework", url="/s/1/")
        assert '<a class="cite" href="/s/1/" title="Framework">' in shown
        assert '<span class="visually-hidden">Source: </span>90 FR 4544' in shown

    def test_a_source_that_has_only_a_publisher_shows_it(self) -> None:
        assert "BIS press release" in render_component("citation", source=samples.PRESS_RELEASE)

    def test_a_fact_without_a_source_says_so(self) -> None:
        assert "no source" in render_component("citation", source=None)

    def test_foreign_words_are_escaped(self) -> None:
        shown = render_component("citation", label=HOSTILE, title=HOSTILE, url='"><b>')
        assert "<script>" not in shown
        assert "<b>" not in shown


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (30, "30 days left"),
        (7, "7 days left"),
        (2, "2 days left"),
        (1, "1 day left"),
        (0, "due today"),
        (-1, "passed 1 day ago"),
        (-2, "passed 2 days ago"),
        (-400, "passed 400 days ago"),
        (None, "day not known"),
    ],
)
def test_a_countdown_reads_as_a_person_would_say_it(days: int | None, words: str) -> None:
    assert f">{words}<" in render_component("countdown", days=days)


@pytest.mark.parametrize(("days", "stands_out"), [(8, False), (7, True), (0, True), (-1, False)])
def test_the_last_seven_days_stand_out(days: int, stands_out: bool) -> None:
    assert ("countdown--near" in render_component("countdown", days=days)) is stands_out


class TestReceipt:
    def test_a_computed_date_shows_every_step(self) -> None:
        shown = render_component("receipt", receipt=samples.rolled_receipt())
        steps = ("Published", "Day 1", "Day 60", "Washington&#x27;s Birthday", "21 February 2023")
        places = [shown.index(step) for step in steps]
        assert places == sorted(places)
        assert shown.count("Not a business day") == 3
        assert "received by 23:59:59 Eastern" in shown

    def test_a_printed_date_says_that_it_is_never_moved(self) -> None:
        shown = render_component("receipt", receipt=samples.printed_receipt())
        assert "never moved" in shown
        assert "Day 1" not in shown
        assert "by 23:59 Eastern" in shown

    def test_a_date_of_regulations_gov_is_not_called_printed(self) -> None:
        shown = render_component("receipt", receipt=samples.reported_receipt())
        assert "As regulations.gov gives it." in shown
        assert "print governs" in shown
        assert "never moved" not in shown
        assert "1 CFR 18.17" not in shown

    @pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Shanghai"])
    def test_the_instant_is_in_utc_whatever_the_zone_it_comes_in(self, zone: str) -> None:
        receipt = samples.computed_receipt()
        receipt.instant = receipt.instant.astimezone(ZoneInfo(zone))
        shown = render_component("receipt", receipt=receipt)
        assert '<time datetime="2025-05-16T03:59:59Z">16 May 2025, 03:59:59</time>' in shown


class TestBanner:
    def test_today_as_known_now_has_none(self) -> None:
        shown = render_component("banner", **samples.point_in_time(today=True))
        assert 'class="banner"' not in shown
        assert 'id="reading-banner"' in shown

    def test_another_day_is_named_with_a_way_back(self) -> None:
        asof = SimpleNamespace(on=date(2025, 5, 14), is_today=False)
        shown = render_component("banner", asof=asof, today_url="/rules/?q=chips")
        assert '<time datetime="2025-05-14">14 May 2025</time></strong>, as known now.' in shown
        assert 'href="/rules/?q=chips">Back to today</a>' in shown

    def test_another_knowledge_is_named_too(self) -> None:
        shown = render_component("banner", **samples.point_in_time(today=False))
        assert "as known on 30 November 2026</strong>." in shown

    def test_a_day_after_the_record_ends_is_not_confirmed(self) -> None:
        end = date(2026, 9, 28)
        asof = SimpleNamespace(is_today=True, beyond_coverage=True, coverage_end=end)
        shown = render_component("banner", asof=asof)
        assert "The record ends" in shown
        assert "28 September 2026</time>: what came later is not confirmed." in shown

    def test_a_moment_before_the_record_says_when_it_begins(self) -> None:
        begins = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("UTC"))
        asof = SimpleNamespace(on=MAY_15, is_today=False, begins=begins)
        assert "The record begins on" in render_component("banner", asof=asof)


class TestPointInTimeForm:
    def test_it_keeps_what_the_page_was_asked(self) -> None:
        context = samples.point_in_time(today=False)
        shown = render_component("asof_bar", kept_params=[("q", HOSTILE)], **context)
        assert 'name="q" value="&lt;script&gt;' in shown
        assert 'name="on" value="2025-05-14"' in shown
        assert 'name="known" value="2026-11-30"' in shown

    def test_it_sends_its_fields_by_get(self) -> None:
        shown = render_component("asof_bar", **samples.point_in_time(today=True))
        assert 'method="get"' in shown
        assert "Back to today" not in shown


class TestMasthead:
    def test_the_present_page_is_marked(self) -> None:
        shown = render_component("masthead", **samples.point_in_time(today=True))
        assert '<a href="#Rules" aria-current="page">Rules</a>' in shown
        assert shown.count("aria-current") == 1

    def test_a_search_keeps_the_point_in_time(self) -> None:
        shown = render_component("masthead", **samples.point_in_time(today=False))
        assert '<input type="hidden" name="known" value="2026-11-30">' in shown


class TestFooter:
    def test_it_says_what_the_record_is_not(self) -> None:
        assert "Not legal advice." in render_component("footer")

    def test_a_report_of_an_error_names_the_page(self) -> None:
        shown = render_component("footer", **samples.point_in_time(today=False))
        assert "body=https%3A%2F%2Fearmark.example%2Frules%2Fdiffusion%2F%3Fon%3D" in shown

    def test_the_citation_can_be_copied_without_a_script(self) -> None:
        shown = render_component("footer", **samples.point_in_time(today=False))
        assert "as known on 30 November 2026</textarea>" in shown


class TestTable:
    def test_a_sorted_column_says_so_to_screen_readers(self) -> None:
        shown = render_component("table_head", columns=samples.columns())
        assert '<th scope="col" aria-sort="ascending"><a href="?sort=-name">Name</a>' in shown
        assert '<th scope="col"><span>Listed by</span></th>' in shown

    def test_every_swap_has_the_same_plain_link(self) -> None:
        shown = render_component("table_head", columns=samples.columns(), target="listings")
        for column in samples.columns():
            if url := column.get("url"):
                assert f'href="{url}" data-hx-get="{url}"' in shown


class TestPagination:
    def test_one_page_needs_none(self) -> None:
        assert render_component("pagination", page_obj=Paginator([1], 50).page(1)) == (
            render_component("pagination")
        )

    def test_the_links_keep_the_query(self) -> None:
        page = Paginator(range(101), 50).page(2)
        shown = render_component("pagination", page_obj=page, base="q=zhipu", target="list")
        assert 'rel="prev" href="?q=zhipu&amp;page=1"' in shown
        assert 'rel="next" href="?q=zhipu&amp;page=3" data-hx-get="?q=zhipu&amp;page=3"' in shown
        assert "51–100 of 101" in shown

    @pytest.mark.parametrize(("number", "missing"), [(1, "Previous"), (3, "Next")])
    def test_the_ends_lead_nowhere(self, number: int, missing: str) -> None:
        page = Paginator(range(101), 50).page(number)
        assert missing not in render_component("pagination", page_obj=page)


class TestField:
    def test_an_error_is_tied_to_its_field(self) -> None:
        form = samples.SubscriptionForm({"email": "not an address", "subject": "all"})
        shown = render_component("field", field=form["email"])
        assert "field--error" in shown
        assert 'id="id_email_error"' in shown
        assert 'aria-invalid="true"' in shown
        assert 'aria-describedby="id_email_helptext' in shown

    def test_several_boxes_are_one_group_with_a_legend(self) -> None:
        shown = render_component("field", field=samples.SubscriptionForm()["lead"])
        assert "<legend>Days before</legend>" in shown
        assert "field--error" not in shown

    def test_a_field_that_may_stay_empty_says_so(self) -> None:
        form = samples.SubscriptionForm()
        form.fields["email"].required = False
        assert "(optional)" in render_component("field", field=form["email"])


class TestTimeAxis:
    def test_no_dates_draw_nothing(self) -> None:
        assert "<svg" not in render_component("timeaxis.svg", axis=None)

    def test_the_drawing_and_the_list_hold_the_same_dates(self) -> None:
        shown = render_component("timeaxis.svg", axis=samples.axis(), now_label="14 May 2025")
        drawing, listed = shown.split("<ol")
        for label in ("Filed and effective", "Published", "Non-enforcement announced"):
            assert label in drawing
            assert label in listed
        assert "no end known" in listed

    def test_links_keep_the_point_in_time(self) -> None:
        now = Reading(AsOf(on=date(2025, 5, 14)), today=date(2026, 11, 23), newest=1)
        marks = [Mark(date(2025, 1, 15), "Published", "published", "/documents/2025-00636/")]
        drawn = place(marks, [], date(2025, 5, 14))
        shown = render_component("timeaxis.svg", axis=drawn, asof=now)
        assert shown.count('href="/documents/2025-00636/?on=2025-05-14"') == 2


class TestWordsOfOthers:
    def test_a_quote_escapes_and_names_its_speaker(self) -> None:
        shown = render_component("quote", text=HOSTILE, speaker="Ned Finkle", role="Nvidia")
        assert "<script>" not in shown
        assert "Ned Finkle" in shown

    def test_a_stance_keeps_the_printed_words_beside_it(self) -> None:
        shown = render_component("badge", state="mixed", label="Mixed", printed="drop the caps")
        assert "Mixed</span>" in shown
        assert "“drop the caps”" in shown

    @pytest.mark.parametrize("level", ["high", "medium", "low"])
    def test_confidence_is_said_in_words(self, level: str) -> None:
        assert f"{level} confidence" in render_component("confidence", level=level)


class TestMapParts:
    def test_a_legend_tells_groups_by_swatch_words_and_number(self) -> None:
        shown = render_component("legend", groups=samples.groups())
        assert 'class="swatch swatch--d5-or-macau" aria-hidden="true"' in shown
        assert "press: tier 3" in shown

    def test_a_derived_group_says_whom_it_follows(self) -> None:
        shown = render_component("group", slug="d5-or-macau", label="D:5", derived_from="China")
        assert "follows China" in shown


@pytest.mark.parametrize(("tone", "role"), [("error", True), ("warning", False), (None, False)])
def test_only_an_error_interrupts(tone: str | None, role: bool) -> None:
    assert ('role="alert"' in render_component("notice", tone=tone, text="x")) is role


def test_a_time_of_day_without_seconds_is_printed_without_them() -> None:
    receipt = samples.printed_receipt()
    receipt.cutoff = time(17, 0)
    assert "by 17:00 Eastern" in render_component("receipt", receipt=receipt)
