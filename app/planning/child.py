"""Runs in the confined child: a question in, the answer with its proof out. If the solver dies, we do not."""

from app.confined import child

_OFFLINE = child.leave_the_network()

import json  # noqa: E402 - the network is left before anything large is loaded
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

sys.path.append(str(Path(__file__).resolve().parents[2]))  # the pure model lies beside the app

from app.confined.frames import Message  # noqa: E402
from app.planning.solve import solve  # noqa: E402
from workflows.plan_instance import Instance  # noqa: E402

_MEMORY = 4 * 1024 * 1024 * 1024  # of addresses; the largest question measured uses a tenth
_CPU_SECONDS = 120


def main() -> None:
    child.serve(_solve, memory=_MEMORY, cpu_seconds=_CPU_SECONDS, written=0)


def _solve(message: Message) -> Message:
    instance = Instance.from_json(json.loads(message.pieces["question"]))
    answer = solve(instance, floored=bool(message.head["floored"]))
    return Message({}, {"answer": json.dumps(answer).encode()})
