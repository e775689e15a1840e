"""The service as it runs for officers hands a family's request on, and forgets it when told to."""

from pathlib import Path

import pytest

from portal_content.library import Library
from portal_gateway.connectors.folder import check_folder
from portal_gateway.connectors.settings import FolderSettings
from portal_gateway.settings import GatewaySettings
from tests.portal_api.factories import Office
from tests.portal_gateway.families import NAME, Family, filled_form, write
from tests.portal_gateway.receivers import KEY
from tests.portal_gateway.test_follow_ups import again
from tests.portal_gateway.test_going_on import service, wait_until
from tests.portal_gateway.zones import Portal

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@ON_SQLITE
def test_a_request_reaches_the_folder_and_is_forgotten_there_when_consent_is_taken_back(
    portal: Portal, settings: GatewaySettings, office: Office, library: Library, tmp_path: Path
) -> None:
    place, key = tmp_path / "stick", tmp_path / "connector.key"
    place.mkdir()
    key.write_text(KEY.text + "\n")
    folder = FolderSettings(
        kind="folder", name="stick", recipient="own", folder=place, signing_key=key
    )
    connected = settings.model_copy(update={"connectors": (folder,)})
    family = Family()
    portal.take(write(office, filled_form(library), family=family))

    with service(connected):
        wait_until(lambda: any(NAME in path.read_text() for path in place.rglob("1.json")))
        portal.take(
            again(office, library, family, answers={"kind": "consent"}, consents={"C1": False})
        )
        wait_until(lambda: any(place.rglob("2.json")) and not any(place.rglob("1.json")))

    assert check_folder(place, KEY.verify_key) == (1, [])
    assert not any(NAME in path.read_text() for path in place.rglob("*") if path.is_file())
