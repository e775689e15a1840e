"""The service as it runs for officers hands a family's request on, and forgets it when told to."""

from pathlib import Path

import pytest

from portal_content.library import Library
from portal_gateway.connectors.folder import check_folder
from portal_gateway.connectors.settings import FolderSettings, PrimeroSettings
from portal_gateway.settings import GatewaySettings
from tests.portal_api.factories import Office
from tests.portal_gateway.families import NAME, Family, filled_form, write
from tests.portal_gateway.primero_stand_in import PASSWORD, USER, standing_in
from tests.portal_gateway.receivers import KEY
from tests.portal_gateway.test_follow_ups import again
from tests.portal_gateway.test_going_on import service, wait_until
from tests.portal_gateway.zones import Portal

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def connected(settings: GatewaySettings, stick: Path, primero: str) -> GatewaySettings:
    """With both kinds of a receiver: one that says nothing, one that gives a number."""
    key, password = stick.parent / "connector.key", stick.parent / "primero.password"
    key.write_text(KEY.text + "\n")
    password.write_text(PASSWORD + "\n")
    receivers = (
        FolderSettings(kind="folder", name="stick", recipient="own", folder=stick, signing_key=key),
        PrimeroSettings(
            kind="primero",
            name="primero",
            recipient="own",
            url=primero,
            user=USER,
            password=password,
        ),
    )
    return settings.model_copy(update={"connectors": receivers})


@ON_SQLITE
def test_a_request_reaches_other_systems_and_is_forgotten_there_when_consent_is_taken_back(
    portal: Portal, settings: GatewaySettings, office: Office, library: Library, tmp_path: Path
) -> None:
    place, family = tmp_path / "stick", Family()
    place.mkdir()
    portal.take(write(office, filled_form(library), family=family))

    with standing_in() as (there, url), service(connected(settings, place, url)):
        wait_until(lambda: any(NAME in path.read_text() for path in place.rglob("1.json")))
        wait_until(lambda: len(portal.replies(family)) > 1)
        (record,) = there.records.values()
        assert record["short_id"] in portal.replies(family)[1].text

        portal.take(
            again(office, library, family, answers={"kind": "consent"}, consents={"C1": False})
        )
        wait_until(lambda: any(place.rglob("2.json")) and not any(place.rglob("1.json")))

    assert check_folder(place, KEY.verify_key) == (1, [])
    assert not any(NAME in path.read_text() for path in place.rglob("*") if path.is_file())
