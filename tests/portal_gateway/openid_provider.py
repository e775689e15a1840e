"""A STAND-IN for an OpenID provider, for tests only: it lets everybody in who it is told to.

It does what the specification asks of a provider in the code flow, so that a mistake of ours is
refused as a real one would: codes work once, the verifier of PKCE and the client's secret are
checked, and tokens are signed with a key that it publishes.
"""

import base64
import hashlib
import secrets
import time
import urllib.parse
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import FastAPI, Form, Request
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.responses import JSONResponse, RedirectResponse, Response

CLIENT, SECRET = "register", "a secret of the client"


@dataclass
class Provider:
    """What it says next; a test changes it."""

    url: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    """Claims that replace those that would be right."""
    name: str = "salma"
    now: int = 0
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    signs_with: RSAKey | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def token(self, nonce: str) -> str:
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": "4711",
            "preferred_username": self.name,
            "iat": self.now or int(time.time()),
            "exp": (self.now or int(time.time())) + 300,
            "nonce": nonce,
        }
        key = self.signs_with or self.key
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims | self.claims, key)


def provider_app(provider: Provider) -> FastAPI:
    """Serve a provider."""
    app = FastAPI()

    @app.get("/.well-known/openid-configuration")
    def metadata() -> dict[str, str]:
        return {
            "issuer": provider.url,
            "authorization_endpoint": f"{provider.url}/authorize",
            "token_endpoint": f"{provider.url}/token",
            "jwks_uri": f"{provider.url}/keys",
        }

    @app.get("/authorize")
    def authorize(request: Request) -> Response:
        asked = dict(request.query_params)
        provider.asked.append(asked)
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe()
        provider.codes[code] = asked
        back = urllib.parse.urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 303)

    @app.post("/token")
    def token(
        request: Request,
        code: Annotated[str, Form()],
        code_verifier: Annotated[str, Form()],
        redirect_uri: Annotated[str, Form()],
    ) -> Response:
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        digest = hashlib.sha256(code_verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        asked = provider.codes.pop(code, None)
        right = (
            asked is not None
            and request.headers.get("authorization") == f"Basic {basic}"
            and asked["code_challenge"] == challenge
            and asked["redirect_uri"] == redirect_uri
        )
        if not right or asked is None:
            return JSONResponse({"error": "invalid_grant"}, 400)
        body = {"access_token": "x", "token_type": "Bearer"}
        return JSONResponse(body | {"id_token": provider.token(asked["nonce"])})

    @app.get("/keys")
    def keys() -> dict[str, Any]:
        return {"keys": [provider.key.as_dict(private=False)]}

    return app
