"""Runs trained by the workers of a Dask cluster, where BATCHVIZ_ENGINE is the address of its scheduler.

backend      the cluster as the dispatcher sees it: a Backend like that of this machine
worker       one of its workers and what is known of it
connection   keeps in touch with the scheduler, from a thread of its own, and tells what happened
on_worker    what is run on the cluster: prepare a worker, train, measure; end a worker from its nanny
__main__     `python -m batchviz.engine.cluster ADDRESS`: workers of this machine for a cluster

Dask brings a run to a worker and tells when it is through with it. Everything else is as on one machine: the database
is queue and record, the worker writes into it itself, every write is fenced by the attempt. So that the cluster knows
nothing that could be lost: a run is pinned to a worker, one at a time, and Dask repeats nothing by itself.

Who may die here, and what happens then: a worker, as on one machine, and its nanny starts another. A worker that is
closed in order, or the scheduler, with which all of its workers close: the runs wait again, with the next attempt
number, and it does not count against them. The dispatcher: its runs go on, and the next one adopts them; a worker that
still trains one becomes ready after it.
"""
