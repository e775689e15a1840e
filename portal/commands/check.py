"""What is not ready for real use."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from rich.console import Console

from portal.settings import DataFolders, PortalSettings, held_identities
from portal_protocol.age_passphrase import is_sealed

TEST_SITEKEY = "10000000-ffff-ffff-ffff-000000000001"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def production_problems(settings: PortalSettings) -> Iterator[str]:
    """Name each thing that must change before families may use this."""
    folders = DataFolders(settings.data)
    if settings.environment != "production":
        yield "environment is not set to production: the site carries the demonstration banner."
    address = urlsplit(settings.public_url)
    if address.scheme != "https" or address.hostname in LOOPBACK:
        yield f"base_url is {settings.public_url}: it must be the https address of the site."
    if folders.offline.exists():
        yield f"{folders.offline} holds root keys: they belong on offline machines of three people."
    if any(root.startswith("demo/") for root in folders.read_roots()):
        yield "The root keys are those of the demonstration: hold a key ceremony."
    secrets = (*held_identities(settings), folders.replies_key)
    for path in secrets:
        if path.exists() and not is_sealed(path.read_bytes()):
            yield f"{path} is not protected by a passphrase: production refuses it."
    if settings.api.abuse.hcaptcha_sitekey == TEST_SITEKEY:
        yield "hcaptcha_sitekey is hCaptcha's own key for tests: it lets everybody in."
    if not settings.api.abuse.address_header:
        yield "api.abuse.address_header is empty: behind a web server no address is limited."
    if not settings.api_url:
        yield "api_url is empty: form pages and service share a host; a second host is safer."


def print_production_problems(settings: PortalSettings, console: Console) -> int:
    """Print what is not ready and return how many things that are."""
    problems = list(production_problems(settings))
    for problem in problems:
        console.print(f"- {problem}", soft_wrap=True, markup=False)
    console.print(f"{len(problems)} things are not ready for real use.")
    return len(problems)
