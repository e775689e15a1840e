"""Why a submission or a reply cannot go on.

* GatewayError
  * TryLater           the line or the portal is in trouble; the same step is tried again
  * SetAside           this submission cannot go on without a person
    * NotWhole         what the portal handed over is not what was sent; the portal keeps its copy
  * KeysUnfit          the service must not start with these keys
"""


class GatewayError(Exception):
    """Root of what the gateway raises on purpose."""


class TryLater(GatewayError):
    """Nothing is wrong with the item; the attempt is repeated after a pause.

    The message is a code below `register.trouble` in translations.
    """


class SetAside(GatewayError):
    """A submission that a person has to look at; the others go on.

    Args:
        reason: Key below `register.reasons` in translations.
        detail: More for a technician: names of questions and codes, never what was typed.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


class NotWhole(SetAside):
    """The delivery is not what was sent. It is not acknowledged, so the portal keeps its copy."""


class KeysUnfit(GatewayError):
    """A key file is missing, damaged, or does not fit the key list that families use."""
