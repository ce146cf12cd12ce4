"""What a history does not say: stated by whoever imports it, suggested by the file's name."""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from batchviz.experiment.limits import MAX_BATCH_SIZE

REGRESSION, CLASSIFICATION = "regression", "classification"
_BATCH_SIZE = re.compile(r"(?:^|[^a-z])(?:bs|batch|batch[ _-]?size)[ _=-]*(\d{1,6})(?!\d)", re.IGNORECASE)
_LETTER_B = re.compile(r"(?:^|[^a-z])(b[ _=-]*(\d{1,6}))(?!\d)", re.IGNORECASE)
"""EfficientNet-B4 and ViT-B16 are models."""
_SEED = re.compile(r"(?:^|[^a-z])(?:s|seed|run|rep)[ _=-]*(\d{1,9})(?!\d)", re.IGNORECASE)


@dataclass(frozen=True)
class Metadata:
    """What is known of one training beside its history."""

    batch_size: int
    task: str = REGRESSION
    """REGRESSION: the loss is MSE; CLASSIFICATION: it is cross-entropy."""
    training_rows: int | None = None
    """None: not known, and so are updates and examples."""
    validation_rows: int | None = None
    seed: int = 0
    experiment: str = ""
    """Runs of one experiment learnt from the same data, so that they can be compared."""


@dataclass(frozen=True)
class Suggested:
    """What a file's name says; None where it says nothing."""

    batch_size: int | None
    seed: int | None
    letter: str = ""
    """`b4`, which may mean batch size 4 and may name a model; empty where the name has none."""
    perhaps: int | None = None
    """The batch size that it would be."""


def suggested(file_name: str) -> Suggested:
    """`batch_32_seed1.csv`, `mnist-bs128-s2.json`: batch size and seed. `b4_seed1.json` may be a batch size of 4."""
    stem = file_name.rsplit(".", 1)[0][-200:]
    size, seed, letter = _BATCH_SIZE.search(stem), _SEED.search(stem), _LETTER_B.search(stem)
    stated = int(size[1]) if size and 1 <= int(size[1]) <= MAX_BATCH_SIZE else None
    perhaps = int(letter[2]) if letter and stated is None and 1 <= int(letter[2]) <= MAX_BATCH_SIZE else None
    return Suggested(
        stated,
        int(seed[1]) if seed and int(seed[1]) < 2**31 else None,
        letter[1] if letter and perhaps is not None else "",
        perhaps,
    )


def identity(experiment: str) -> str:
    """The id of the data that an experiment's runs learnt from: the same for the same name, spaces and case aside."""
    name = " ".join(experiment.casefold().split())
    return urlsafe_b64encode(hashlib.sha256(f"BatchViz experiment {name}".encode()).digest())[:12].decode()
