"""Entry of the portal command."""

import sys

from rich.console import Console
from rich.markup import escape

from portal.cli import app
from portal_content.errors import ContentError


def main() -> None:
    """Run the command line; a mistake in the content is said, not thrown at the editor."""
    try:
        app()
    except ContentError as error:
        Console(stderr=True).print(f"[red]{escape(str(error))}[/]", soft_wrap=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
