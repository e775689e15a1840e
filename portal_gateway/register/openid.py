"""OpenID Connect: officers sign in where their Institution already knows them.

Code flow with PKCE. Who may sign in and what they may do stays here: the provider only says who
somebody is, and an account of that name has to exist.

Source: OpenID Connect Core 1.0 (3.1), RFC 7636 (PKCE).
"""

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from portal_gateway.settings import OpenIdSettings

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures that a provider may use; never "none", never a shared secret."""
ENDPOINTS = frozenset({"authorization_endpoint", "token_endpoint", "jwks_uri"})
SECONDS = 10
LEEWAY = 60
"""Seconds that the provider's clock may be off."""
BACK = "/sign-in/openid/back"


class OpenIdRefused(Exception):
    """The provider did not say, or not in a way that can be relied on, who somebody is."""


@dataclass(frozen=True)
class Begun:
    """What this browser has to bring back; nobody else can finish its sign-in."""

    state: str
    nonce: str
    verifier: str

    def to_cookie(self) -> str:
        """Return it as the value of a cookie."""
        return base64.urlsafe_b64encode(json.dumps(vars(self)).encode()).decode()

    @classmethod
    def from_cookie(cls, value: str) -> "Begun":
        """Read it back.

        Raises:
            OpenIdRefused: If it is no such value.
        """
        try:
            parts = json.loads(base64.urlsafe_b64decode(value))
            return cls(*(str(parts[name]) for name in ("state", "nonce", "verifier")))
        except (ValueError, KeyError, TypeError) as error:
            raise OpenIdRefused from error


class OpenId:
    """Signing in at one provider.

    Args:
        settings: Which one, and how we are known there.
    """

    def __init__(self, settings: OpenIdSettings) -> None:
        self._settings = settings

    def begin(self) -> tuple[str, Begun]:
        """Return the address at the provider, and what the browser has to bring back.

        Raises:
            OpenIdRefused: If the provider cannot be reached.
        """
        begun = Begun(*(secrets.token_urlsafe(48) for _ in range(3)))
        asked = {"nonce": begun.nonce}
        if self._settings.acr:
            asked["acr_values"] = self._settings.acr
        endpoint = self._metadata()["authorization_endpoint"]
        with self._client() as client:
            address, _ = client.create_authorization_url(
                endpoint, state=begun.state, code_verifier=begun.verifier, **asked
            )
        return str(address), begun

    def finish(self, begun: Begun, answer: str, *, now: datetime) -> str:
        """Return the name of whoever the provider let in.

        Args:
            begun: What the browser brought back.
            answer: Address that the provider sent it to, with code and state.
            now: Time, for the token's validity.

        Raises:
            OpenIdRefused: If state, code, signature, issuer, audience, nonce or time is not right.
        """
        metadata = self._metadata()
        try:
            with self._client() as client:
                token = client.fetch_token(
                    metadata["token_endpoint"],
                    authorization_response=answer,
                    state=begun.state,
                    code_verifier=begun.verifier,
                )
            keys = KeySet.import_key_set(_read_json(metadata["jwks_uri"]))  # type: ignore[arg-type]  # checked by the library
            decoded = jwt.decode(token["id_token"], keys, algorithms=list(ALGORITHMS))
            self._check(decoded.claims, begun.nonce, now)
        except (AuthlibBaseError, JoseError, httpx.HTTPError, KeyError, ValueError) as error:
            raise OpenIdRefused from error
        return str(decoded.claims[self._settings.claim])

    def _check(self, claims: Mapping[str, Any], nonce: str, now: datetime) -> None:
        settings = self._settings
        wanted: dict[str, Any] = {
            "iss": {"essential": True, "value": settings.issuer},
            "aud": {"essential": True, "value": settings.client_id},
            "exp": {"essential": True},
            "iat": {"essential": True},
            "nonce": {"essential": True, "value": nonce},
            settings.claim: {"essential": True},
        }
        if settings.acr:
            wanted["acr"] = {"essential": True, "value": settings.acr}
        moment = int(now.timestamp())
        registry = jwt.JWTClaimsRegistry(now=moment, leeway=LEEWAY, **wanted)
        registry.validate(dict(claims))

    def _metadata(self) -> dict[str, Any]:
        """Return what the provider publishes about itself.

        Raises:
            OpenIdRefused: If it cannot be read, or is another provider's.
        """
        issuer = self._settings.issuer
        try:
            metadata = _read_json(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        except (httpx.HTTPError, ValueError) as error:
            raise OpenIdRefused from error
        if metadata.get("issuer") != issuer or not metadata.keys() >= ENDPOINTS:
            raise OpenIdRefused
        return metadata

    def _client(self) -> Any:
        settings = self._settings
        return OAuth2Client(
            settings.client_id,
            settings.client_secret.read_text(encoding="utf-8").strip(),
            scope="openid profile",
            redirect_uri=settings.register_url.rstrip("/") + BACK,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic",  # noqa: S106 (a method's name)
            timeout=SECONDS,
        )


def _read_json(address: str) -> dict[str, Any]:
    document: Any = httpx.get(address, timeout=SECONDS).raise_for_status().json()
    if isinstance(document, dict):
        return document
    raise OpenIdRefused
