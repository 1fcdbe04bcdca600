"""Names the worker's door for Django."""

from django.apps import AppConfig


class WorkerConfig(AppConfig):
    """The worker's door."""

    name = "selaras.doors.worker"
    label = "door_worker"
