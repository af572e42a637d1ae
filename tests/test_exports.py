"""What `corridor` says is public is what it hands out, and asking for one word loads no other room."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import corridor

words = [name for name in corridor.__all__ if name != "__version__"]


def test_the_three_lists_are_one():
    assert sorted(words) == sorted(corridor._HOMES)
    assert len(set(words)) == len(words)
    assert typed_imports() == set(corridor._HOMES.items())


@pytest.mark.parametrize("name", words)
def test_word_resolves_through_a_door(name):
    door = import_module(corridor._HOMES[name])
    assert getattr(corridor, name) is getattr(door, name)
    assert name in door.__all__, f"{door.__name__} hands out {name} without listing it"


def test_every_module_lists_only_what_it_has():
    root = Path(corridor.__file__).parent
    for door in sorted(root.glob("*/__init__.py")):
        module = import_module(f"corridor.{door.parent.name}")
        missing = [name for name in module.__all__ if not hasattr(module, name)]
        assert not missing, f"{module.__name__} lists {missing}"


def test_unknown_word_is_an_attribute_error():
    with pytest.raises(AttributeError, match="closhure"):
        corridor.closhure  # noqa: B018


def test_import_is_light():
    heavy = ["clarabel", "duckdb", "highspy", "numpy", "pandas", "pint", "piqp", "pycountry", "scipy", "typer"]
    code = f"import sys, corridor; print(*[name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def typed_imports():
    """Pairs (word, door) that type checkers see."""
    tree = ast.parse(Path(corridor.__file__).read_text(encoding="utf-8"))
    blocks = [node for node in tree.body if isinstance(node, ast.If)]
    imports = [node for block in blocks for node in block.body if isinstance(node, ast.ImportFrom)]
    return {(alias.name, node.module) for node in imports for alias in node.names}
