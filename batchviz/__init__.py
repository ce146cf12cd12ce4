"""BatchViz: see what batch size does, on real Keras training.

In a notebook:

    import batchviz as bv
    run = bv.train(batch_size=32, epochs=10)
    run.history                                  # pandas, Keras' names

`train` takes the fields of `RunSpec` and returns a `TrainedRun`; `fit` trains any compiled Keras model.
Importing the package loads neither TensorFlow nor Keras: its names are fetched when first used.

The map: who imports whom. What is not drawn is not allowed, and `tests/test_layers.py` names the offender.

    errors                  the text a person reads                              -> nothing
    settings                the only reader of the environment                   -> errors
    datasets                name -> arrays                                       -> nothing
    models optimizers       name -> Keras model, optimiser; Keras in functions   -> datasets
    fields notation         what a field accepts; how a value is written         -> the three tables
    schedule memory plan    the arithmetic of a spec: rows, updates, bytes       -> the three tables
    spec                    RunSpec: form, link, database row, worker's input    -> fields, notation, plan
    link                    a spec as the parameters of a link                   -> spec
    records                 Run, Report, Outcome, Status                         -> spec
    fingerprint             which numerics produced a result                     -> nothing

    training/               the compiled epoch, fit, run_spec: TensorFlow        -> records, plan, the tables
    analysis/ figures/      pure: records -> numbers, sentences, figures         -> records, plan, the tables
    exports/                pure: recorded runs -> files of other programs       -> records, analysis, figures, link
    imports/                pure: files from anywhere -> runs, arrays; checked   -> records, plan, the tables
    view                    how a comparison is drawn                            -> spec, link, notation
    layout frame            what a teacher adds to a link: text, locks, layout   -> spec, link
    store/                  all SQL                                              -> records, fingerprint
    engine/                 dispatcher, workers: runs a spec somewhere           -> store, training, settings
    api/                    JSON of what is new, exports as files                -> store, analysis, figures, exports
    ui/                     the only importer of Streamlit                       -> everything but training
    notebook                train, TrainedRun                                    -> training
    export_command          recorded runs as files, from the command line        -> api, exports, settings
    flags console __main__  the command line                                     -> notebook, link
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from batchviz.errors import BatchVizError, DataError, SpecError
    from batchviz.notebook import TrainedRun, train
    from batchviz.spec import RunSpec
    from batchviz.training.fit import fit
    from batchviz.training.recording import Recording

__version__ = "0.1.0"
__all__ = ["BatchVizError", "DataError", "Recording", "RunSpec", "SpecError", "TrainedRun", "fit", "train"]

_HOMES = {
    "BatchVizError": "batchviz.errors",
    "DataError": "batchviz.errors",
    "Recording": "batchviz.training",
    "RunSpec": "batchviz.spec",
    "SpecError": "batchviz.errors",
    "TrainedRun": "batchviz.notebook",
    "fit": "batchviz.training",
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
