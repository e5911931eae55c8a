"""Forms: what readers fill in, with the sentences that they get for a slip."""

from typing import Any

from django import forms

from policy.domain.leads import LEADS, Lead
from policy.queries.mails import STATES

LEAD_CHOICES = [(lead.code, lead.words.capitalize()) for lead in LEADS]

DAY = forms.DateInput(attrs={"type": "date"})


class LeadsForm(forms.Form):
    """Lead times in calendar days; none chosen means: only when something changes."""

    leads = forms.TypedMultipleChoiceField(
        label="When to send a reminder",
        choices=LEAD_CHOICES,
        coerce=Lead.from_code,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=(
            "Calendar days before the date, at 08:00 Eastern. A changed date is always told at "
            "once; with none chosen you hear of changes only."
        ),
        error_messages={"invalid_choice": "Please choose from the reminders offered here."},
    )


class SubscribeForm(LeadsForm):
    """A wish for mail on one subject."""

    email = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": "Please enter the address that the mails should go to.",
            "invalid": "This does not look like an e-mail address; it needs the form name@host.",
            "max_length": "This address is longer than mail servers accept.",
        },
    )

    field_order = ("email", "leads")


class MailsForm(forms.Form):
    """Which mails staff want to see; every field may be empty."""

    state = forms.ChoiceField(label="State", choices=[("", "All states"), *STATES], required=False)
    address = forms.CharField(label="Address", max_length=254, required=False)
    topic = forms.CharField(label="Deadline", max_length=200, required=False)
    since = forms.DateField(label="Planned from", required=False, widget=DAY)
    until = forms.DateField(label="Planned until", required=False, widget=DAY)

    @property
    def wanted(self) -> dict[str, Any]:
        """The values that narrow; call it on a valid form."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class BecauseForm(forms.Form):
    """Why a person does something to a mail; it is kept."""

    because = forms.CharField(label="Why", max_length=500)
