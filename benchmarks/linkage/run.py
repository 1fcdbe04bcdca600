"""Link two register files in a fresh process and score them: one line of JSON per run.

`python -m benchmarks linkage run DATA_DIR [--runs N]`; DATA_DIR holds s.parquet, p.parquet and truth.parquet (rec_id,
person_id; below 0 is nobody).
"""

import argparse
import json
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks.linkage import scoring
from benchmarks.linkage.versus import ours


def main() -> None:
    """Run and score, as often as asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--runs", type=int, default=1)
    asked = parser.parse_args()
    rows = scoring.rows_of(asked.data)
    for _ in range(asked.runs):
        with tempfile.TemporaryDirectory() as folder:
            result, _ = ours(asked.data, rows, Path(folder))
            print(json.dumps(result | {"cost": asdict(result["cost"])}), flush=True)


if __name__ == "__main__":
    main()
