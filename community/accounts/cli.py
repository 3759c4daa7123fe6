"""Commands for operators. Results on standard output, progress on standard error."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask, current_app
from sqlalchemy import select

from community.accounts import vault
from community.accounts.models import Credential, Persona
from community.accounts.queries import duties_held
from community.accounts.services import credentials, duties, keyring
from community.accounts.services.duties import DUTIES
from community.accounts.viewer import OPERATOR
from community.core import audit, keyfile
from community.core import sealing as seals
from community.core.beginnings import load_all
from community.core.cli import load_core_data
from community.core.db import db, transaction
from community.core.errors import CommunityError, Conflict
from community.core.store import settings


def init_app(app: Flask) -> None:
    """Register the commands of accounts."""
    for command in (setup, vault_group, credentials_group, duties_group):
        app.cli.add_command(command)


def say(words: str) -> None:
    """Progress, for whoever watches."""
    click.echo(words, err=True)


def stop(problem: CommunityError | str) -> None:
    """End with the reason."""
    sentence = problem.sentence if isinstance(problem, CommunityError) else problem
    sys.exit(str(sentence))


@click.command("setup")
def setup() -> None:
    """Give an empty instance its key file and what every instance starts with. Harmless twice."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    with transaction():
        made = keyfile.first_key(app, settings())
    if made:
        say(f"Made the key file {settings().key_file}. Keep a copy apart from the data: nothing replaces it.")
    load_core_data()
    for what, written in load_all():
        if written:
            say(f"Loaded {what}: {written}.")


@click.group("vault")
def vault_group() -> None:
    """The links between members and the names they write under."""


@vault_group.command("rotate")
@click.option("--finish", is_flag=True, help="Drop the old key, once every link lies under the new one.")
def rotate(finish: bool) -> None:
    """Put the vault under a new key. Killed at any moment, it goes on where it was when called again.

    Sessions, drafts and forms sealed under the old key are read as long as the old key is in the file:
    wait a month and restart the site before --finish.
    """
    path = settings().key_file
    ring = seals.keyring()
    if finish and len(ring.secrets) == 1:
        stop("There is one key only: nothing to finish. Begin with: flask vault rotate")
    if not finish:
        ring = keyring.with_new_key(ring, path)
        current_app.extensions["keyring"] = ring
    moved = keyring.rewrite(lambda done, all_: say(f"{done} of {all_} looked at"))
    with transaction():
        keyring.follow(ring)
        if not finish or moved:
            audit.record("operator", "vault.rotated", halves=moved)
    if finish:
        current_app.extensions["keyring"] = keyring.without_old_keys(ring, path)
        say("The old key is gone from the file. Destroy its copies.")
    click.echo(f"{moved} half-links moved, {vault.count()} in the vault.")


@vault_group.command("start-over")
@click.option("--yes", is_flag=True, help="Yes, every link between members and names is lost.")
def start_over(yes: bool) -> None:
    """The last resort when the key file is lost for good: a new key, an empty vault.

    Accounts live. Every name becomes "former member" unless its owner gives, on the page of names, the
    recovery code shown when it was made.
    """
    path = settings().key_file
    if _key_fits():
        stop("The key file fits this instance: nothing is lost, and nothing was changed.")
    if not yes:
        stop("This cannot be undone. Search for the key file first; then: flask vault start-over --yes")
    _set_aside(path)
    with transaction():
        ring, waiting = keyring.start_over(path)
        current_app.extensions["keyring"] = ring
        audit.record("operator", "vault.started_over", waiting=waiting)
    say(f"Made the key file {path}. Keep a copy apart from the data.")
    click.echo(f"The vault is empty. {waiting} names wait for the recovery codes of their owners.")


def _key_fits() -> bool:
    ring = current_app.extensions["keyring"]
    return isinstance(ring, seals.Keyring) and keyring.fits(ring)


def _set_aside(path: Path) -> None:
    """The wrong key file may be the right one of another instance."""
    if path.exists():
        aside = path.with_name(f"{path.name}.{datetime.now(UTC):%Y%m%dT%H%M%S}.aside")
        os.replace(path, aside)
        say(f"The key file that did not fit is now {aside}.")


@click.group("credentials")
def credentials_group() -> None:
    """Professional titles."""


@credentials_group.command("decide")
@click.option("--persona", required=True, help="Key of the name, as in the address of its page.")
@click.option("--profession", default="", help="Which of its claims, when there are several.")
@click.option("--decision", type=click.Choice(credentials.DECISIONS), required=True)
@click.option("--reason", default="Founding decision of the operator.", help="Read by the person.")
@click.option("--founding", is_flag=True, required=True, help="Decided alone: fewer than two coordinate yet.")
def decide(persona: str, profession: str, decision: str, reason: str, founding: bool) -> None:
    """The founding operator's decision on a claimed title, in the register as "operator"."""
    claims = select(Credential).where(Credential.persona_id == persona)
    if profession:
        claims = claims.where(Credential.profession == profession)
    try:
        with transaction():
            found = list(db.session.scalars(claims))
            if len(found) != 1:
                raise Conflict(f"{len(found)} claims fit: name one by --persona and --profession.")
            row = credentials.decide(OPERATOR, found[0], decision, reason, founding=founding)
            click.echo(f"{row.profession} {row.jurisdiction}: {row.state}")
    except CommunityError as problem:
        stop(problem)


@click.group("duties")
def duties_group() -> None:
    """Coordinators, administrators, moderators."""


_PERSONA = click.option("--persona", required=True, help="Key of the name, as in the address of its page.")
_DUTY = click.option("--duty", type=click.Choice(DUTIES), required=True)
_SCOPE = click.option("--scope", default="", help="For a moderator: the slug of the space.")


@duties_group.command("give")
@_PERSONA
@_DUTY
@_SCOPE
def give(persona: str, duty: str, scope: str) -> None:
    """Entrust a duty to a name."""
    try:
        with transaction():
            duties.give(OPERATOR, persona, duty, scope)
    except CommunityError as problem:
        stop(problem)
    click.echo(f"{duty} {scope}".strip() + " given.")


@duties_group.command("take")
@_PERSONA
@_DUTY
@_SCOPE
def take(persona: str, duty: str, scope: str) -> None:
    """Take a duty back."""
    try:
        with transaction():
            duties.take(OPERATOR, persona, duty, scope)
    except CommunityError as problem:
        stop(problem)
    click.echo(f"{duty} {scope}".strip() + " taken back.")


@duties_group.command("list")
def list_duties() -> None:
    """Who holds which duty."""
    for duty, face in duties_held():
        click.echo(f"{duty.persona_id}  {duty.duty}  {duty.scope}  {face.name}")


@duties_group.command("find")
@click.argument("name")
def find_name(name: str) -> None:
    """The key of a public name, for the other commands."""
    found = select(Persona).where(Persona.name == name, Persona.kind == "public", Persona.state == "active")
    keys = [persona.id for persona in db.session.scalars(found)]
    if not keys:
        stop("No public name is written exactly like this.")
    for key in keys:
        click.echo(key)
