"""The comparison with what was recorded."""

from __future__ import annotations

import time

from batchviz.experiment.limits import SAMPLE_ROWS
from batchviz.experiment.records import Run, Status
from batchviz.exporters.codegen.section import Section, docstring


def section(run: Run) -> Section:
    """The function `compare(model, x, y)`: the final loss beside the recorded one."""
    plan = run.plan
    kind, short = ("val", "validation") if plan.validation_rows else ("train", "training")
    expected = {name: run.final.get(f"{kind}_{name}") for name in ("loss", "metric")}
    date = time.strftime("%Y-%m-%d", time.gmtime(run.finished or run.created))
    rows = "x_val, y_val" if kind == "val" else "x_train, y_train"
    explanation = (
        f"The {short} loss (and {plan.metric_name}) of the trained model, beside what the run recorded "
        f"on {date}. The last digits may differ, because another processor or another version adds up in another "
        "order; long trainings make such differences grow."
    )
    sampled = kind == "train" and plan.samples_training_rows
    if sampled:
        explanation += f" The recorded training loss was taken on {SAMPLE_ROWS:,} random rows; so it is here."
    lines = ["loss, metric = model.evaluate(x, y, batch_size=2048, verbose=0)"]
    if sampled:
        lines.insert(0, f"sample = np.sort(np.random.default_rng(SEED).permutation(len(x))[:{SAMPLE_ROWS}])")
        lines.insert(1, "x, y = x[sample], y[sample]")
    lines.append(f'print(f"final {short} loss: {{loss:.9g}} ({plan.metric_name} {{metric:.6g}})")')
    if expected["loss"] is None:
        why = "not a finite number" if run.status is Status.DIVERGED else "the run was not evaluated"
        constants = f"RECORDED = None  # {why}"
    else:
        metric = "" if expected["metric"] is None else f', "metric": {expected["metric"]!r}'
        constants = f'RECORDED = {{"loss": {expected["loss"]!r}{metric}}}  # {date}'
        lines += [
            "print(f\"recorded:              {RECORDED['loss']:.9g}\")",
            "print(f\"difference:            {abs(loss - RECORDED['loss']):.2g}\")",
        ]
    lines.append('return {"loss": loss, "metric": metric}')
    body = "\n".join(f"    {line}" for line in lines)
    text = f"Print the {short} loss beside the recorded one, and return it."
    code = f"{constants}\n\n\ndef compare(model, x, y):\n{docstring(text)}\n{body}"
    return Section("The result", explanation, code, f"final = compare(model, {rows})")
