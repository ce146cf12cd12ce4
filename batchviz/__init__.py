"""BatchViz: see what batch size does, on real Keras training.

In a notebook:

    import batchviz as bv
    run = bv.train(batch_size=32, epochs=10)
    run.history                                  # pandas, Keras' names

`train` takes the fields of `RunSpec` and returns a `TrainedRun`; `sweep` trains many and says which batch size; `fit`
trains any compiled Keras model.
Importing the package loads neither TensorFlow nor Keras: its names are fetched when first used.

The map: who imports whom. What is not drawn is not allowed, and `tests/test_layers.py` names the offender.

    errors                  the text a person reads when something is wrong -> nothing
    settings                the only reader of the environment              -> errors
    experiment/             what is trained: tables, spec, plan, records    -> errors; inside: tables, constraints,
                            parsing -> schedule -> spec -> plan -> series, records, library
    links/                  values <-> the parameters of a link             -> experiment
    training/               the compiled epoch, fit, run_spec: TensorFlow   -> experiment
    store/                  all SQL                                         -> experiment
    analysis/               records -> findings                             -> experiment
    text/                   findings -> words                               -> analysis, experiment
    claims/                 what is said of batch size, and its verdicts    -> text, analysis, experiment
    importers/              files from anywhere -> runs, arrays; checked    -> text, experiment
    recorded/               the race that ships with the package            -> importers, experiment
    figures/                findings -> Plotly figures                      -> text, analysis, experiment
    frontend/               scripts and styles, and what Python tells them  -> figures, text, analysis
    lessons/                predict, run, see, explain: lessons, scores     -> text, links, analysis, experiment
    engine/                 dispatcher, workers: runs a spec somewhere      -> store, training, claims, settings
    exporters/              recorded runs -> files of other programs        -> text, frontend, claims, lessons
    notebook/               train, sweep, Callback, the claims              -> training, claims, importers, exporters
    web/                    routes, middleware, caches: the ASGI side       -> store, exporters, recorded, lessons
    ui/                     the only importer of Streamlit                  -> everything but training
    cli/                    the command line                                -> notebook, claims, store, exporters, text
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from batchviz.errors import BatchVizError, DataError, SpecError
    from batchviz.experiment.environment import __version__ as __version__
    from batchviz.experiment.spec import RunSpec
    from batchviz.notebook import TrainedRun, train
    from batchviz.notebook.callback import Callback
    from batchviz.notebook.sweep import sweep
    from batchviz.training.fit import fit
    from batchviz.training.recording import Recording

__all__ = [
    "BatchVizError",
    "Callback",
    "DataError",
    "Recording",
    "RunSpec",
    "SpecError",
    "TrainedRun",
    "fit",
    "sweep",
    "train",
]

_HOMES = {
    "BatchVizError": "batchviz.errors",
    "Callback": "batchviz.notebook.callback",
    "DataError": "batchviz.errors",
    "Recording": "batchviz.training",
    "RunSpec": "batchviz.experiment.spec",
    "SpecError": "batchviz.errors",
    "TrainedRun": "batchviz.notebook",
    "__version__": "batchviz.experiment.environment",
    "fit": "batchviz.training",
    "sweep": "batchviz.notebook.sweep",
    "train": "batchviz.notebook",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'batchviz' has no attribute {name!r}; it has {', '.join(__all__)}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
