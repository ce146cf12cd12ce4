"""Imports TensorFlow and Keras, and does nothing else: the fork server runs this, workers are forked from it.

The rule that keeps forking safe: nothing here or in what it imports may run a TensorFlow operation, because
that starts threads, and threads do not survive a fork. A test holds this module to it.
"""

import gc
import sys

# keras.wrappers tries scikit-learn, which costs seconds and 60 MB where it is installed; no worker uses those wrappers.
_hidden = "sklearn" not in sys.modules
if _hidden:
    sys.modules["sklearn"] = None  # type: ignore[assignment]
try:
    import batchviz.training  # noqa: F401
finally:
    if _hidden:
        del sys.modules["sklearn"]

from batchviz.store import Store  # noqa: E402, F401

# Objects that live for good are not for the collector to touch: a touched page is copied for every worker.
gc.collect()
gc.freeze()
