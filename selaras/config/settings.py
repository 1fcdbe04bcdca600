"""The settings of this copy, read from the environment; docs/operations.md lists each of them."""

from pathlib import Path

import django_stubs_ext
from django.utils.translation import gettext_lazy as _

from selaras.config.databases import of_url
from selaras.config.environment import text, whole, words, yes
from selaras.ground.keyring import make_ring_once, read_ring

django_stubs_ext.monkeypatch()  # strict types: Field[int, int] and Manager[Row] may be written

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(text("SELARAS_VAR", str(ROOT / "var")))

# demo, test or production; production refuses what the others allow (selaras/config/checks.py)
SELARAS_MODE = text("SELARAS_MODE", "demo")
PRODUCTION = SELARAS_MODE == "production"
SELARAS_KEYS = text("SELARAS_KEYS", str(VAR / "keys" / "ring.json"))
# the keys that sign workers' cards; without a file the demo and tests make their own, production does not start
SELARAS_CARD_KEYS = text("SELARAS_CARD_KEYS", str(Path(SELARAS_KEYS).with_name("cards.json")))
SELARAS_FILES = text("SELARAS_FILES", str(VAR / "files"))
SELARAS_WORK = text("SELARAS_WORK", str(VAR / "work"))
SELARAS_SEALS = text("SELARAS_SEALS", str(VAR / "seals"))
SELARAS_DEMO_SIGN_IN = yes("SELARAS_DEMO_SIGN_IN", False)
SELARAS_EMBEDDED = yes("SELARAS_EMBEDDED", False)
SELARAS_WORKBOOK_LIMIT = whole("SELARAS_WORKBOOK_LIMIT", 50 * 1024 * 1024)
SELARAS_LINK_ONTO = whole("SELARAS_LINK_ONTO", 100_000)  # rows from which on a delivery is linked onto what stands
SELARAS_LINK_MEMORY = whole("SELARAS_LINK_MEMORY", 0)  # bytes; 0: what the machine allows
SELARAS_UPLOAD_LIMIT = whole("SELARAS_UPLOAD_LIMIT", 4 * 1024 * 1024 * 1024)
SELARAS_BEHIND_PROXY = yes("SELARAS_BEHIND_PROXY", False)
SELARAS_METRICS_TOKEN = text("SELARAS_METRICS_TOKEN", "")
SELARAS_REGISTRATIONS_PER_HOUR = whole("SELARAS_REGISTRATIONS_PER_HOUR", 120)
SELARAS_HOURLY_LIMITS = yes("SELARAS_HOURLY_LIMITS", True)  # no: for measuring only
# what rooms keep beside a journey, brought in line within each verb that changes one: people may not import the rooms that come after it
SELARAS_KEPT_BESIDE = (
    "selaras.place.places.keep_place",
    "selaras.place.stays.keep_stay",
    "selaras.place.cards.keep_card",
    "selaras.place.reporting.keep_reports",
)
# where messages to workers go: an Apprise address with {to} for the telephone; empty: they stay in the outbox
SELARAS_NOTICE_URL = text("SELARAS_NOTICE_URL", "")
SELARAS_PUBLIC_URL = text("SELARAS_PUBLIC_URL", "http://localhost:8000")

if not PRODUCTION:
    make_ring_once(Path(SELARAS_KEYS), SELARAS_MODE)
SECRET_KEY = read_ring(Path(SELARAS_KEYS)).session
DEBUG = False
ALLOWED_HOSTS = words("SELARAS_HOSTS", "" if PRODUCTION else "localhost,127.0.0.1,[::1],testserver")
CSRF_TRUSTED_ORIGINS = words("SELARAS_ORIGINS")

# The console entry point starts the embedded database and fills these in; the owner's address is there for migrations only.
NOT_STARTED = "postgresql:///not-started?host=/run-selaras-db-start-first"
DATABASES = {
    "default": of_url(text("DATABASE_URL", NOT_STARTED), pool=yes("SELARAS_POOL", True)),
    "ledger": of_url(text("DATABASE_LEDGER_URL", NOT_STARTED), pool=yes("SELARAS_POOL", True)),
}
if text("DATABASE_OWNER_URL", ""):
    DATABASES["owner"] = of_url(text("DATABASE_OWNER_URL"), pool=False)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "selaras.config",
    "selaras.ground",
    "selaras.people",
    "selaras.agreements",
    "selaras.reconcile",
    "selaras.prepare",
    "selaras.market",
    "selaras.place",
    "selaras.insight",
    "selaras.doors.assets",
    "selaras.doors.public",
    "selaras.doors.office",
    "selaras.doors.worker",
]
AUTH_USER_MODEL = "ground.Officer"
AUTHENTICATION_BACKENDS = ["selaras.doors.office.signin.SignIn"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

MIDDLEWARE = [
    "selaras.doors.office.metrics.Measured",
    "django.middleware.security.SecurityMiddleware",
    "selaras.doors.office.middleware.Headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "selaras.doors.office.language.OwnLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "selaras.doors.office.middleware.SessionRules",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "selaras.config.urls"
WSGI_APPLICATION = "selaras.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "selaras" / "doors" / "office" / "templates"],  # before allauth's own
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "selaras.doors.office.context.office",
            ],
        },
    }
]

FORM_RENDERER = "selaras.doors.office.controls.Controls"

LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "selaras" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = text("SELARAS_TIME_ZONE", "Asia/Jakarta")
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [("vendor", ROOT / "selaras" / "doors" / "assets" / "vendor")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if SELARAS_MODE != "test"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

CACHES = {
    "default": {
        "BACKEND": "selaras.config.cache.JsonCache",
        "LOCATION": "selaras_cache",
        # Beyond this, rows are thrown out: at the default of 300 a guesser of passwords would push out his own lock.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
FILE_UPLOAD_HANDLERS = ["selaras.doors.office.uploads.NamelessUploads"]  # never a plain file with a name in /tmp
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Sessions: an unused session ends after half an hour, any session after a working day (SessionRules).
SESSION_ENGINE = "selaras.doors.office.sessions"  # the library's, in the database
SESSION_SERIALIZER = "selaras.doors.office.sessions.Sealed"  # a session may hold a second step being set up
SESSION_COOKIE_NAME = "selaras_session"
SESSION_COOKIE_AGE = 10 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_USE_SESSIONS = False
SELARAS_SESSION_IDLE_SECONDS = whole("SELARAS_SESSION_IDLE_SECONDS", 30 * 60)
SECURE_HSTS_SECONDS = 31536000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION and yes("SELARAS_SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # whoever watches the machine asks it without TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SELARAS_BEHIND_PROXY else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "selaras.doors.office.signin.AccountAdapter"
MFA_ADAPTER = "selaras.doors.office.signin.MFAAdapter"
SOCIALACCOUNT_ADAPTER = "selaras.doors.office.signin.SocialAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # officers are entered by an administrator, never by themselves
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Selaras] "
ACCOUNT_SESSION_REMEMBER = False  # a session ends with the browser: no box to tick on a shared computer
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SELARAS_BEHIND_PROXY else 0  # whose address the rate limits count
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "10/m/ip,5/15m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "reset_password": "20/m/ip,5/m/key",
    # A telephone company gives many people one address: those are told apart by what they type.
    "worker_code": "30/m/ip,3/10m/key",
    "worker_try": "60/m/ip,10/10m/key",
}
MFA_FORMS = {"authenticate": "selaras.doors.office.signin.SecondStep"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # passkeys on http://localhost, for the demo and tests
MFA_TOTP_ISSUER = "Selaras"
SOCIALACCOUNT_ONLY = False
SELARAS_OIDC_URL = text("SELARAS_OIDC_URL", "")
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "sso",
                "name": text("SELARAS_OIDC_NAME", "SSO"),
                "client_id": text("SELARAS_OIDC_CLIENT"),
                "secret": text("SELARAS_OIDC_SECRET"),
                "settings": {"server_url": SELARAS_OIDC_URL},
            }
        ]
        if SELARAS_OIDC_URL
        else [],
        "OAUTH_PKCE_ENABLED": True,
    }
}

EMAIL_BACKEND = text(
    "SELARAS_EMAIL_BACKEND",
    "django.core.mail.backends.console.EmailBackend"
    if not PRODUCTION
    else "django.core.mail.backends.smtp.EmailBackend",
)
EMAIL_HOST = text("SELARAS_EMAIL_HOST", "localhost")
EMAIL_PORT = whole("SELARAS_EMAIL_PORT", 25)
DEFAULT_FROM_EMAIL = text("SELARAS_EMAIL_FROM", "selaras@localhost")

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "selaras.config.logs.Lines"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["out"], "level": text("SELARAS_LOG_LEVEL", "WARNING")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
        "selaras": {"level": text("SELARAS_LOG_LEVEL", "INFO")},
        "procrastinate": {"level": "WARNING"},
    },
}
