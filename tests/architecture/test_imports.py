"""Zones never see each other: the public service cannot open what the gateway opens."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


def test_every_contract_between_the_packages_is_kept() -> None:
    result = lint_imports(ROOT)

    assert result.returncode == 0, result.stdout


def test_an_import_from_one_zone_into_another_breaks_the_contract(tmp_path: Path) -> None:
    """The check above could not be trusted if it never failed."""
    for package in ("portal", *sorted(path.name for path in ROOT.glob("portal_*"))):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text("")
    (tmp_path / "portal_api" / "__init__.py").write_text("import portal_gateway\n")
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())

    result = lint_imports(tmp_path)

    assert result.returncode != 0
    assert "portal_api -> portal_gateway" in result.stdout
