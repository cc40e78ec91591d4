"""One process that edits a workspace beside others: ``python editor.py FILE ACT NAME COUNT``; tells what came of it.

Acts: ``count`` raises one row's figure by 1; ``assign`` takes 100 m² of a parcel as long as it may; ``again`` sends
the same gestures as every other process does, under the same op ids.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from pathlib import Path
from uuid import uuid4

if str(root := Path(__file__).parents[3]) not in sys.path:
    sys.path.insert(0, str(root))

from layers import applying, stores  # the checkout is not installed
from layers.changes import Actor, Asked
from layers.commands import Assign, Edit
from layers.commands.editing import frozen
from layers.rows import row
from layers.stores.contract import Store


def raised(store: Store, name: str) -> int:
    """Raise the figure of A by 1, looking at it anew after each conflict; answers with how many there were."""
    conflicts = 0
    while True:
        with store.reading() as tx:
            seen = tx.workspace()
        value = float(row(seen, "parcels", "A")["underground_floor_area_m2"])
        command = Edit("parcels", "A", frozen({"underground_floor_area_m2": value + 1}))
        outcome = applying.apply(store, Asked(Actor(name), uuid4().hex, seen.revision), command)
        if outcome.status == "ok":
            return conflicts
        assert outcome.status == "conflict", outcome
        conflicts += 1
        time.sleep(random.random() * 0.05 * min(conflicts, 10))  # so that not all come back at once


def main() -> None:
    store, act, name, count = stores.open_store(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
    found: Counter[str] = Counter()
    for turn in range(count):
        if act == "count":
            found["conflict"] += raised(store, name)
            found["ok"] += 1
            time.sleep(0.1)  # nobody edits without a pause; without one, seven of eight tries are conflicts
        elif act == "assign":
            asked = Asked(Actor(name), uuid4().hex)
            outcome = applying.apply(store, asked, Assign("A" if turn % 2 else "D", "p3", 100.0))
            found[outcome.status] += 1
        else:
            command = Edit("parcels", "A", frozen({"underground_floor_area_m2": turn + 1.0}))
            found[applying.apply(store, Asked(Actor("one"), f"op-{turn}"), command).status] += 1
    print(json.dumps(found))


if __name__ == "__main__":
    main()
