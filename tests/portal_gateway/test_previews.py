"""Nothing of a photo but its pixels reaches a browser."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from portal_gateway.register import previews
from portal_gateway.register.previews import NoPreview, preview
from tests.photos import hidden_data, photo_with_hidden_data

PROGRAM = Path(previews.__file__).with_name("preview_process.py")


def photo(kind: str, *, size: tuple[int, int] = (300, 200), mode: str = "RGB") -> bytes:
    file = io.BytesIO()
    Image.new(mode, size).save(file, kind)
    return file.getvalue()


def test_place_device_and_comments_are_gone_and_the_picture_is_there() -> None:
    sent = photo_with_hidden_data(marker="CANARY")

    shown = preview(sent)

    assert b"CANARY" in sent
    assert b"CANARY" not in shown
    assert hidden_data(shown) == {"exif": {}, "place": {}}
    assert Image.open(io.BytesIO(shown)).size == (1600, 1194)


def test_a_photo_that_lies_on_its_side_is_put_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    file = io.BytesIO()
    Image.new("RGB", (300, 200)).save(file, "JPEG", exif=exif)

    assert Image.open(io.BytesIO(preview(file.getvalue()))).size == (200, 300)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(photo("PNG", mode="RGBA"), id="png with transparency"),
        pytest.param(photo("PNG", mode="P"), id="png with a palette"),
        pytest.param(photo("WEBP"), id="webp"),
        pytest.param(photo("MPO"), id="several in one, as phones write"),
        pytest.param(photo("JPEG", mode="CMYK"), id="jpeg for print"),
        pytest.param(photo("JPEG", size=(12000, 9000)), id="108 megapixels"),
    ],
)
def test_what_phones_make_can_be_shown(data: bytes) -> None:
    assert Image.open(io.BytesIO(preview(data))).format == "JPEG"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", id="svg"),
        pytest.param(b"%PDF-1.7\n%EOF", id="pdf"),
        pytest.param(photo("GIF"), id="a format that is not on the list"),
        pytest.param(b"\xff\xd8\xff\xe0 and so on", id="only looks like a jpeg"),
        pytest.param(photo("JPEG")[:200], id="cut off"),
        pytest.param(photo("PNG", mode="1", size=(20000, 20000)), id="a picture bomb"),
        pytest.param(b"\xff\xd8\xff" + bytes(31_000_000), id="too large"),
    ],
)
def test_anything_else_is_not_shown(data: bytes) -> None:
    with pytest.raises(NoPreview):
        preview(data)


@pytest.mark.parametrize(
    ("act", "error"),
    [
        ("open('/etc/hostname')", "Too many open files"),
        ("open('written', 'w')", "Too many open files"),
        ("__import__('socket').socket()", "Too many open files"),
        ("os.fork()", "Resource temporarily unavailable"),
        ("bytearray(2 * 1024**3)", "MemoryError"),
    ],
)
def test_the_process_that_decodes_can_do_nothing_else(tmp_path: Path, act: str, error: str) -> None:
    program = (
        "import importlib.util, os, socket\n"
        f"spec = importlib.util.spec_from_file_location('program', {str(PROGRAM)!r})\n"
        "program = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(program)\n"
        "program.give_up_everything_else()\n"
        "try:\n"
        f"    {act}\n"
        "except (OSError, MemoryError) as error:\n"
        "    print(type(error).__name__, error)\n"
    )

    result = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, cwd=tmp_path, check=False
    )

    assert error in result.stdout.decode()
    assert list(tmp_path.iterdir()) == []
