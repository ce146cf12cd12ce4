"""Train the runs on which the verdict is calibrated, and write where they ended to tests/analysis/replicates.json.

    python -m scripts.replicates

200 seeds of a race's five batch sizes on each data set, all else as the form starts: six minutes on two cores.
`tests/analysis/test_calibration.py` reads the file, and trains some of its runs again.
"""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path

from batchviz.experiment.spec import RunSpec
from batchviz.training.run import run_spec

FILE = Path(__file__).parent.parent / "tests" / "analysis" / "replicates.json"
SEEDS = 200
SIZES = (1, 8, 32, 128, "full")
DATASETS = {"random": "val_loss", "teacher": "val_loss", "digits": "val_metric"}
"""What is compared on each: the article's random data, the noisy teacher, and a share of right answers."""


def ended(spec: RunSpec, metric: str) -> float:
    """Where a run of this spec ends, in six digits."""
    return float(f"{run_spec(spec).final[metric]:.6g}")


def main() -> None:
    """Train and write."""
    recorded = {
        name: {
            str(size): [
                ended(RunSpec(dataset=name, batch_size=size, seed=seed), metric) for seed in range(SEEDS)
            ]
            for size in SIZES
        }
        for name, metric in DATASETS.items()
    }
    lines = json.dumps(recorded, indent=1)
    FILE.write_text(re.sub(r"\n +(?=[\d\]])", " ", lines) + "\n")  # a line a batch size
    logging.info("wrote %s", FILE)


if __name__ == "__main__":
    main()
