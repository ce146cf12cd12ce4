"""Clocks: what updates take on the machines that train here.

One is kept for a network, a path and a machine: the last one measured.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Row, delete, insert, select

from batchviz.experiment.clock import Clock, ClockPath
from batchviz.store.database import Database
from batchviz.store.tables import clock, clock_request


class Clocks:
    """The clocks of every machine."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(
        self, networks: Collection[str | None], path: ClockPath, machine: str | None = None
    ) -> Mapping[str, Clock]:
        """The clocks of these networks that are known, all of one machine.

        Without `machine` of the one that measured any of them last: seconds of two machines are not to be compared.
        """
        matching = (clock.c.network.in_([name for name in networks if name])) & (clock.c.path == path)
        if machine is not None:
            matching &= clock.c.machine == machine
        with self._database.reading() as connection:
            rows = connection.execute(select(clock).where(matching).order_by(clock.c.measured.desc())).all()
        return {row.network: _to_clock(row) for row in rows if row.machine == rows[0].machine}

    def save(self, measured: Clock) -> None:
        """Keep a clock in place of an earlier one; what asked for it is answered."""
        points = json.loads(measured.to_json())["points"]
        network, path, machine = measured.network, measured.path, measured.machine
        same = (clock.c.network == network) & (clock.c.path == path) & (clock.c.machine == machine)
        answered = (clock_request.c.network == network) & (clock_request.c.path == path)
        with self._database.writing(alone_with="clocks") as connection:
            connection.execute(delete(clock).where(same))
            connection.execute(
                insert(clock).values(
                    network=network,
                    path=path,
                    machine=machine,
                    measured=measured.measured,
                    points=json.dumps(points),
                )
            )
            connection.execute(delete(clock_request).where(answered))


def _to_clock(row: Row[Any]) -> Clock:
    values = {"network": row.network, "path": row.path, "machine": row.machine, "measured": row.measured}
    return Clock.from_json(json.dumps({**values, "points": json.loads(row.points)}))
