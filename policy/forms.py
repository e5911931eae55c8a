"""Forms: what readers fill in, with the sentences that they get for a slip."""

from collections.abc import Iterable
from datetime import time
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms

from policy.actions.alerts.subscribe import HowToTell
from policy.domain.due import EASTERN_MORNING, ReaderClock
from policy.domain.leads import LEADS, LONGEST_LEAD, Lead, in_order
from policy.domain.replay import Wish
from policy.models import Subscription

BUSINESS_LEADS = tuple(Lead(days, business=True) for days in (10, 5, 2, 1))
OFFERED = (*LEADS, *BUSINESS_LEADS)
UNITS = [("d", "days before"), ("b", "Federal business days before")]
WEEKDAYS = list(
    enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"))
)
HOURS = [(f"{hour:02}:00", f"{hour:02}:00") for hour in range(24)]
NEARBY = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "UTC",
)
REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)
NOT_OFFERED = {"invalid_choice": "Please choose from what is offered here."}
EMAIL = {
    "invalid": "This does not look like an e-mail address; it needs the form name@host.",
    "max_length": "This address is longer than mail servers accept.",
}


@cache
def zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """The IANA time zones by region, those of the United States and UTC first."""
    known = sorted(available_timezones())
    nearby = [(zone, zone.rpartition("/")[2].replace("_", " ")) for zone in NEARBY]
    regions = [
        (
            region,
            [(z, z.partition("/")[2].replace("_", " ")) for z in known if in_region(z, region)],
        )
        for region in REGIONS
    ]
    return [("United States and UTC", nearby), *regions]


def in_region(zone: str, region: str) -> bool:
    return zone.startswith(f"{region}/") and zone not in NEARBY


class ClockForm(forms.Form):
    """By whose clock, and at which hour of it, all mails to an address go out."""

    zone = forms.ChoiceField(
        label="Your time zone",
        choices=zones,
        required=False,
        initial=EASTERN_MORNING.zone,
        error_messages=NOT_OFFERED,
    )
    hour = forms.TypedChoiceField(
        label="Hour of the mails",
        choices=HOURS,
        coerce=time.fromisoformat,
        required=False,
        empty_value=None,
        initial=f"{EASTERN_MORNING.hour:%H:%M}",
        error_messages=NOT_OFFERED,
    )

    @property
    def clock(self) -> HowToTell:
        return HowToTell(zone=self.cleaned_data["zone"], hour=self.cleaned_data["hour"])


class ChoicesForm(forms.Form):
    """How to be told of one subject; no reminder means: only when something changes."""

    leads = forms.TypedMultipleChoiceField(
        label="Reminders",
        coerce=Lead.from_code,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=(
            "Business days are those on which the Federal Register appears; they round earlier. "
            "With none chosen you hear of changes only."
        ),
        error_messages={"invalid_choice": "Please choose from the reminders offered here."},
    )
    other_days = forms.IntegerField(
        label="Another reminder",
        required=False,
        min_value=0,
        max_value=LONGEST_LEAD,
        error_messages={
            "invalid": "Please write a whole number of days.",
            "min_value": "A reminder comes before a date or on it, not after it.",
            "max_value": f"{LONGEST_LEAD} days before is the earliest that a reminder can be.",
        },
    )
    other_unit = forms.ChoiceField(
        label="Counted in", choices=UNITS, required=False, error_messages=NOT_OFFERED
    )
    delivery = forms.ChoiceField(
        label="How they arrive",
        choices=[
            (Subscription.Delivery.IMMEDIATE, "Each by itself; a change at once"),
            (Subscription.Delivery.DAILY, "In a daily digest"),
            (Subscription.Delivery.WEEKLY, "In a weekly digest"),
        ],
        required=False,
        initial=Subscription.Delivery.IMMEDIATE,
        widget=forms.RadioSelect,
        help_text="What would reach you in a digest only after its date goes out by itself.",
        error_messages=NOT_OFFERED,
    )
    weekday = forms.TypedChoiceField(
        label="Day of a weekly digest",
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        error_messages=NOT_OFFERED,
    )
    backup_email = forms.EmailField(
        label="Backup person’s e-mail address",
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages=EMAIL,
    )
    escalate_days = forms.IntegerField(
        label="Told so many days before",
        required=False,
        min_value=0,
        max_value=LONGEST_LEAD,
        error_messages={
            "invalid": "Please write a whole number of days.",
            "min_value": "The backup person can be told on the day at the latest.",
            "max_value": f"{LONGEST_LEAD} days before is the earliest.",
        },
    )

    def __init__(
        self, *args: Any, held: Iterable[Lead] = (), own_address: str = "", **kwargs: Any
    ) -> None:
        """``held`` are the reminders already chosen, offered even if they are unusual."""
        super().__init__(*args, **kwargs)
        self.own_address = own_address
        others = [lead for lead in in_order(held) if lead not in OFFERED]
        offered = [(lead.code, lead.words.capitalize()) for lead in (*OFFERED, *others)]
        self.fields["leads"].choices = offered  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        days = found.get("other_days")
        if days is not None and "leads" in found:
            found["leads"] = [*found["leads"], Lead(days, found.get("other_unit") == "b")]
        backup, escalate = found.get("backup_email"), found.get("escalate_days")
        if backup and escalate is None and "escalate_days" in found:
            self.add_error("escalate_days", "Please say how many days before the date.")
        if escalate is not None and not backup and "backup_email" in found:
            self.add_error("backup_email", "Please enter whom to tell, or leave the days empty.")
        own_address = self.own_address or found.get("email", "")
        if backup and backup.lower() == own_address.lower():
            self.add_error("backup_email", "This is the reader’s own address; name somebody else.")
        return found

    @property
    def how(self) -> HowToTell:
        """The valid choices; what is not chosen, or not valid yet, is as usual."""
        found = self.cleaned_data
        return HowToTell(
            delivery=found.get("delivery") or Subscription.Delivery.IMMEDIATE,
            weekday=found.get("weekday") or 0,
            zone=found.get("zone", ""),
            hour=found.get("hour"),
            backup_email=found.get("backup_email", ""),
            escalate_days=found.get("escalate_days"),
        )

    @staticmethod
    def usual_wish(leads: Iterable[Lead]) -> Wish:
        """What a form that nobody has changed asks for."""
        return Wish(tuple(leads))

    @property
    def wish(self) -> Wish:
        """The choices as the replay of past mails takes them."""
        how, usual = self.how, EASTERN_MORNING
        reader = ReaderClock(how.zone or usual.zone, how.hour or usual.hour)
        leads = tuple(self.cleaned_data.get("leads", ()))
        return Wish(leads, reader, how.delivery, how.weekday)


class SubscribeForm(ChoicesForm, ClockForm):
    """A wish for mail on one subject."""

    email = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            **EMAIL,
            "required": "Please enter the address that the mails should go to.",
        },
    )

    def forgive_what_is_empty(self) -> None:
        """While somebody types, a field that they have not come to yet is no mistake."""
        for name in [name for name in self.errors if not self.data.get(name)]:
            if self.fields[name].required:
                del self.errors[name]


class AnswerForm(forms.Form):
    """The buttons below a date: one answer each."""

    SEEN, OWNED, UNDO, SNOOZE = "seen", "owned", "undo", "snooze"
    do = forms.ChoiceField(
        choices=[(name, name) for name in (SEEN, OWNED, UNDO, "snooze-1", "snooze-3", "snooze-7")]
    )

    @property
    def days(self) -> int:
        """How many days to put the date off; 0 for the other answers."""
        name, _, days = str(self.cleaned_data["do"]).partition("-")
        return int(days) if name == self.SNOOZE else 0
