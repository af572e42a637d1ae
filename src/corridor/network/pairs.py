"""Which streams there are, and what each link, supply and demand has to do with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from corridor.network.streams import Distinction, Stream, split
from corridor.network.tables import indices

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from corridor.case.model import Case
    from corridor.network.model import Bools, Links
    from corridor.program import Ints

__all__ = ["flow_pairs", "observed_origins", "places_of", "side_pairs", "spread", "streams_of"]


def streams_of(case: Case, distinctions: Iterable[Distinction]) -> tuple[Stream, ...]:
    """Every stream of every good, good by good."""
    countries = {side: _countries(case, side) for side in ("supply", "demand")}
    told = tuple(distinctions)
    return tuple(
        stream
        for good in case.column("goods", "id")
        for stream in split(good, countries["supply"][good], countries["demand"][good], told)
    )


def _countries(case: Case, side: str) -> dict[str, set[str]]:
    """Countries that produce (or consume) each good, processes included."""
    where = dict(zip(case.column("nodes", "id"), case.column("nodes", "country"), strict=True))
    found: dict[str, set[str]] = {good: set() for good in case.column("goods", "id")}
    for node, good in set(places_of(case, side)):
        found[good].add(where[node])
    return found


def places_of(case: Case, side: str) -> list[tuple[str, str]]:
    """(node, good) of every supply and process output, or of every demand and process input."""
    at = dict(zip(case.column("processes", "id"), case.column("processes", "node"), strict=True))
    sign = 1.0 if side == "supply" else -1.0
    return [
        *zip(case.column(side, "node"), case.column(side, "good"), strict=True),
        *(
            (at[process], good)
            for process, good, amount in zip(
                *(case.column("process_goods", name) for name in ("process", "good", "amount")), strict=True
            )
            if sign * amount > 0
        ),
    ]


def observed_origins(case: Case) -> list[Distinction]:
    """Origins whose routes were observed apart: their route shares are kept apart too."""
    told = zip(case.column("preferences", "good"), case.column("preferences", "origin"), strict=True)
    return [Distinction(good, frozenset({origin})) for good, origin in told if origin]


def flow_pairs(
    case: Case, goods: Sequence[str], nodes: Sequence[str], streams: Sequence[Stream], stream_good: Ints, links: Links
) -> tuple[Ints, Ints]:
    """Links and streams that can meet: the link carries the good, and the stream's supply can get to the link.

    Two arrays of one length, ordered by link, then by stream.
    """
    # Thousands of links carry a handful of lists of goods: each list is looked up once.
    lists: dict[tuple[str, ...], int] = {}
    listed = [lists.setdefault(names, len(lists)) for names in case.column("links", "goods")]
    carries = np.zeros((len(lists), len(streams)), dtype=bool)
    for number, names in enumerate(lists):
        carries[number] = np.isin(stream_good, indices(names, goods))
    carried = carries[np.array(listed, dtype=np.int64)]
    places = places_of(case, "supply")
    where, good = indices([node for node, _ in places], nodes), indices([name for _, name in places], goods)
    country = tuple(case.column("nodes", "country"))
    # Streams that the same links carry search the same graph.
    graphs: dict[bytes, csr_matrix] = {}
    for k, told in enumerate(streams):
        sources = where[(good == stream_good[k]) & _inside(country, told.origins)[where]]
        mine = carried[:, k]
        which = mine.tobytes()
        if which not in graphs:
            graphs[which] = _graph(len(nodes), links.start[mine], links.end[mine])
        mine &= _reached(graphs[which], sources)[links.start]
    link, stream = np.nonzero(carried)
    return link, stream


def spread(n_nodes: int, start: Ints, end: Ints, sources: Ints) -> Bools:
    """Nodes that can be reached from any of the sources, shape (N,)."""
    return _reached(_graph(n_nodes, start, end), sources)


def _graph(n_nodes: int, start: Ints, end: Ints) -> csr_matrix:
    """The links as a graph of the nodes, shape (N, N)."""
    from scipy.sparse import coo_matrix

    return coo_matrix((np.ones(len(start)), (start, end)), shape=(n_nodes, n_nodes)).tocsr()


def _reached(graph: csr_matrix, sources: Ints) -> Bools:
    """Nodes of a graph that can be reached from any of the sources, shape (N,)."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import breadth_first_order

    n_nodes = graph.shape[0]
    # One node more, from which every source is a step away, so that one search serves them all.
    first = np.unique(sources)
    more = csr_matrix(
        (
            np.concatenate([graph.data, np.ones(len(first))]),
            np.concatenate([graph.indices, first.astype(graph.indices.dtype)]),
            np.append(graph.indptr, graph.indptr[-1] + len(first)),
        ),
        shape=(n_nodes + 1, n_nodes + 1),
    )
    seen = np.zeros(n_nodes + 1, dtype=bool)
    seen[breadth_first_order(more, n_nodes, return_predecessors=False)] = True
    return seen[:-1]


def side_pairs(
    country: Sequence[str],
    node: Ints,
    good: Ints,
    streams: Sequence[Stream],
    stream_good: Ints,
    side: Literal["origins", "destinations"],
) -> tuple[Ints, Ints]:
    """Supplies (or demands) and the streams they can feed (or be served from), ordered by item, then by stream."""
    member = np.zeros((len(node), len(streams)), dtype=bool)
    for k, stream in enumerate(streams):
        member[:, k] = (good == stream_good[k]) & _inside(country, getattr(stream, side))[node]
    item, stream_of = np.nonzero(member)
    return item, stream_of


def _inside(country: Sequence[str], countries: frozenset[str]) -> Bools:
    """Nodes that lie in any of the countries, shape (N,)."""
    return np.fromiter(map(countries.__contains__, country), dtype=bool, count=len(country))
