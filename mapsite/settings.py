"""Settings of every process, with the environment read here and nowhere else.

`MAPSITE_SITE` chooses the process: `public`, `staff`, `worker`, or `owner` (migrations, imports and
other commands). Each has its own installed apps, addresses, database role and secrets
(ARCHITECTURE, Processes and database roles).
"""

import datetime as dt
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env, validate

ROOT = Path(__file__).resolve().parent.parent

env = Env()
VAR = Path(env.str("MAPSITE_VAR", str(ROOT / "var"))).resolve()
if (VAR / "env").exists():  # written by the set-up, so that a second terminal finds the running site
    env.read_env(str(VAR / "env"), recurse=False)

SITE: str = env.str("MAPSITE_SITE", "owner", validate=validate.OneOf(["owner", "public", "staff", "worker"]))
DEMO: bool = env.bool("MAPSITE_DEMO", False)
DEBUG = False
RUN = Path(
    env.str("MAPSITE_RUN", str(VAR / "run"))
)  # sockets; a short path, since the kernel allows 107 bytes
SECRETS = Path(env.str("MAPSITE_SECRETS", str(VAR / "secrets")))
SNAPSHOT = Path(env.str("MAPSITE_SNAPSHOT", str(VAR / "snapshot")))
# What was erased, noted outside of the database (moderation/erasure/journal.py); only the worker writes it.
ERASURES = Path(env.str("MAPSITE_ERASURES", str(VAR / "erasures.journal")))
PUBLIC_ORIGIN: str = env.str("MAPSITE_PUBLIC_ORIGIN", "http://127.0.0.1:8000")
STAFF_ORIGIN: str = env.str("MAPSITE_STAFF_ORIGIN", "http://localhost:8001")


def secret(name: str) -> str:
    """The text of one secret file.

    Raises:
        FileNotFoundError: the set-up has not run, or this process is not meant to have it.
    """
    return (SECRETS / name).read_text(encoding="ascii").strip()


SECRET_KEY = secret(f"django-{SITE}")
ALLOWED_HOSTS: list[str] = env.list("MAPSITE_HOSTS", ["127.0.0.1", "localhost"])

# --- what is installed, by process -------------------------------------------------------------------

PUBLIC_APPS = [
    "django.contrib.gis",
    "mapsite.assets.Assets",  # django.contrib.staticfiles, less what no page loads
    "rest_framework",
    "drf_spectacular",
    "csp",
    "mapsite",
    "geo.directory",
    "geo.record",
    "geo.site",
    "geo.api",
    "moderation.intake",
    "moderation.alerts",
    "moderation.corrections.inbox",
    "moderation.erasure.inbox",
]
PRIVATE_APPS = [
    "moderation.staff",  # before allauth: its templates take the place of allauth's
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "moderation.audit",
    "moderation.review",
    "moderation.corrections",
    "moderation.erasure",
    "moderation.training",
    "moderation.register",
]
INSTALLED_APPS = PUBLIC_APPS if SITE == "public" else PUBLIC_APPS + PRIVATE_APPS

PUBLIC_MIDDLEWARE = [
    "geo.site.middleware.SnapshotMiddleware",  # hot pages leave here: no database, no further work
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
STAFF_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "moderation.staff.uploads.OfficialFileMiddleware",  # one address takes a file, behind the second factor
    "moderation.staff.middleware.SentenceMiddleware",  # a refused action is one sentence
    "moderation.staff.middleware.SecondFactorMiddleware",  # no staff page without a second factor
]
PUBLIC_URLS = "mapsite.urls_public"
STAFF_URLS = "mapsite.urls_staff"
MIDDLEWARE = PUBLIC_MIDDLEWARE if SITE == "public" else STAFF_MIDDLEWARE
ROOT_URLCONF = PUBLIC_URLS if SITE == "public" else STAFF_URLS
WSGI_APPLICATION = "mapsite.wsgi.application"

PUBLIC_CONTEXT = ["django.template.context_processors.request", "geo.site.context.site"]
STAFF_CONTEXT = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "moderation.staff.context.desk",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "mapsite" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": PUBLIC_CONTEXT if SITE == "public" else STAFF_CONTEXT},
    }
]

# --- data --------------------------------------------------------------------------------------------

DATABASES: dict[str, Any] = {
    "default": {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "NAME": env.str("MAPSITE_DB_NAME", "mapsite"),
        "USER": f"mapsite_{SITE}",
        "PASSWORD": secret(f"db-mapsite_{SITE}"),
        "HOST": env.str("MAPSITE_DB_HOST", str(RUN)),
        "PORT": env.str("MAPSITE_DB_PORT", "5432"),
        # Persistent connections and psycopg's pool exclude each other; long-running sites pool.
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 16, "timeout": 5}}
        if SITE in {"public", "staff"}
        else {},
        "TEST": {"TEMPLATE": "template_mapsite"},
    }
}
REDIS_URL: str = env.str("MAPSITE_REDIS_URL", f"unix://{RUN}/redis.sock")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "VERSION": 2,  # of the way values are written; an older one's are not read
        "OPTIONS": {"serializer": "mapsite.cached.Plain"},
    }
}
AUTH_USER_MODEL = "staff.Account"
# GDAL older than 3.9 crashes on hostile spatial-reference text; none ever reaches it here.
SILENCED_SYSTEM_CHECKS = ["gis.W001"]

# --- requests ----------------------------------------------------------------------------------------

# Nothing is uploaded: a multipart file has nowhere to go (SAFEGUARDS A4); the exception is in mapsite/uploads.py.
FILE_UPLOAD_HANDLERS = ["mapsite.uploads.RefuseUploads"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024  # bytes; the longest honest form is a tenth of it
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100
# The number of proxies of ours in front; a forwarded address is believed only from them.
TRUSTED_PROXIES: int = env.int("MAPSITE_TRUSTED_PROXIES", 0)

SECURE_CONTENT_TYPE_NOSNIFF = True
# The staff site's forms prove their origin by the Origin header, which "no-referrer" would blank.
SECURE_REFERRER_POLICY = "no-referrer" if SITE == "public" else "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "moderation.staff.sessions"
SESSION_COOKIE_NAME = "desk"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = STAFF_ORIGIN.startswith("https:")
SESSION_COOKIE_AGE = 20 * 60  # seconds of idleness before a moderator signs in again
STAFF_SESSION_LONGEST = 10 * 60 * 60  # seconds after which they do so however busy they are
STAFF_STEP_UP = 10 * 60  # seconds that a second factor is fresh enough for a decision or a change of factors
SESSION_SAVE_EVERY_REQUEST = True
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
CSRF_USE_SESSIONS = True
if SITE != "public":  # which has no such cookie, and nothing of the desk
    CSRF_FAILURE_VIEW = "moderation.staff.views.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [STAFF_ORIGIN]

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
        "manifest-src": [SELF],
    }
}

# --- language and time -------------------------------------------------------------------------------

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", _("Korean")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "mapsite" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Seoul"

# --- static files ------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("MAPSITE_STATIC", str(VAR / "static")))
NODE_MODULES = Path(env.str("MAPSITE_NODE_MODULES", str(ROOT / "node_modules")))
STATICFILES_DIRS: list[Any] = [
    ("vendor/chart", NODE_MODULES / "chart.js" / "dist"),
    ("vendor/leaflet", NODE_MODULES / "leaflet" / "dist"),
    ("vendor/markercluster", NODE_MODULES / "leaflet.markercluster" / "dist"),
    ("fonts", NODE_MODULES / ".fonts"),  # cut at set-up (deploy/local/web_font.py)
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Source maps are for a developer's tools; nobody else fetches them.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "png", "jpg", "woff2", "gz", "br"]
TILE_URL: str = env.str("MAPSITE_TILE_URL", "")  # a tile server of one's own; none by default
if TILE_URL.startswith(("http://", "https://")):  # its pictures come from that host, or for {s} from three
    _origin = "/".join(TILE_URL.split("/")[:3])
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"] += dict.fromkeys(
        _origin.replace("{s}", each)
        for each in "abc"  # as Leaflet does
    )
TILE_ATTRIBUTION: str = env.str(
    "MAPSITE_TILE_ATTRIBUTION", ""
)  # whom their licence asks to name under the map

# --- what the public pages say about this deployment ---------------------------------------------------

CONTACT: str = env.str("MAPSITE_CONTACT", "")  # mail address of the operator, printed on the site
# Where "Leave this page" leads: a page that everybody has open and that loads at once.
ELSEWHERE: str = env.str("MAPSITE_ELSEWHERE", "https://www.naver.com/")
# The day on which somebody here called each help line, by its code in geo/site/helplines.py: "police=2027-01-04,117=…".
CONTACTS_CONFIRMED_ON: dict[str, dt.date] = env.dict(
    "MAPSITE_CONTACTS_CONFIRMED_ON", {}, subcast_values=dt.date.fromisoformat
)
SECURITY_EXPIRES = env.date(
    "MAPSITE_SECURITY_EXPIRES", dt.date(2027, 12, 31)
)  # end of security.txt (RFC 9116)

# --- accounts (staff process) ------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "/queue/"
LOGIN_URL = "/accounts/login/"
ACCOUNT_ADAPTER = "moderation.staff.adapters.ClosedAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # a session ends with the browser or after the idle time above
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
# allauth marks a used code for one period; a wider tolerance would let it be used again after that.
MFA_TOTP_TOLERANCE = 0  # periods of 30 seconds
MFA_ADAPTER = "moderation.staff.adapters.SealedMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "add_webauthn": "moderation.staff.key_forms.AddKeyForm",
    "authenticate_webauthn": "moderation.staff.key_forms.AuthenticateKeyForm",
    "reauthenticate_webauthn": "moderation.staff.key_forms.ReauthenticateKeyForm",
}
MFA_TOTP_ISSUER = "School-Impact Map"

# --- intake (SAFEGUARDS C4, F3) -----------------------------------------------------------------------

INTAKE_MINIMUM_DELAY: int = env.int(
    "MAPSITE_INTAKE_DELAY", 3
)  # seconds between fetching a form and sending it
INTAKE_FORM_LIFETIME = 24 * 60 * 60  # seconds
INTAKE_SLOW_DELAY: int = env.int("MAPSITE_INTAKE_SLOW_DELAY", 10)  # the same without a proof of work
INTAKE_PROOF_COST = 2000  # rounds of PBKDF2 for one of some 256 tries; doubles with each level
INTAKE_PROOF_LIFETIME = 2 * 60 * 60  # seconds; a stock of answers is of no use
INTAKE_FLOOD = 30  # reports about one school in two hours, from which the next ones cost more work
# Attempts of one network; `school` is for each pair of network and school, so that a whole school behind one
# address can report its own, even when somebody there has used up `network`; `slow` is for those without a proof.
# django-ratelimit knows s, m, h and d, and no months.
INTAKE_LIMITS = {"network": "240/h", "school": "120/h", "slow": "60/h", "receipt": "60/h", "partner": "600/h"}

# --- alerts ---------------------------------------------------------------------------------------------

SMTP_HOST: str = env.str(
    "MAPSITE_SMTP_HOST", ""
)  # the mail host that takes our mails; without one none are sent
SMTP_PORT: int = env.int("MAPSITE_SMTP_PORT", 587)
SMTP_SECURITY: str = env.str(
    "MAPSITE_SMTP_SECURITY", "starttls", validate=validate.OneOf(["starttls", "tls", "none"])
)
SMTP_USER: str = env.str(
    "MAPSITE_SMTP_USER", ""
)  # its password: the secret `smtp-password`, read by the worker
MAIL_FROM: str = env.str("MAPSITE_MAIL_FROM", "alerts@localhost")  # the address that mails come from
MAIL_SINK: str = env.str("MAPSITE_MAIL_SINK", "")  # of the demo: the folder in which its mails end

# --- corrections (SAFEGUARDS D) -----------------------------------------------------------------------

# How long a school has to answer before a publication (SAFEGUARDS B10); zero asks for no notice.
NOTICE_HOURS: int = 0 if DEMO else env.int("MAPSITE_NOTICE_HOURS", 48)
# Mail addresses of the team on duty: told at once of what may identify a person, and of what is overdue.
DUTY: list[str] = env.list("MAPSITE_DUTY", ["duty@example.org"] if DEMO else [])

# --- interfaces --------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "geo.api.problems.handle",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Verified School-Impact Map",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
}

# --- geocoding ---------------------------------------------------------------------------------------

GEOCODER: str = env.str("MAPSITE_GEOCODER", "" if DEMO else "nominatim")
GEOCODER_DOMAIN: str = env.str("MAPSITE_GEOCODER_DOMAIN", "")

# --- links (SAFEGUARDS A2): the worker reads linked pages of publishers again; the demo reaches no other host -----------

LINK_CHECKS: bool = env.bool("MAPSITE_LINK_CHECKS", not DEMO)

# --- observation ---------------------------------------------------------------------------------------

METRICS_TOKEN: str = env.str(
    "MAPSITE_METRICS_TOKEN", ""
)  # for a Prometheus on another machine; none by default

# --- benchmarks ----------------------------------------------------------------------------------------

REAL_DATA: str = env.str("MAPSITE_REAL_DATA", "")  # a folder with the official files; generated without it

# --- logs: fixed words and codes only, never a request's text ------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "mapsite.logs.Line"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "propagate": True}
    },  # without Django's own, which mails whole requests
}
