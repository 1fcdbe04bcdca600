"""`selaras assets`: the front-end packages, built by lockfile."""

from selaras.doors.assets.build import assets

__all__ = ["assets"]
