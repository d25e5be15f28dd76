"""`escp verify FILE.pdf`: what the register says of these bytes, in a line or as JSON, and the exit code."""

from __future__ import annotations

import json
from pathlib import Path

from app.act import Act
from app.documents.verify import Altered, Issued, Judgement, judge_pdf
from app.inspection.inspector import Inspector
from app.services.labels.verification import LabelRegister
from workflows.label import LABEL, State
from workflows.label import VALID as VALID_STATES

VALID, OTHER = 0, 1


def verify_file(act: Act, path: Path, *, as_json: bool = False) -> tuple[int, str]:
    """Judge a file. Gives the exit code (0: issued by us and valid today) and what to print."""
    with Inspector() as inspector:
        judgement = judge_pdf(path.read_bytes(), LabelRegister(act), inspector.marks)
    code = VALID if _is_valid(judgement) else OTHER
    return code, json.dumps(_data(judgement), ensure_ascii=False) if as_json else _line(judgement)


def _is_valid(judgement: Judgement) -> bool:
    return isinstance(judgement, Issued) and judgement.is_current and State(judgement.state) in VALID_STATES


def _word(found: Issued) -> str:
    if not found.is_current:
        return "replaced by a newer certificate"
    return LABEL.names[State(found.state)].public.lower()


def _line(judgement: Judgement) -> str:
    match judgement:
        case Issued(number, holder):
            return f"{number} · {holder} · {_word(judgement)}"
        case Altered(number):
            return f"altered: it carries the number {number}, but these are not the bytes we issued"
    return "not issued by us"


def _data(judgement: Judgement) -> dict[str, object]:
    match judgement:
        case Issued(number, holder, state, is_current):
            valid = _is_valid(judgement)
            return {
                "verdict": "issued", "valid": valid, "number": number, "holder": holder, "state": state,
                "current": is_current,
            }  # fmt: skip
        case Altered(number):
            return {"verdict": "altered", "valid": False, "number": number}
    return {"verdict": "not issued by us", "valid": False}
