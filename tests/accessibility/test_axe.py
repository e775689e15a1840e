"""axe-core finds nothing on any page in any language, small, large, light, dark; all fit 400 %."""

from pathlib import Path

import pytest

from tests.accessibility.axe import judge_all
from tests.accessibility.site_pages import addresses
from tests.loops import run_apart
from tests.portal_api.running import Running


@pytest.mark.alone
@pytest.mark.timeout(1_200)
def test_axe_finds_nothing_on_any_page(served_site: Running, built_site: Path) -> None:
    pages = addresses(built_site)
    assert len(pages) > 500

    assert run_apart(judge_all, served_site.url, pages) == []
