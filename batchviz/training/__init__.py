"""Training with TensorFlow: imported in workers, notebooks and the command line, never in the web process.

sampler (the order), loop (the compiled epoch), updates (one optimiser step), measures (loss and metrics of a batch),
fit (the public face), run (from a spec to an outcome).
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# The fusion emitters double XLA's compile time and save nothing on networks of this size (measured: 310 against
# 160 ms for the article's network at batch size 1).
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_use_fusion_emitters=false")

from batchviz.training.fit import fit  # noqa: E402
from batchviz.training.recording import Recording  # noqa: E402
from batchviz.training.run import record, run_spec  # noqa: E402

__all__ = ["Recording", "fit", "record", "run_spec"]
