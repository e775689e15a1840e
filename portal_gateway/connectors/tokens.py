"""Access tokens of an OpenID Connect provider, by client credentials, kept while they last.

Source: RFC 6749 section 4.4, with the client's secret in HTTP Basic as section 2.3.1 asks.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote_plus

from portal_gateway.connectors.interface import Halted, NotNow
from portal_gateway.connectors.web import Line, check_answer

MARGIN = timedelta(seconds=30)
"""A token that ends this soon is not used any more."""
SHORTEST, LONGEST = timedelta(seconds=60), timedelta(hours=12)
REFUSED = (400, 401, 403)


@dataclass
class Tokens:
    """Where tokens come from, and the present one.

    Args:
        line: The provider's token endpoint.
        client_id: Who we are there.
        client_secret: What proves it.
        scope: What the token is for; may be empty.
        audience: For providers that ask for it; may be empty.
    """

    line: Line
    client_id: str
    client_secret: str = field(repr=False)
    scope: str = ""
    audience: str = ""
    _token: str = field(default="", repr=False)
    _ends: datetime | None = None

    def token(self, *, now: datetime) -> str:
        """Return a token that holds for at least a moment longer.

        Raises:
            NotNow: If the provider cannot give one now.
            Halted: If the provider does not accept our secret.
        """
        if self._ends is None or now >= self._ends - MARGIN:
            self._token, lasts = self._fetch(now)
            self._ends = now + lasts
        return self._token

    def forget(self) -> None:
        """Forget the present token, because the receiver did not accept it."""
        self._token, self._ends = "", None

    def _fetch(self, now: datetime) -> tuple[str, timedelta]:
        asked = {"grant_type": "client_credentials"}
        asked |= {"scope": self.scope} if self.scope else {}
        asked |= {"audience": self.audience} if self.audience else {}
        who = quote_plus(self.client_id), quote_plus(self.client_secret)
        answer = self.line.request("POST", data=asked, auth=who)
        if answer.status in REFUSED:
            raise Halted("credential_refused", f"token endpoint: {answer.status}")
        check_answer(answer, now=now)
        try:
            found = json.loads(answer.body)
            token, kind = found["access_token"], found["token_type"]
            lasts = timedelta(seconds=float(found.get("expires_in", SHORTEST.total_seconds())))
        except (ValueError, KeyError, TypeError, OverflowError, AttributeError) as error:
            raise NotNow("answer_unclear", "token endpoint") from error
        if not isinstance(token, str) or not token.isascii() or str(kind).lower() != "bearer":
            raise NotNow("answer_unclear", "token endpoint")
        return token, min(max(lasts, SHORTEST), LONGEST)
