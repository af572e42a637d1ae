"""Bodies of the answers that `run` gives to questions of other verbs: those of the verbs' own documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corridor.analysis.asked import Told

__all__ = ["asked_body"]


def asked_body(told: Told) -> dict[str, Any]:
    """What the verb's own `--json` has under `result`."""
    from corridor.analysis import Bargain, Invest, Rivalry, Stress
    from corridor.app.bargaining import bargain_document
    from corridor.app.investing import invest_document
    from corridor.app.retaliation import retaliate_document
    from corridor.app.rivalry import rivalry_document
    from corridor.app.worst import stress_document

    if isinstance(told, Stress):
        document = stress_document(told, {})
    elif isinstance(told, Bargain):
        document = bargain_document(told, {})
    elif isinstance(told, Invest):
        document = invest_document(told, {})
    elif isinstance(told, Rivalry):
        document = rivalry_document(told, {})
    else:
        document = retaliate_document(told, {})
    body: dict[str, Any] = document["result"]
    return body
