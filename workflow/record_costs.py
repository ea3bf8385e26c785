"""Write what each figure of a finished build has cost into the menu's table.

    python workflow/record_costs.py laptop

Times are those of the machine it runs on: run it after a full build on an idle machine.
"""

import json
import sys
from pathlib import Path

import pandas as pd

from menu import COSTS
from pipeline.load import load_config


def measured_costs(preset: str) -> pd.DataFrame:
    """Return one row a figure: processor seconds and largest peak memory over its jobs."""
    logs = Path("results") / preset / "logs"
    rows = []
    for paper, figures in load_config({"preset": preset}).figures().items():
        for key, section in figures.items():
            records = [logs / "figures" / paper / f"{key}.json"]
            if section.parts():
                records.append(logs / "tables" / paper / f"{key}.json")
            records += sorted((logs / "tables" / paper / key).glob("*.json"))
            values = [json.loads(path.read_text(encoding="utf-8")) for path in records]
            rows.append(
                {
                    "preset": preset,
                    "figure": f"{paper}_{key}",
                    "cpu_seconds": round(sum(value["cpu_seconds"] for value in values), 1),
                    "peak_mebibytes": round(max(value["peak_mebibytes"] for value in values)),
                }
            )
    return pd.DataFrame(rows)


if __name__ == "__main__":
    old = pd.read_csv(COSTS, comment="#") if COSTS.exists() else pd.DataFrame(columns=["preset"])
    table = pd.concat([old[old["preset"] != sys.argv[1]], measured_costs(sys.argv[1])])
    text = table.sort_values(["preset", "figure"]).to_csv(index=False)
    COSTS.write_text("# Measured by workflow/record_costs.py\n" + text, encoding="utf-8")
