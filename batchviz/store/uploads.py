"""Visitors' own data, as arrays that a worker can train on."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import Row, func, insert, select, update

from batchviz.errors import StoreError
from batchviz.experiment import datasets
from batchviz.experiment.library import Upload
from batchviz.experiment.own_data import OwnData
from batchviz.experiment.parsing import printable
from batchviz.experiment.table_findings import Finding, read, stored
from batchviz.store.database import Database
from batchviz.store.inserts import unguessable_id
from batchviz.store.limits import MAX_UPLOAD_BYTES
from batchviz.store.quotas import Quotas
from batchviz.store.tables import upload


class Uploads:
    """Every visitor's own data. Numbers are kept raw and compressed, never pickled."""

    def __init__(self, database: Database, quotas: Quotas) -> None:
        self._database, self._quotas = database, quotas

    def add(
        self,
        owner: str,
        name: str,
        x: Any,
        y: Any,
        *,
        outputs: int,
        explanation: Sequence[Finding | str],
        columns: Sequence[str],
        target: str,
        classes: Sequence[str] = (),
        standardised: Sequence[bool] | None = None,
        in_order: bool = False,
        network: str = "",
    ) -> Upload:
        """Keep x (rows, inputs) and y: (rows, 1) float32 where `outputs` is 1, else (rows,) class numbers.

        `standardised` and `in_order` are those of `OwnData`; `network` is where it comes from. Raises StoreError where
        too much is kept already.
        """
        x = np.ascontiguousarray(x, "<f4")
        y = np.ascontiguousarray(y, "<f4" if outputs == 1 else "<i4")
        public_id = unguessable_id()
        parts = [zlib.compress(array.tobytes(), 1) for array in (x, y)]
        size = sum(map(len, parts))
        about: dict[str, Any] = {
            "explanation": stored(explanation),
            "columns": list(columns),
            "target": target,
            "classes": list(classes),
        }
        if standardised is not None:
            about |= {"standardised": [bool(flag) for flag in standardised], "in_order": in_order}
        with self._database.writing(alone_with=f"upload {owner}") as connection:
            owned = (upload.c.owner == owner) & upload.c.deleted.is_(None)
            kept = connection.execute(
                select(func.coalesce(func.sum(upload.c.bytes), 0)).where(owned)
            ).scalar_one()
            if kept + size > MAX_UPLOAD_BYTES:
                raise StoreError(
                    f"Your data would take {(kept + size) / 1e6:,.0f} MB; expected at most "
                    f"{MAX_UPLOAD_BYTES / 1e6:,.0f} MB. Delete data you no longer need, or upload fewer rows."
                )
            self._quotas.check_bytes(connection, owner, network, size)
            connection.execute(
                insert(upload).values(
                    public_id=public_id,
                    owner=owner,
                    name=" ".join(printable(name).split())[:80] or "Own data",
                    dataset=datasets.own_name(public_id, x.shape[0], x.shape[1], outputs),
                    about=json.dumps(about, ensure_ascii=False),
                    x=parts[0],
                    y=parts[1],
                    bytes=size,
                    created=time.time(),
                    network=network,
                )
            )
        return self.get(public_id)

    def get(self, upload_id: str) -> Upload:
        """What is known of uploaded data, without its numbers. Raises StoreError."""
        with self._database.reading() as connection:
            row = connection.execute(_ABOUT.where(upload.c.public_id == upload_id)).first()
        if row is None:
            raise _gone()
        return _record(row)

    def owned_by(self, owner: str) -> list[Upload]:
        """A visitor's own data, newest first."""
        with self._database.reading() as connection:
            return [
                _record(row)
                for row in connection.execute(
                    _ABOUT.where(upload.c.owner == owner).order_by(upload.c.id.desc())
                )
            ]

    def arrays(self, upload_id: str) -> OwnData:
        """All rows, and how a run standardises them. Raises StoreError."""
        query = select(upload.c.dataset, upload.c.about, upload.c.x, upload.c.y).where(
            upload.c.public_id == upload_id, upload.c.deleted.is_(None)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise _gone()
        data = datasets.find(row.dataset)
        x = np.frombuffer(zlib.decompress(row.x), "<f4").reshape(data.rows, data.inputs).astype(np.float32)
        kind = "<i4" if data.task == "classification" else "<f4"
        y = np.frombuffer(zlib.decompress(row.y), kind)
        about = json.loads(row.about)
        rule = np.array(about["standardised"], bool) if "standardised" in about else None
        targets = y.astype(np.int32) if data.task == "classification" else y.reshape(-1, 1).astype(np.float32)
        return OwnData(x, targets, rule, about.get("in_order", False))

    def delete(self, owner: str, upload_id: str) -> None:
        """Delete one's own data; runs that were trained on it stay. Raises StoreError."""
        self._mark(owner, upload_id, time.time())

    def restore(self, owner: str, upload_id: str) -> None:
        """Undo `delete`, until it is purged. Raises StoreError."""
        self._mark(owner, upload_id, None)

    def _mark(self, owner: str, upload_id: str, deleted: float | None) -> None:
        owned = (upload.c.public_id == upload_id) & (upload.c.owner == owner)
        with self._database.writing() as connection:
            if connection.execute(update(upload).where(owned).values(deleted=deleted)).rowcount == 0:
                raise StoreError("This data is not among yours, so it cannot be deleted.")


_ABOUT = select(
    *(column for column in upload.c if column.name not in ("x", "y")),
).where(upload.c.deleted.is_(None))


def _gone() -> StoreError:
    return StoreError(
        "The data is not here any more: whoever uploaded it has deleted it. Upload it again to train."
    )


def _record(row: Row[Any]) -> Upload:
    about = json.loads(row.about)
    return Upload(
        id=row.public_id,
        owner=row.owner,
        name=row.name,
        dataset=row.dataset,
        explanation=read(about["explanation"]),
        columns=tuple(about["columns"]),
        target=about["target"],
        classes=tuple(about["classes"]),
        bytes=row.bytes,
        created=row.created,
        over_training_rows="standardised" in about,
        in_order=about.get("in_order", False),
    )
