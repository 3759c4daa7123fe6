"""Every setting that comes from the environment, read once, with its line of explanation.

Nothing else in the program reads the environment. What an administrator changes while the
site runs lives in ``community.core.settings``. A wrong value stops the start with a sentence.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
TIME_ZONE = "America/Toronto"  # where a site is that does not say
STAGES = ("development", "demo", "production", "test")


class BadSetting(SystemExit):
    """A setting that the program cannot start with; the message is for the operator."""


@dataclass(frozen=True)
class Provider:
    """Another place at which people may prove who they are (OpenID Connect); docs/oidc.md tells more."""

    # The short word of OIDC_PROVIDERS; it stands in the address to which the provider sends people back.
    key: str
    # OIDC_<KEY>_ISSUER: exactly as the provider writes it in what it signs.
    issuer: str
    # OIDC_<KEY>_CLIENT_ID: what the provider calls this site.
    client_id: str
    # OIDC_<KEY>_SECRET_FILE: the file that holds the secret shared with it.
    secret: str = field(repr=False)
    # OIDC_<KEY>_NAME_FR and _NAME_EN: what people call it.
    names: Mapping[str, str]
    # OIDC_<KEY>_VOUCHES: "yes" when it only lets in people whose profession or employment it has checked.
    vouches: bool


@dataclass(frozen=True)
class Settings:
    """The settings of one process. Made by :func:`read_settings`; tests make their own."""

    # development: debug pages; demo: a demonstration community with one-click sign-in;
    # production: the real thing, refuses unsafe values; test: the test suite.
    stage: str
    # Where the data lives (database of the small size, index, mail folder).
    instance_dir: Path
    # The key file of the vault and of everything sealed. It must not be backed up with the data.
    key_file: Path
    # sqlite:///… (the default) or postgresql+psycopg://…
    database_url: str
    # redis://… shares rate limits between processes; empty keeps them in this process.
    redis_url: str
    # Where files lie: a folder, or s3://KEY:SECRET@bucket/prefix?endpoint=https://… ; empty: instance/files.
    files_url: str
    # Who may read /metrics: a bearer token, and networks such as 10.0.0.0/8,::1 ; both empty: nobody.
    metrics_token: str
    metrics_from: tuple[str, ...]
    # smtp://user:password@host:port ; empty writes mail as files into the instance folder.
    mail_url: str
    # The address in "From" of every mail.
    mail_from: str
    # The mailbox that returned mail goes to (returns@example.org), with the key of the letter after a "+";
    # its mail is piped into `flask notifications bounce`. Empty: mail returns to MAIL_FROM, unread.
    mail_returns: str
    # The public address of the site; links in mail are built from it and from nothing else.
    base_url: str
    # What the site is called in titles; a neutral word protects whoever shares a screen.
    site_name: str
    # Where "leave quickly" goes, per language.
    leave_urls: Mapping[str, str]
    # The zone in which dates are shown.
    time_zone: str
    # How many pages this web process keeps up to date while they are open; 0: none. Each keeps one of the
    # server's threads, so it stays well below their number (run: 100).
    live_seats: int
    # "thread": background jobs run in this web process; "none": `flask worker` runs them.
    jobs: str
    # How many reverse proxies to trust for the client's address (0: none).
    trusted_proxies: int
    # Who answers privacy questions (shown on the privacy page): title and contact.
    privacy_contact: str
    # Whether this process is an operator's command (Flask sets it), not a web server.
    command_line: bool
    # A folder with the official schemas of HSDS 3.0; exports of the directory are checked against them.
    # Empty: they are not, and say so.
    hsds_schemas: str = ""
    # OIDC_PROVIDERS: short words apart by commas; each has its own settings (see Provider). Empty: none.
    providers: tuple[Provider, ...] = ()
    # Who is asked for a second step beside a password. duties: whoever moderates, coordinates or administers;
    # professionals: verified titles wait for it, too; everyone: nobody writes or reads as a member without.
    second_factor: str = "duties"
    # The first message of a name without a verified title: held until a moderator has looked, or shown.
    # Held in production; elsewhere shown, as nobody there would let it through.
    first_posts: str = "shown"
    # How large a picture or a PDF of a message may be when it is sent, in megabytes.
    file_megabytes: int = 5
    # How many files one name may send in a day, and how many megabytes of it the site keeps in all.
    files_a_day: int = 20
    files_megabytes: int = 200

    @property
    def production(self) -> bool:
        """Whether unsafe values must stop the start."""
        return self.stage == "production"

    @property
    def demonstration(self) -> bool:
        """Whether the demonstration community may be loaded and its cast offered."""
        return self.stage in {"demo", "development", "test"}

    @property
    def sqlite(self) -> bool:
        """Whether this is the small size."""
        return self.database_url.startswith("sqlite")


def _choice(env: Mapping[str, str], name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = env.get(name, default) or default
    if value not in allowed:
        raise BadSetting(f"{name} is {value!r}; it must be one of {', '.join(allowed)}.")
    return value


def _first_posts(stage: str) -> str:
    return "held" if stage == "production" else "shown"


def _whole(env: Mapping[str, str], name: str, default: int, most: int) -> int:
    value = env.get(name, str(default)) or str(default)
    if not value.isdigit() or int(value) > most:
        raise BadSetting(f"{name} is {value!r}; it must be a whole number from 0 to {most}.")
    return int(value)


def _networks(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    written = tuple(word.strip() for word in env.get(name, "").split(",") if word.strip())
    for word in written:
        try:
            ip_network(word)
        except ValueError:
            raise BadSetting(f"{name} holds {word!r}, which is no network such as 10.0.0.0/8.") from None
    return written


def _database_url(env: Mapping[str, str], instance: Path) -> str:
    url = env.get("DATABASE_URL", "") or f"sqlite:///{instance / 'passerelle.db'}"
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise BadSetting("DATABASE_URL must start with sqlite:/// or postgresql://.")
    return url


def _providers(env: Mapping[str, str]) -> tuple[Provider, ...]:
    keys = [word.strip() for word in env.get("OIDC_PROVIDERS", "").split(",") if word.strip()]
    found = tuple(_provider(env, key) for key in keys)
    if len({provider.issuer for provider in found}) < len(found) or len(set(keys)) < len(keys):
        raise BadSetting("OIDC_PROVIDERS names the same provider twice.")
    return found


def _provider(env: Mapping[str, str], key: str) -> Provider:
    if not re.fullmatch(r"[a-z][a-z0-9]{1,19}", key):
        raise BadSetting(f"OIDC_PROVIDERS holds {key!r}: 2 to 20 small letters and figures make a key.")
    start = f"OIDC_{key.upper()}_"
    given = {name: env.get(start + name, "") for name in ("ISSUER", "CLIENT_ID", "NAME_FR", "NAME_EN")}
    if missing := [start + name for name, value in given.items() if not value]:
        raise BadSetting(f"{missing[0]} is empty; OIDC_PROVIDERS names {key}.")
    _check_issuer(start + "ISSUER", given["ISSUER"], test=env.get("PASSERELLE_ENV") == "test")
    names = {"fr": given["NAME_FR"], "en": given["NAME_EN"]}
    vouches = env.get(start + "VOUCHES", "") == "yes"
    secret = _secret(env, start + "SECRET_FILE")
    return Provider(key, given["ISSUER"], given["CLIENT_ID"], secret, names, vouches)


def _check_issuer(name: str, issuer: str, *, test: bool) -> None:
    parts = urlsplit(issuer)
    plain = parts.hostname and not (parts.query or parts.fragment or parts.username or "@" in parts.netloc)
    if parts.scheme not in ({"https", "http"} if test else {"https"}) or not plain or len(issuer) > 255:
        raise BadSetting(f"{name} is {issuer!r}; it must be a plain https:// address.")


def _secret(env: Mapping[str, str], name: str) -> str:
    try:
        secret = Path(env.get(name, "")).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        secret = ""
    if not secret:
        raise BadSetting(f"{name} must name a readable file that holds the secret of this provider.")
    return secret


def read_settings(env: Mapping[str, str] | None = None) -> Settings:
    """Read and check the environment.

    :raises BadSetting: a value the program cannot safely start with, as a sentence.
    """
    env = os.environ if env is None else env
    instance = Path(env.get("INSTANCE_DIR", "") or ROOT / "instance").resolve()
    stage = _choice(env, "PASSERELLE_ENV", "development", STAGES)
    settings = Settings(
        stage=stage,
        instance_dir=instance,
        key_file=Path(env.get("KEY_FILE", "") or instance / "keys" / "passerelle.keys").resolve(),
        database_url=_database_url(env, instance),
        redis_url=env.get("REDIS_URL", ""),
        files_url=env.get("FILES_URL", ""),
        metrics_token=env.get("METRICS_TOKEN", ""),
        metrics_from=_networks(env, "METRICS_FROM"),
        mail_url=env.get("MAIL_URL", ""),
        mail_from=env.get("MAIL_FROM", "") or "Passerelle <noreply@localhost>",
        mail_returns=env.get("MAIL_RETURNS", ""),
        base_url=(env.get("BASE_URL", "") or "http://127.0.0.1:8000").rstrip("/"),
        site_name=env.get("SITE_NAME", "") or "Passerelle",
        leave_urls={
            "fr": env.get("LEAVE_URL_FR", "") or "https://meteo.gc.ca/",
            "en": env.get("LEAVE_URL_EN", "") or "https://weather.gc.ca/",
        },
        time_zone=env.get("TIME_ZONE", "") or TIME_ZONE,
        live_seats=_whole(env, "LIVE_SEATS", 60, 10_000),
        jobs=_choice(env, "JOBS", "thread", ("thread", "none")),
        trusted_proxies=_whole(env, "TRUSTED_PROXIES", 0, 5),
        privacy_contact=env.get("PRIVACY_CONTACT", ""),
        command_line=env.get("FLASK_RUN_FROM_CLI") == "true",
        hsds_schemas=env.get("HSDS_SCHEMAS", ""),
        providers=_providers(env),
        second_factor=_choice(env, "SECOND_FACTOR", "duties", ("duties", "professionals", "everyone")),
        first_posts=_choice(env, "FIRST_POSTS", _first_posts(stage), ("held", "shown")),
        file_megabytes=_whole(env, "FILE_MEGABYTES", 5, 50),
        files_a_day=_whole(env, "FILES_A_DAY", 20, 1_000),
        files_megabytes=_whole(env, "FILES_MEGABYTES", 200, 100_000),
    )
    _refuse_unsafe(settings)
    return settings


def _refuse_unsafe(settings: Settings) -> None:
    """What makes production unsafe stops the start with a sentence."""
    if not settings.production:
        return
    if urlsplit(settings.base_url).scheme != "https":
        raise BadSetting("BASE_URL must start with https:// in production: cookies and links depend on it.")
    if not settings.mail_url:
        raise BadSetting("MAIL_URL is empty: in production, confirmation mail must really be sent.")
    if not settings.privacy_contact:
        raise BadSetting("PRIVACY_CONTACT is empty: the law asks that the person in charge be named.")
