"""Settings. Everything that differs between machines comes from the environment.

README.md, "Settings", lists the variables; a file ``.env`` beside manage.py is read too
(EARMARK_ENV_FILE names another). An empty variable counts as unset.
"""

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF

from config.local_secret import secret_key
from config.shared_cache import shared_cache

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(env("EARMARK_ENV_FILE", default="") or BASE_DIR / ".env")
# Everything that is written while the product runs: database, mails, queue, indexes.
VAR_DIR = Path(env("EARMARK_VAR", default="") or BASE_DIR / "var").resolve()

# A production machine sets DEBUG to nothing and SECRET_KEY to something.
PRODUCTION = env.bool("EARMARK_PRODUCTION", default=False)
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY") if PRODUCTION else secret_key(VAR_DIR / "secret_key")
# The keys before it: what they signed or enciphered is still read, and nothing new is written so.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
SITE_URL = (env("SITE_URL", default="") or "http://127.0.0.1:8000").rstrip("/")
SUPPORT_EMAIL = env("SUPPORT_EMAIL", default="record@earmark.example")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "config.apps.EarmarkStaticFilesConfig",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "django_htmx",
    "ninja",
    "template_partials",
    "policy",
    "entities",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "policy.middleware.PowerMiddleware",
    "policy.middleware.ReadingMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

# The parts of title 15 whose text the record follows; part 744 holds the Entity List too.
FOLLOWED_PARTS = env.list(
    "EARMARK_PARTS", default=["734", "740", "742", "744", "746", "748", "772", "774"]
)

# EARMARK_FETCH=0 asks no source; files are imported by hand.
FETCH = env.bool("EARMARK_FETCH", default=True)
# Other sites instead of the official ones: federal-register=http://127.0.0.1:8100,ecfr=…
SOURCE_SITES = env.dict("EARMARK_SOURCE_SITES", default={})
# How far back the first fetch of the Federal Register goes: a year.
FETCH_SINCE = env.int("EARMARK_FETCH_SINCE", default=2020)
REGULATIONS_API_KEY = env("REGULATIONS_API_KEY", default="")
# EARMARK_WEBHOOK_LOOPBACK=1 lets webhooks be on this machine, without TLS: for development.
WEBHOOK_LOOPBACK = env.bool("EARMARK_WEBHOOK_LOOPBACK", default=False)
# Who is told when beat, worker or a source has gone quiet; nobody if empty.
STAFF_EMAILS = env.list("STAFF_EMAILS", default=[])

API_PATH = "/api/"
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "policy.context.page",
                "policy.context_account.corner",
            ]
        },
    }
]

DATABASE_URL = env("DATABASE_URL", default="") or f"sqlite:///{VAR_DIR / 'earmark.sqlite3'}"
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # With Django's defaults concurrent writers fail with "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Unset: ``make run`` starts a private Redis-compatible server on a socket under var/.
REDIS_URL = env("REDIS_URL", default="")
REDIS_SOCKET = VAR_DIR / "valkey.sock"
# Counts are shared by all processes where there is a Redis; ``make run`` names its own.
CACHE_URL = env("CACHE_URL", default="")
ONE_PROCESS = "locmemcache://?max_entries=500"
CACHES = {
    "default": shared_cache(CACHE_URL or REDIS_URL)
    or env.cache_url_config(CACHE_URL or ONE_PROCESS),
    # What every page asks for, and what is large: see config.shared_cache.
    "local": env.cache_url_config(ONE_PROCESS),
}

# Each setting answers a failure that was reproduced; see docs/decisions/0003-celery.md.
CELERY_BROKER_URL = REDIS_URL or f"redis+socket://{REDIS_SOCKET}"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# As long as it takes: by default a worker gives up after a hundred tries.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 10,
    "socket_timeout": 15,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 240
CELERY_TASK_SOFT_TIME_LIMIT = 210
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
TICK_SECONDS = env.float("EARMARK_TICK_SECONDS", default=60.0)
CELERY_BEAT_SCHEDULE = {
    "tick": {
        "task": "policy.tasks.tick",
        "schedule": TICK_SECONDS,
        # A tick that waited for its successor has nothing to do that the successor does not.
        "options": {"expires": TICK_SECONDS},
    },
    "send": {
        "task": "policy.tasks.send",
        "schedule": TICK_SECONDS,
        "options": {"expires": TICK_SECONDS},
    },
    "sync": {
        "task": "policy.tasks.sync_due",
        "schedule": TICK_SECONDS,
        "options": {"expires": TICK_SECONDS},
    },
    # Somebody waits for the answer on a page.
    "fetch-texts": {
        "task": "policy.tasks.fetch_texts",
        "schedule": min(TICK_SECONDS, 5.0),
        "options": {"expires": min(TICK_SECONDS, 5.0)},
    },
}
# Says that it is alive, for the watchdog.
CELERY_BEAT_SCHEDULER = "policy.heart:BeatingScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")

# Search indexes, one a revision; they may be deleted at any time.
INDEX_DIR = VAR_DIR / "index"

# Mails are files under var/mail/ unless EMAIL_URL names a server or EMAIL_BACKEND a provider.
MAIL_DIR = VAR_DIR / "mail"
EMAIL_FILE_PATH = str(MAIL_DIR)
if env("EMAIL_URL", default=""):
    named = env.email_url("EMAIL_URL")
    vars().update(named)
    # Instead of Django's own: it also tells when a mail may have arrived unanswered.
    own = {"django.core.mail.backends.smtp.EmailBackend": "policy.smtp.EmailBackend"}
    EMAIL_BACKEND = own.get(named["EMAIL_BACKEND"], named["EMAIL_BACKEND"])
else:
    EMAIL_BACKEND = env("EMAIL_BACKEND", default="django.core.mail.backends.filebased.EmailBackend")
EMAIL_TIMEOUT = 20
# Mails a minute to the addresses of one domain; 0 is no limit. What is over it waits a minute.
MAILS_PER_DOMAIN = env.int("EARMARK_MAILS_PER_DOMAIN", default=600)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Earmark <alerts@earmark.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
ANYMAIL = env.dict("ANYMAIL", default={})
# A provider that is reached by SMTP reports bounces to the same webhook.
if EMAIL_BACKEND.startswith("anymail.") or ANYMAIL.get("WEBHOOK_SECRET"):
    INSTALLED_APPS.append("anymail")

# Accounts. Administrators make them; nobody signs up, and the record is read without one.
AUTH_USER_MODEL = "policy.User"
AUTHENTICATION_BACKENDS = [
    # First, so that whoever is locked out does not get as far as a password check.
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
VALIDATORS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": f"{VALIDATORS}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": f"{VALIDATORS}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{VALIDATORS}.CommonPasswordValidator"},
    {"NAME": f"{VALIDATORS}.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "policy:account"
# A day's work, however the browser is closed.
SESSION_COOKIE_AGE = 12 * 60 * 60
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_ADAPTER = "policy.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "policy.forms_accounts.SignInForm",
    "reauthenticate": "policy.forms_accounts.ConfirmForm",
    "change_password": "policy.forms_accounts.ChangePasswordForm",
    "reset_password": "policy.forms_accounts.ResetForm",
    "reset_password_from_key": "policy.forms_accounts.NewPasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "policy.adapters.display_name"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# An administrator vouches for the address, and only its mailbox gets the link to set a password.
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ALLOW_UNVERIFIED_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# The validators above say how long; allauth would say it twice.
ACCOUNT_PASSWORD_MIN_LENGTH = None
# By address of the network and by account. Axes locks the pair of them earlier, see below.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,20/1h/key"}
MFA_ADAPTER = "policy.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "policy.forms_accounts.CodeForm",
    "reauthenticate": "policy.forms_accounts.ConfirmCodeForm",
    "activate_totp": "policy.forms_accounts.FirstCodeForm",
}
MFA_TOTP_ISSUER = "Earmark"
# Clocks of telephones are some seconds off: the code before and the one after count too.
MFA_TOTP_TOLERANCE = 1
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
# A try meanwhile neither counts nor makes it longer: the page says until when, and means it.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "policy.adapters.address_of"
AXES_CLIENT_IP_CALLABLE = "policy.adapters.network_or_none"
AXES_LOCKOUT_CALLABLE = "policy.views.locked.locked"
AXES_VERBOSE = False
# What was typed is kept without these.
AXES_SENSITIVE_PARAMETERS = [
    *("username", "ip_address", "login", "csrfmiddlewaretoken"),
    *("oldpassword", "password1", "password2", "code"),
]
# Single sign-on, where a provider of OpenID Connect is named; it must vouch for addresses.
OIDC_URL = env("OIDC_URL", default="")
OIDC_NAME = env("OIDC_NAME", default="") or "single sign-on"
SOCIALACCOUNT_ADAPTER = "policy.adapters.SingleSignOnAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
# The policy on form-action would stop a form that leads to another site; a link may.
SOCIALACCOUNT_LOGIN_ON_GET = True
OIDC_APP = {
    "provider_id": "sso",
    "name": OIDC_NAME,
    "client_id": env("OIDC_CLIENT_ID", default=""),
    "secret": env("OIDC_SECRET", default=""),
    "settings": {"server_url": OIDC_URL, "oauth_pkce_enabled": True},
}
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [OIDC_APP]}} if OIDC_URL else {}

LANGUAGE_CODE = "en"
USE_I18N = False
TIME_ZONE = "America/New_York"
USE_TZ = True

STATIC_URL = "/static/"
# Only production collects; elsewhere the files are served from where they lie.
STATIC_ROOT = VAR_DIR / "static" if PRODUCTION else None
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    # Four lines for each sign-in that went well would bury the rest.
    # Nor does anybody read of every glyph that a PDF does without.
    "loggers": {"axes": {"level": "WARNING"}, "fontTools": {"level": "WARNING"}},
}
