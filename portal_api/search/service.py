"""The published indexes, read when they are asked for and again when the site was built anew."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from portal_content.search.engine import SearchEngine

INDEX = "find/whole.json"
"""Below the folder of a language."""


@dataclass(frozen=True)
class Searches:
    """Searches of a site, by language."""

    site: Path
    _engines: dict[str, tuple[int, SearchEngine]] = field(default_factory=dict)

    def engine(self, lang: str) -> SearchEngine | None:
        """Return the search of a language, or none if the site has no such language.

        Args:
            lang: Code of a language of the portal, never anything else.
        """
        path = self.site / lang / INDEX
        if not path.is_file():
            return None
        changed = path.stat().st_mtime_ns
        known = self._engines.get(lang)
        if known is None or known[0] != changed:
            whole = json.loads(path.read_text(encoding="utf-8"))
            known = (changed, SearchEngine(lang, whole["pieces"], whole["entries"]))
            self._engines[lang] = known
        return known[1]
