"""Puts jobs into the queue within the caller's own transaction, in the web server and inside a job of the worker alike.

A worker's own connector writes on another connection: a job put in by it is seen, and begun, before the rows that it names are
committed, and stays when they are rolled back.
"""

from typing import Any

from django.db import transaction
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task


def put(name: str, *, queue: str, lock: str, once: str, **ids: Any) -> bool:
    """Put a job in by its name and ids; False when one with the same `once` waits there already. Of one `lock` one runs at a time."""
    task = configure_task(
        name=name, job_manager=JobManager(DjangoConnector(alias="default")), queue=queue, lock=lock, queueing_lock=once
    )
    try:
        with transaction.atomic():
            task.defer(**ids)
    except AlreadyEnqueued:
        return False
    return True
