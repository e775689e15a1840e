"""An input that people neither see nor hear; whatever fills it waits for its turn."""

TRAP = "homepage"
"""Named so that a program which fills everything fills it too. Nobody is refused because of it:
some browsers fill everything for their owners."""
