"""Training with TensorFlow: imported in workers, notebooks and the command line, never in the web process.

fit (the public face, which takes what Keras' `fit` takes), run (from a spec to an outcome), reports (its columns),
replicas (runs trained together) on stacked (their loop), trainer (a run under way), callbacks (Keras', around its
epochs), recorder (what it measured) and recording, loop (the compiled epoch), sampler (an epoch as tables),
accumulation (which micro-batches make an update), optimizer_step, losses and batch_metrics (of a batch), evaluation (of
all rows) and validation (when), xla (a function traced and compiled), data, weights (of examples), row_wise (whether
rows answer for themselves), array_kinds, streams and refusals (what cannot be trained on, in words), budget,
calibration (the clock of a network, read off a stopwatch).
gradients (of each row by itself). Private names of others: keras_private, tensorflow_private.
"""

import os
import sys

from batchviz.errors import BatchVizError

if "keras" in sys.modules and sys.modules["keras"].config.backend() != "tensorflow":
    raise BatchVizError(
        f"Keras is already loaded with the {sys.modules['keras'].config.backend()} backend; BatchViz trains with "
        "TensorFlow. Import batchviz first, or set KERAS_BACKEND=tensorflow and start Python again."
    )
# Keras and TensorFlow read these when they are loaded. Set at import, because this package is what loads them, for
# workers, notebooks and the command line alike: earlier nobody knows that they will be needed, later is too late.
# The backend is set whatever the environment or ~/.keras says: the loop is TensorFlow's.
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# XLA's fusion emitters double its compile time and save nothing on networks of this size, nor does cutting
# the code into parts for threads that a worker does not have. Measured for the article's network at batch
# size 1: 450 milliseconds by default, 270 without emitters, 210 in one part; the training itself takes 24
# either way.
os.environ.setdefault(
    "XLA_FLAGS", "--xla_cpu_use_fusion_emitters=false --xla_cpu_parallel_codegen_split_count=1"
)

from batchviz.training.calibration import calibrate
from batchviz.training.fit import fit
from batchviz.training.recording import Recording
from batchviz.training.run import record, run_spec
from batchviz.training.xla import use_threads

__all__ = ["Recording", "calibrate", "fit", "record", "run_spec", "use_threads"]
