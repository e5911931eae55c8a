"""Settings read from the environment, each in a Python of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.shared_data import ROOT

READ = (
    "import json, sys; from config import settings as s; "
    "print(json.dumps({name: getattr(s, name) for name in sys.argv[1:]}, default=str))"
)
PRODUCTION = {
    "EARMARK_PRODUCTION": "1",
    "SECRET_KEY": "x" * 60,
    "SITE_URL": "https://earmark.example/",
    "ALLOWED_HOSTS": "earmark.example,www.earmark.example",
}


def run(folder: Path, *names: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "EARMARK_VAR": str(folder),
        "EARMARK_ENV_FILE": os.devnull,
        **variables,
    }
    return subprocess.run(
        [sys.executable, "-c", READ, *names],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def read(folder: Path, *names: str, **variables: str) -> dict[str, Any]:
    done = run(folder, *names, **variables)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_without_any_variable_everything_lies_in_one_folder(tmp_path: Path) -> None:
    found = read(tmp_path, "DATABASES", "MAIL_DIR", "CELERY_BROKER_URL", "SITE_URL", "DEBUG")
    assert found["DATABASES"]["default"]["NAME"] == str(tmp_path / "earmark.sqlite3")
    assert found["DATABASES"]["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert found["MAIL_DIR"] == str(tmp_path / "mail")
    assert found["CELERY_BROKER_URL"] == f"redis+socket://{tmp_path}/valkey.sock"
    assert found["SITE_URL"] == "http://127.0.0.1:8000"
    assert found["DEBUG"] is False


def test_an_empty_variable_counts_as_unset(tmp_path: Path) -> None:
    empty = dict.fromkeys(("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SITE_URL", "CACHE_URL"), "")
    names = ("DATABASES", "CELERY_BROKER_URL", "EMAIL_BACKEND", "SITE_URL")
    assert read(tmp_path, *names, **empty) == read(tmp_path, *names)


def test_a_database_and_a_broker_by_address(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        *("DATABASES", "CELERY_BROKER_URL"),
        DATABASE_URL="postgres://u:p@127.0.0.1:5433/earmark",
        REDIS_URL="redis://127.0.0.1:6380/2",
    )
    database = found["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["NAME"], database["PORT"]) == ("earmark", 5433)
    assert "OPTIONS" not in database
    assert found["CELERY_BROKER_URL"] == "redis://127.0.0.1:6380/2"


def test_mail_goes_to_files_unless_a_server_is_named(tmp_path: Path) -> None:
    names = ("EMAIL_BACKEND", "EMAIL_FILE_PATH")
    files = read(tmp_path, *names)
    assert files["EMAIL_BACKEND"].endswith("filebased.EmailBackend")
    assert files["EMAIL_FILE_PATH"] == str(tmp_path / "mail")
    sent = read(
        tmp_path,
        *("EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_USE_TLS"),
        EMAIL_URL="smtp+tls://u:p@mail.example:587",
    )
    assert sent["EMAIL_BACKEND"] == "policy.smtp.EmailBackend"
    assert (sent["EMAIL_HOST"], sent["EMAIL_PORT"], sent["EMAIL_USE_TLS"]) == (
        "mail.example",
        587,
        True,
    )


def test_a_mail_provider_brings_its_app(tmp_path: Path) -> None:
    backend = "anymail.backends.postmark.EmailBackend"
    assert "anymail" in read(tmp_path, "INSTALLED_APPS", EMAIL_BACKEND=backend)["INSTALLED_APPS"]
    assert "anymail" not in read(tmp_path, "INSTALLED_APPS")["INSTALLED_APPS"]
    # One that is reached by SMTP reports its bounces all the same.
    named = read(tmp_path, "INSTALLED_APPS", ANYMAIL="WEBHOOK_SECRET=hook:secret")
    assert "anymail" in named["INSTALLED_APPS"]


def test_the_pace_of_a_domain_is_ten_a_second_unless_set(tmp_path: Path) -> None:
    assert read(tmp_path, "MAILS_PER_DOMAIN")["MAILS_PER_DOMAIN"] == 600
    slower = read(tmp_path, "MAILS_PER_DOMAIN", EARMARK_MAILS_PER_DOMAIN="60")
    assert slower["MAILS_PER_DOMAIN"] == 60


def test_production_is_locked(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        *("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "DEBUG"),
        *("SITE_URL", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS"),
        **PRODUCTION,
    )
    assert found["SECURE_SSL_REDIRECT"] is found["SESSION_COOKIE_SECURE"] is True
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert found["DEBUG"] is False
    assert found["SITE_URL"] == "https://earmark.example"
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://earmark.example"]
    assert found["ALLOWED_HOSTS"] == ["earmark.example", "www.earmark.example"]


def test_production_does_not_start_without_a_secret(tmp_path: Path) -> None:
    without = {name: value for name, value in PRODUCTION.items() if name != "SECRET_KEY"}
    done = run(tmp_path, "DEBUG", **without)
    assert done.returncode != 0
    assert "SECRET_KEY" in done.stderr
    assert not (tmp_path / "secret_key").exists()


def test_what_the_key_before_signed_is_read_after_a_rotation(tmp_path: Path) -> None:
    assert read(tmp_path, "SECRET_KEY_FALLBACKS") == {"SECRET_KEY_FALLBACKS": []}
    older = {**PRODUCTION, "SECRET_KEY_FALLBACKS": "last-year,the-year-before"}
    found = read(tmp_path, "SECRET_KEY", "SECRET_KEY_FALLBACKS", **older)
    assert found["SECRET_KEY"] == PRODUCTION["SECRET_KEY"]
    assert found["SECRET_KEY_FALLBACKS"] == ["last-year", "the-year-before"]


def test_a_file_of_settings_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / "settings.env"
    file.write_text("SITE_URL=https://from.example\nSUPPORT_EMAIL=desk@from.example\n")
    found = read(
        tmp_path,
        *("SITE_URL", "SUPPORT_EMAIL"),
        EARMARK_ENV_FILE=str(file),
        SUPPORT_EMAIL="desk@here.example",
    )
    assert found == {"SITE_URL": "https://from.example", "SUPPORT_EMAIL": "desk@here.example"}


@pytest.mark.parametrize("name", ["style-src", "script-src"])
def test_no_inline_style_or_script_is_allowed(tmp_path: Path, name: str) -> None:
    policy = read(tmp_path, "CONTENT_SECURITY_POLICY")["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert policy[name] == ["'self'"]
    assert policy["default-src"] == ["'none'"]


def test_tasks_come_back_when_their_worker_dies(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        *("CELERY_TASK_ACKS_LATE", "CELERY_TASK_REJECT_ON_WORKER_LOST", "CELERY_TIMEZONE"),
        *("CELERY_BEAT_SCHEDULE", "CELERY_TASK_TIME_LIMIT", "CELERY_BROKER_TRANSPORT_OPTIONS"),
        EARMARK_TICK_SECONDS="5",
    )
    assert found["CELERY_TASK_ACKS_LATE"] is found["CELERY_TASK_REJECT_ON_WORKER_LOST"] is True
    assert found["CELERY_TIMEZONE"] == "UTC"
    assert found["CELERY_BEAT_SCHEDULE"]["tick"]["schedule"] == 5
    # A task that still ran when its message became visible again would run twice.
    visible_again = found["CELERY_BROKER_TRANSPORT_OPTIONS"]["visibility_timeout"]
    assert found["CELERY_TASK_TIME_LIMIT"] < visible_again
