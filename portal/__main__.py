"""Entry of the portal command."""

import sys

from rich.console import Console
from rich.markup import escape

from portal.cli import app
from portal_content.errors import ContentError
from portal_gateway.errors import KeysUnfit


def main() -> None:
    """Run the command line; a mistake in the content or with keys is said, not thrown."""
    try:
        app()
    except (ContentError, KeysUnfit) as error:
        Console(stderr=True).print(f"[red]{escape(str(error))}[/]", soft_wrap=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
