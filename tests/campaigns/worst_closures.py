"""188 random networks beyond the suite's 12, and the whole case: the worst closures are those of brute force."""

import kazakhstan
import pytest
from brute import agrees_on_random_network, all_sets, brute, exports

from corridor.analysis import stress


@pytest.mark.parametrize("seed", range(12, 200))
def test_as_brute_force_on_random_networks(seed):
    agrees_on_random_network(seed)


def test_as_brute_force_on_the_case():
    """Every set of one and of two corridors, not a sample."""
    told = stress(kazakhstan.case(), good="crude", for_="KAZ", k=2)
    ranked = {frozenset(c): s.loss for s in told.sets for c in (s.closures, *s.same)}
    gave_way = {frozenset(c) for s in told.sets if s.broken for c in (s.closures, *s.same)}
    sections = {name for s in told.sets for names in s.alternatives for name in names}
    names = [name for name in told.candidates if name not in sections]
    # What breaks an agreement breaks it in company too, and solved from the start that has no answer.
    chosen = [s for s in all_sets(names, 2) if not any(broken <= set(s) for broken in gave_way)]
    truth = brute(kazakhstan.calibrated(), chosen, exports)
    assert told.proven
    assert len(truth) == len(chosen)
    for closures, lost in truth.items():
        # A set that is not listed loses no more than one of its parts.
        parts = [0.0, *(ranked.get(frozenset({name}), 0.0) for name in closures)]
        expected = [ranked[frozenset(closures)]] if frozenset(closures) in ranked else parts
        assert min(abs(lost - loss) for loss in expected) <= 2e-5 * told.base, closures
    assert told.sets[0].loss == pytest.approx(max(truth.values()), abs=2e-5 * told.base)
