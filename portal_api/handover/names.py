"""What the gateway may write into an address."""

from typing import Annotated

from pydantic import Field

Name = Annotated[str, Field(max_length=64, pattern=r"^[^\x00]*$")]
"""An id of a submission or a briefing, known or not. PostgreSQL fails at a text with a NUL in it,
so none comes that far."""
