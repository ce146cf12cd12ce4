"""The engine: takes queued runs from the store and trains them in worker processes.

supervisor   in the web process: sees to it that a dispatcher is there
dispatcher   one process a database: claims runs, hands them to a backend, watches, starts again what was lost
backend      what trains runs, as the dispatcher sees it, and the rules it keeps
measuring    when clocks are measured: while nothing trains
local        local_backend: the worker processes of this machine (Pebble, a pool of one each)
cluster      the workers of a Dask cluster, where the settings name its scheduler
worker       inside such a process: train a run, or some of a sweep together; each is recorded as an attempt, through
             a report_buffer

Who may die, and what happens then
----------------------------------
A worker (kill -9, out of memory): Pebble notices within .1 s, the run goes back to the queue with the next
attempt number and a reason for the page, the others never notice. The second time the run fails. Runs that were
trained together all go back, and each is trained alone from then on: what killed them kills no other again.

A worker that measures a clock: the request waits again, and fails the second time. One that outlives its
dispatcher keeps the clock all the same.

A worker that hangs (stopped, or stuck where no signal reaches it): nobody reports that. Its beat stays the same for
half a minute in which the database takes beats, and it is ended as if it had died.

The database (locked, full, restarted): workers keep what they record and write it when it is back; the dispatcher
tries again, and takes nobody for dead whose beat could not be written.

The dispatcher: its workers train on. They need nobody to record, because every write is fenced by the run's
attempt number, and they show life by a beat of their own. The next dispatcher adopts such runs: it leaves
them alone while their beat changes and starts again those whose beat stopped. Killing the orphans and
training again would cost the learner the time and the curve. An orphan that sees no dispatcher for a minute
gives its run back and ends. One that hangs is ended by its web server after half a minute, and replaced.

The web server: the dispatcher trains what is queued and ends when nobody wants it for ten seconds. A web
server that starts meanwhile finds a leader and starts no second dispatcher.

A clean stop of the web server stops the dispatcher, and what was running goes back to the queue.

In every case the rows of the old attempt stay on show until the new one has recorded as many.
"""
