"""Spark as this engine starts it: nothing to look at from outside, what it lays on disk encrypted, its folder wiped."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pyspark.sql import SparkSession

from selaras.engines.held import hold

_OURS = "selaras-spark-"
_YOUNG = 60.0  # seconds: a folder this young may not be locked yet by who made it
_SAME_MACHINE = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
# Between machines the rows cross a network.
_BETWEEN_MACHINES = {"spark.authenticate": "true", "spark.network.crypto.enabled": "true"}
_ALWAYS = {
    # What is spilled and shuffled holds names and numbers; the key lives in memory and dies with the job.
    "spark.io.encryption.enabled": "true",
    "spark.io.encryption.keySizeBits": "256",
    "spark.ui.enabled": "false",
    "spark.eventLog.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",
    "spark.driver.maxResultSize": "0",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "50000",
    "spark.sql.execution.pythonUDF.arrow.enabled": "true",
}


@contextmanager
def session(master: str, within: Path | None = None) -> Iterator[SparkSession]:
    """A Spark session on `master`, with a work folder of mode 0700 (in `within`, else with the temporary files) that is wiped.

    Memory, executors and the like are the operator's: spark-defaults.conf in SPARK_CONF_DIR.
    """
    _sweep(within or Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=_OURS, dir=within))
    held = hold(folder)
    here = master.startswith("local")
    settings = _ALWAYS | (_SAME_MACHINE if here else _BETWEEN_MACHINES)
    settings["spark.sql.warehouse.dir"] = str(folder / "warehouse")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if here:
        settings["spark.local.dir"] = str(folder)
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    builder = SparkSession.builder.master(master).appName("selaras")
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        spark = builder.getOrCreate()
        try:
            yield spark
        finally:
            spark.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if held is not None:
            os.close(held)


def _sweep(root: Path) -> None:
    """Wipe the folders of processes that were killed: nobody holds a lock on them any more."""
    for folder in root.glob(f"{_OURS}*"):
        with suppress(OSError):
            if folder.stat().st_mtime < time.time() - _YOUNG and (held := hold(folder)) is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(held)
