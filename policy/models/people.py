"""The accounts of those who do more than read."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from policy.domain.roles import Role

ROLES = [(role.value, role.value.capitalize()) for role in Role]


class UserManager(BaseUserManager["User"]):
    """Finds an account by its address, however it is typed."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person who signs in by ``email``, kept in lower case; history shows the ``name``.

    Each session holds a digest of the password, the role, the activity and ``generation``, so
    it ends when one of them changes. An administrator's act raises ``generation``: a session
    that was away meanwhile does not come back to life when a role returns to what it was.
    """

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=13, choices=ROLES, default=Role.READER.value)
    is_active = models.BooleanField(default=True)
    generation = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    class Meta:
        ordering: ClassVar = ["name", "email"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(email=Lower(F("email"))), name="account_email_lower_case"
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="account_role_known"
            ),
        ]

    def __str__(self) -> str:
        """How history names the person."""
        return f"{self.name} <{self.email}>"

    @property
    def rank(self) -> Role:
        return Role(self.role)

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """Django ends each session whose digest is another one; see the class."""
        held = f"{self.password}|{self.role}|{self.is_active}|{self.generation}"
        salt = "policy.models.people.User.session"
        return salted_hmac(salt, held, secret=secret, algorithm="sha256").hexdigest()


class AccountEvent(models.Model):
    """What was done to an account: who, to whom, what, when (UTC) and why. Rows only come.

    ``by`` is empty for ``manage.py``, where whoever runs the machine did it, and is the holder
    for what people do to their own account.
    """

    class Act(models.TextChoices):
        MADE = "made", "Account made"
        LINK = "link", "Link to set a password sent"
        ROLE = "role", "Role changed"
        DEACTIVATED = "deactivated", "Deactivated"
        REACTIVATED = "reactivated", "Reactivated"
        SECOND_FACTOR = "second-factor", "Second factor reset"
        PASSWORD = "password", "Password set"  # what was done, no secret
        APP_ADDED = "app-added", "Second factor set up"
        APP_REMOVED = "app-removed", "Second factor removed"
        CODES = "codes", "New recovery codes made"

    user = models.ForeignKey(User, models.PROTECT, related_name="events")
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    act = models.CharField(max_length=13, choices=Act.choices)
    before = models.CharField(max_length=13, blank=True)
    after = models.CharField(max_length=13, blank=True)
    because = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_act_display()}: {self.user}"
