"""The second step of signing in, and signing in by a passkey alone."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_security.utils import login_user
from werkzeug.wrappers import Response as AnyResponse

from community.accounts.members import User
from community.accounts.services import passkeys, rescue
from community.accounts.session import typed_now
from community.accounts.signin import letters
from community.accounts.signin import second_step as step
from community.accounts.signin.destination import is_ours
from community.accounts.signin.doors import slowed
from community.accounts.signin.security_forms import PasskeyAnswerForm, SecondStepForm
from community.accounts.views.blueprint import bp
from community.core.db import transaction
from community.core.errors import Invalid


@bp.route("/sign-in/second-step", methods=["GET", "POST"])
@slowed("second_step")
def second_step() -> Any:
    """Ask for a code once the password was right; nobody is signed in before."""
    if g.member is not None:
        return redirect(url_for("core.home"))
    known = step.waiting()
    if known is None:
        return redirect(url_for("security.login"))
    form = SecondStepForm()
    if form.is_submitted() and form.validate():
        member, half = known
        if _opened(member, half, form.code.data or ""):
            return redirect(half.next or url_for("core.home"))
        form.code.errors = [_("This code does not open the account, or was used before. Try the next one.")]
    page = render_template("accounts/second_step.html", form=form, passkey=_passkey_form(known[1].next))
    return page, 422 if form.errors else 200


def _opened(member: User, half: step.Half, code: str) -> bool:
    g.shared_device = half.shared
    with transaction():
        used = step.takes(member.id, code)
        if used == "rescue":
            letters.tell(member, "code used")
        if used:
            login_user(member, authn_via=[half.way, "second step"])
    if used == "rescue":
        _say_what_is_left(rescue.left(member.id))
    return bool(used)


def _say_what_is_left(left: int) -> None:
    said = _("Cross that code out: it opens nothing any more. You have %(n)s left.", n=left)
    flash(said, "gold")


def _passkey_form(next_page: str = "") -> PasskeyAnswerForm:
    form = PasskeyAnswerForm(formdata=None)
    form.next.data = next_page
    return form


@bp.get("/sign-in/passkey")
def passkey_challenge() -> Response:
    """What a passkey is asked to sign. The same for everybody: it does not say who has one."""
    answer = current_app.response_class(passkeys.to_use(), mimetype="application/json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/sign-in/passkey")
@slowed("passkey")
def use_passkey() -> Any:
    """Sign in by a passkey, or prove once more that it is oneself who is here."""
    form = PasskeyAnswerForm()
    try:
        return _led_on(form, _by_passkey(form.answer.data or ""))
    except Invalid as fault:
        return render_template("accounts/passkey_refused.html", sentence=str(fault.sentence)), 422


def _by_passkey(answer: str) -> str:
    """Where one goes on after this passkey: the page it opened first."""
    with transaction():
        member = passkeys.whose(answer)
        if g.member is None:
            login_user(member, authn_via=["passkey"])
            return url_for("core.home")
        if member.id != g.member.id:
            raise Invalid("passkey", _("This passkey belongs to another account."))
    typed_now()
    return url_for("accounts.names")


def _led_on(form: PasskeyAnswerForm, otherwise: str) -> AnyResponse:
    asked = form.next.data or ""
    return redirect(asked if is_ours(asked) else otherwise)
