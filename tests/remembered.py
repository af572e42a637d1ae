"""Questions that several tests ask of one case, answered once in a session.

A verb has no state: asked the same of the same case it answers the same. So the answer may be shared, as a fixture would
be, between tests of the library, commands run in this process and pages of documentation.
"""

import inspect
from contextlib import contextmanager
from functools import cache, wraps

import pytest

import corridor.analysis
import corridor.app.pages
import corridor.case

VERBS = ("bargain", "replay", "retaliate", "stress")
_answers = {}


@cache
def read(name):
    """A bundled case."""
    return _read_case(name)


_read_case = corridor.case.read_case


def _read_once(source):
    return read(source) if source == "kazakhstan" else _read_case(source)


def once(verb):
    """The verb, answering a question that was asked before with the answer it gave then."""
    form = inspect.signature(verb)

    @wraps(verb)
    def asked(*args, **more):
        told = form.bind(*args, **more)
        told.apply_defaults()
        question = {
            name: tuple(v) if isinstance(v, list) else v for name, v in told.arguments.items() if name != "tell"
        }
        key = (verb.__name__, *question.items())
        if key not in _answers:
            _answers[key] = verb(*args, **more)
        return _answers[key]

    return asked


@contextmanager
def commands():
    """Commands run in this process read the bundled case and answer long questions once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(corridor.case, "read_case", _read_once)
        for verb in VERBS:
            patch.setattr(corridor.analysis, verb, once(getattr(corridor.analysis, verb)))
        patch.setattr(corridor.app.pages, "printed", printed)
        yield


_printed = corridor.app.pages.printed


@cache
def printed(command):
    """What a command prints; several pages show the same."""
    return _printed(command)
