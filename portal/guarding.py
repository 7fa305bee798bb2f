"""Who may open a page: one's own account after signing in, the administration only for administrators."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from archive.catalogue.people import Account
from portal.errors import missing
from portal.resuming import what_was_typed
from portal.signing import ask_again, signed_in_account

Arguments = ParamSpec("Arguments")
View = Callable[Arguments, ResponseReturnValue]


def own_account() -> Account:
    """The account of this request, on a page that :func:`for_signed_in` guards."""
    account = signed_in_account()
    if account is None:
        raise missing()
    return account


def for_signed_in(view: View[Arguments]) -> View[Arguments]:
    """A page of one's own account: who has not signed in is asked to, and comes back; what was typed goes along."""

    @wraps(view)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> ResponseReturnValue:
        if signed_in_account() is None:
            if request.method == "POST" and what_was_typed():
                return ask_again()
            back = request.path if request.method == "GET" else url_for("account.show")
            return redirect(url_for("signing.sign_in", next=back), 303)
        return view(*args, **kwargs)

    return guarded


def for_administrators(view: View[Arguments]) -> View[Arguments]:
    """A page of the administration: for everybody else it is not there."""

    @wraps(view)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> ResponseReturnValue:
        account = signed_in_account()
        if account is None or account.role != "administrator":
            raise missing()
        return view(*args, **kwargs)

    return guarded
