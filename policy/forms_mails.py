"""Forms of the staff's page of mails."""

from typing import Any

from django import forms

from policy.queries.mails import STATES

DAY = forms.DateInput(attrs={"type": "date"})


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
