"""The staged tree of one language: plain pages with finished values."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portal_site.values import Site


@dataclass
class Staging:
    """Collects the pages of one language."""

    site: Site
    lang: str
    pages: dict[str, str] = field(default_factory=dict)
    """Finished text of each page by its path below the language, without an ending."""
    listed: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """Values of the pages that others may list, by the same path."""

    def page(self, path: str, template: str, values: Mapping[str, Any], text: str = "") -> None:
        """Add a page.

        Args:
            path: Below the language, e.g. "about" or "briefings/women".
            template: File in theme/templates.
            values: What `portal_site.values.frame` returned.
            text: Markdown.
        """
        head = {"template": template, "title": values["title"], "this": values}
        if values["noindex"]:
            self.listed.pop(path, None)
        else:
            self.listed[path] = values
        # JSON is YAML too, and the quickest to write and to read.
        self.pages[path] = f"---\n{json.dumps(head, ensure_ascii=False)}\n---\n\n{text}"

    def digests(self) -> dict[str, str]:
        """Return a hash of each page by its path."""
        return {
            path: hashlib.sha256(text.encode()).hexdigest() for path, text in self.pages.items()
        }
