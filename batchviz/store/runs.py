"""Runs by id: read, measured, and taken in whole when they were trained elsewhere."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import case, insert, select, update

from batchviz.experiment.environment import alone
from batchviz.experiment.limits import MAX_RUN_TITLE_LENGTH
from batchviz.experiment.records import Progress, Run, Source, Status
from batchviz.experiment.series import SERIES, Series, length
from batchviz.experiment.spec import RunSpec
from batchviz.store import codec
from batchviz.store.database import Database
from batchviz.store.inserts import add_to_library, insert_run
from batchviz.store.quotas import Quotas
from batchviz.store.rows import ROW_COUNTS, UNFINISHED, find, select_runs, to_run, to_spec
from batchviz.store.search import visible_rows
from batchviz.store.tables import attempt, run, series_chunk


class Runs:
    """Runs by id, whoever asks."""

    def __init__(self, database: Database, quotas: Quotas) -> None:
        self._database, self._quotas = database, quotas

    def get(self, run_id: str) -> Run:
        """One run. Raises StoreError when there is none."""
        runs = self.by_id([run_id])
        if run_id not in runs:
            with self._database.reading() as connection:
                find(connection, run_id)
        return runs[run_id]

    def by_id(self, run_ids: Sequence[str]) -> dict[str, Run]:
        """The runs that exist, by id, in the order asked for; one SELECT."""
        with self._database.reading() as connection:
            rows = connection.execute(select_runs().where(run.c.public_id.in_(run_ids)))
            runs = {record.id: record for record in map(to_run, rows)}
        return {run_id: runs[run_id] for run_id in run_ids if run_id in runs}

    def fingerprints(self, run_ids: Sequence[str]) -> list[str]:
        """The numerics that these runs were trained with, each once; of imported runs nobody knows them."""
        query = select(run.c.fingerprint).where(run.c.public_id.in_(run_ids), run.c.source == Source.HERE)
        with self._database.reading() as connection:
            return sorted({row.fingerprint for row in connection.execute(query)})

    def visible(self, run_ids: Sequence[str]) -> set[str]:
        """Those of the ids that are runs which nobody deleted; cheaper than reading them."""
        with self._database.reading() as connection:
            return {row.public_id for row in visible_rows(connection, run_ids)}

    def seeds_from(self, runs: Mapping[str, int]) -> list[str]:
        """Ids of runs: each of these and, as many as its number says, those of the following seeds.

        A run is the one of its seed that was trained by the same programs, alone or with others; of several the one
        that was finished, then one that will be, then the oldest. An id that is not known stays, a seed never trained
        is left out.
        """
        leads = {run_id: count for run_id, count in runs.items() if count > 1}
        if not leads:
            return list(runs)
        columns = (run.c.public_id, run.c.spec, run.c.spec_hash, run.c.fingerprint)
        finished = run.c.status.in_([Status.DONE, Status.DIVERGED])
        rank = case((finished, 2), (UNFINISHED, 1), else_=0)
        with self._database.reading() as connection:
            rows = connection.execute(select(*columns).where(run.c.public_id.in_(leads))).all()
            seed_specs = {
                row.public_id: [
                    (spec.replace(seed=spec.seed + further).hash, alone(row.fingerprint))
                    for spec in [to_spec(row.spec)]
                    for further in range(1, leads[row.public_id])
                ]
                for row in rows
            }
            hashes = {spec_hash for seeds in seed_specs.values() for spec_hash, _ in seeds}
            same = (run.c.spec_hash.in_(hashes)) & (run.c.source == Source.HERE) & run.c.deleted.is_(None)
            same_specs = connection.execute(
                select(*columns).where(same).order_by(rank, run.c.id.desc())
            ).all()
        by_spec = {
            (row.spec_hash, alone(row.fingerprint)): row.public_id for row in same_specs
        }  # the last is the best
        return list(
            dict.fromkeys(
                each
                for run_id in runs
                for each in (run_id, *(by_spec[key] for key in seed_specs.get(run_id, ()) if key in by_spec))
            )
        )

    def last_done(self, fingerprint: str, limit: int) -> list[Run]:
        """The latest runs that finished here with these numerics, the last asked for first."""
        here = (run.c.fingerprint == fingerprint) & (run.c.source == Source.HERE)
        query = select_runs().where(run.c.status == Status.DONE, here).order_by(run.c.id.desc()).limit(limit)
        with self._database.reading() as connection:
            return [to_run(row) for row in connection.execute(query)]

    def add_imported(
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
        measured: Series | None = None,
        name: str = "",
    ) -> Run:
        """Take in a whole run that was trained elsewhere, into its importer's library. Raises QuotaError."""
        values = {
            "status": status,
            "reason": reason,
            "source": source,
            "title": title[:MAX_RUN_TITLE_LENGTH],
            "final": json.dumps(dict(final)),
            "finished": time.time(),
            "val_loss": final.get("val_loss"),
            "seconds": final.get("seconds"),
        }
        series = {"epochs": epochs, "updates": updates, "measured": measured or SERIES["measured"].empty()}
        chunks = [chunk for kind, columns in series.items() for chunk in codec.pack(columns, kind)]
        recorded = {ROW_COUNTS[kind].name: length(columns) for kind, columns in series.items()}
        recorded["bytes"] = sum(len(chunk["data"]) for chunk in chunks)
        with self._database.writing() as connection:
            self._quotas.check_bytes(connection, owner, "", recorded["bytes"])
            key = insert_run(connection, spec, owner, "imported", **values)
            only = (attempt.c.run_id == key) & (attempt.c.number == 1)
            connection.execute(update(attempt).where(only).values(**recorded, **asdict(progress)))
            if chunks:
                keys = {"run_id": key, "attempt": 1}
                connection.execute(insert(series_chunk), [{**keys, **chunk} for chunk in chunks])
            add_to_library(connection, owner, [key], name)
            return to_run(connection.execute(select_runs().where(run.c.id == key)).one())
