"""Runs that were trained elsewhere, taken in whole."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import insert, update

from batchviz.experiment.records import Progress, Run, Series, Source, Status
from batchviz.experiment.spec import RunSpec
from batchviz.store import codec
from batchviz.store.database import Database
from batchviz.store.inserts import insert_run, put_on_shelf
from batchviz.store.rows import select_runs, to_run
from batchviz.store.tables import attempt, run, series_chunk

MAX_TITLE_LENGTH = 200


class Imported(Database):
    """The database as the home of runs from elsewhere."""

    def add_recorded(
        self,
        owner: str,
        spec: RunSpec,
        *,
        source: Source,
        title: str,
        status: Status,
        reason: str,
        final: Mapping[str, float],
        progress: Progress,
        epochs: Series,
        updates: Series,
        name: str = "",
    ) -> Run:
        """Take in a whole run that was trained elsewhere, onto its importer's shelf."""
        values = {
            "status": status,
            "reason": reason,
            "source": source,
            "title": title[:MAX_TITLE_LENGTH],
            "final": json.dumps(dict(final)),
            "finished": time.time(),
            "val_loss": final.get("val_loss"),
            "seconds": final.get("seconds"),
        }
        chunks: list[dict[str, Any]] = [
            {
                "attempt": 1,
                "kind": kind,
                "first": start,
                "rows": codec.length(part),
                "codec": codec.CODEC,
                "data": codec.encode(part, kind),
            }
            for kind, series in (("epochs", epochs), ("updates", updates))
            for start, part in codec.split(series)
        ]
        recorded = {
            "epoch_rows": codec.length(epochs),
            "update_rows": codec.length(updates),
            "bytes": sum(len(chunk["data"]) for chunk in chunks),
        }
        with self.writing() as connection:
            key = insert_run(connection, spec, owner, "imported", **values)
            only = (attempt.c.run_id == key) & (attempt.c.number == 1)
            connection.execute(update(attempt).where(only).values(**recorded, **asdict(progress)))
            if chunks:
                connection.execute(insert(series_chunk), [{"run_id": key, **chunk} for chunk in chunks])
            put_on_shelf(connection, owner, [key], name)
            return to_run(connection.execute(select_runs().where(run.c.id == key)).one())
