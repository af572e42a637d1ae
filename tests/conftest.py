"""Settings that every test shares."""

import os

# As the command line has it, and before anything loads numpy.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from hypothesis import HealthCheck, settings

# No deadline: a shared machine's hiccup is no fault. In CI the examples are the same every time, so red means changed.
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("default"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


def pytest_collection_modifyitems(items):
    """The file that takes longest comes first: begun last, it would keep one process busy while the others have nothing left."""
    items.sort(key=lambda item: item.path.name != "test_report_pages.py")
