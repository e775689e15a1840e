"""The built site, once for all tests that look at it."""

from pathlib import Path

import pytest

from portal_protocol.notes import SigningKey
from portal_site.build import build_site
from portal_site.settings import SiteSettings

ROOTS = tuple(SigningKey(f"iimp.example/root{n}", bytes([n]) * 32) for n in range(3))


@pytest.fixture(scope="session")
def site_settings(tmp_path_factory: pytest.TempPathFactory) -> SiteSettings:
    return SiteSettings(
        site_directory=tmp_path_factory.mktemp("built") / "site",
        base_url="https://portal.example.org",
        roots=tuple(root.verify_key.text for root in ROOTS),
    )


@pytest.fixture(scope="session")
def built_site(site_settings: SiteSettings) -> Path:
    build_site(site_settings)
    return site_settings.site_directory
