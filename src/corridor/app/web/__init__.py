"""The local app's back end: `routes.create_app` serves it, `work.work` answers in worker processes.

Nothing is imported here: a worker needs no web server, and the server no solver.
"""
