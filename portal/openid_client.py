"""The OpenID client (Authlib) of this application: the only module that loads it."""

from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, current_app
from joserfc.errors import JoseError
from requests.exceptions import RequestException

from archive.settings import Settings

PATIENCE = 10  # seconds for an answer of the provider
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})


class UnfitProvider(Exception):
    """The provider's description is not the one of the issuer that the settings name, or signs in no way we take."""


#: What is raised while the provider does not answer, and what where its answer is refused.
UNREACHABLE = (RequestException,)
REFUSED = (AuthlibBaseError, JoseError, UnfitProvider, ValueError, KeyError)


def register(app: Flask, settings: Settings) -> None:
    """Makes the client of the provider that the settings name."""
    OAuth(app).register(
        "openid",
        server_metadata_url=f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256", "default_timeout": PATIENCE},
    )


def client(issuer: str) -> Any:
    """The client for the issuer; its provider must be that issuer, and sign in a way that we take.

    Raises one of UNREACHABLE or REFUSED.
    """
    found = current_app.extensions["authlib.integrations.flask_client"].openid
    told = found.load_server_metadata()
    if told.get("issuer") != issuer:
        raise UnfitProvider("issuer")
    kinds = [one for one in told.get("id_token_signing_alg_values_supported", ["RS256"]) if one in ALGORITHMS]
    if not kinds:
        raise UnfitProvider("id_token_signing_alg_values_supported")
    found.server_metadata["id_token_signing_alg_values_supported"] = kinds
    return found
