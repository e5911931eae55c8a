"""Forms of the page of accounts."""

from django import forms

from policy.domain.roles import Role
from policy.models.people import ROLES

EMAIL = {
    "required": "Please enter the address of the person.",
    "invalid": "This does not look like an e-mail address; it needs the form name@host.",
}
WHY = {"required": "Please say why: the reason is kept."}


class RoleForm(forms.Form):
    """A role, and why."""

    role = forms.ChoiceField(label="Role", choices=ROLES)
    because = forms.CharField(label="Why", max_length=500, error_messages=WHY)

    @property
    def asked_role(self) -> Role:
        """The role of a valid form."""
        return Role(self.cleaned_data["role"])


class NewAccountForm(RoleForm):
    """Somebody who gets an account."""

    email = forms.EmailField(label="E-mail address", max_length=254, error_messages=EMAIL)
    name = forms.CharField(
        label="Name",
        max_length=150,
        help_text="As history shows it.",
        error_messages={"required": "Please enter the name of the person."},
    )
    field_order = ("email", "name", "role", "because")
