"""Whether this machine can start Spark: it needs pyspark and Java, and neither is a part of the usual set-up."""

import os
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

LEAST_JAVA = 17


class NoSpark(Exception):
    """Spark cannot be used, or gave up; `code`: spark.no_pyspark, spark.no_java, spark.old_java or spark.failed."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def ready() -> None:
    """Raise NoSpark when pyspark or Java is missing, or Java is too old."""
    if find_spec("pyspark") is None:
        raise NoSpark("spark.no_pyspark")
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if java is None or not os.access(java, os.X_OK):
        raise NoSpark("spark.no_java", least=LEAST_JAVA)
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)  # noqa: S603
    found = re.search(r'version "(\d+)', said.stderr + said.stdout)
    if found is None:
        raise NoSpark("spark.no_java", least=LEAST_JAVA)
    if int(found[1]) < LEAST_JAVA:
        raise NoSpark("spark.old_java", least=LEAST_JAVA, found=int(found[1]))
