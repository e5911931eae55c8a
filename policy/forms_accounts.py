"""Forms of the way in: allauth's, in this site's words."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp import forms as totp
from django import forms

LABELS = {
    "login": "E-mail address",
    "email": "E-mail address",
    "password": "Password",
    "oldpassword": "Present password",
    "password1": "New password",
    "password2": "New password, once more",
    "code": "Code",
}
REQUIRED = {
    "login": "Please enter the address of your account.",
    "email": "Please enter the address of your account.",
    "code": "Please enter the code that your app shows.",
}
RULES = (
    "At least 12 characters; not a common one, not digits alone, and not like your name or address."
)


class InOurWords(forms.Form):
    """Labels that say what is meant; no placeholders, which vanish while one types."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.help_text = RULES if name == "password1" else ""
            field.widget.attrs.pop("placeholder", None)
            field.error_messages["required"] = REQUIRED.get(name, "Please enter your password.")
            if name == "code":
                field.widget.attrs.update(inputmode="numeric", spellcheck="false")


class SignInForm(InOurWords, account.LoginForm):  # type: ignore[misc]  # allauth has no types
    """Address and password."""


class ConfirmForm(InOurWords, account.ReauthenticateForm):  # type: ignore[misc]  # as above
    """The password once more, before something that matters."""


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):  # type: ignore[misc]  # as above
    """The present password, and another."""


class ResetForm(InOurWords, account.ResetPasswordForm):  # type: ignore[misc]  # as above
    """The address that gets a link to set a password."""


class NewPasswordForm(InOurWords, account.ResetPasswordKeyForm):  # type: ignore[misc]  # as above
    """The password that is set by a link."""


class CodeForm(InOurWords, second_factor.AuthenticateForm):  # type: ignore[misc]  # as above
    """The code of an app, or one of the recovery codes."""


class ConfirmCodeForm(InOurWords, second_factor.ReauthenticateForm):  # type: ignore[misc]  # as above
    """A code once more, before something that matters."""


class FirstCodeForm(InOurWords, totp.ActivateTOTPForm):  # type: ignore[misc]  # as above
    """The first code of an app, which shows that it is set up."""
