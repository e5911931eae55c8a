"""The accounts of those who do more than read."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Lower

ROLES = ["reader", "analyst", "editor", "approver", "administrator"]


class Migration(migrations.Migration):
    dependencies = [("policy", "0012_planning")]
    # They point to whichever model the accounts are, and would come after 0001 alone.
    run_before = [
        ("account", "0001_initial"),
        ("mfa", "0001_initial"),
        ("socialaccount", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.CharField(max_length=150)),
                ("role", models.CharField(choices=[(role, role.capitalize()) for role in ROLES], default="reader", max_length=13)),
                ("is_active", models.BooleanField(default=True)),
                ("generation", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["name", "email"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("email", Lower(models.F("email")))),
                        name="account_email_lower_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ROLES)), name="account_role_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.CharField(choices=[("made", "Account made"), ("link", "Link to set a password sent"), ("role", "Role changed"), ("deactivated", "Deactivated"), ("reactivated", "Reactivated"), ("second-factor", "Second factor reset"), ("password", "Password set"), ("app-added", "Second factor set up"), ("app-removed", "Second factor removed"), ("codes", "New recovery codes made")], max_length=13)),
                ("before", models.CharField(blank=True, max_length=13)),
                ("after", models.CharField(blank=True, max_length=13)),
                ("because", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="events", to=settings.AUTH_USER_MODEL)),
            ],
            options={"ordering": ["-at", "-id"]},
        ),
    ]
