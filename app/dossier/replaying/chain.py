"""What holds a record together: commitments, the entries of each thing in their chain, states, frozen content."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections import defaultdict
from typing import Any

from .reading import Dossier, Row, Sealed, canonical, differs, sha256

GENESIS = "0" * 64
HASHED = ("actor_id", "data")
WITH_ACT = 2  # the format of entries that hashes the act as well


def sealed_digest(salt: str, table: str, row_id: str, column: str, value: Any) -> str:  # noqa: ANN401
    """Commit to one value. Without the salt nobody can try values against it."""
    return sha256(canonical([salt, table, row_id, column, value]))


def leaf_of(table: str, row: dict[str, Any]) -> str:
    """Commit to a row; the same whether its values are told or sealed."""
    if "withheld" in row:
        return str(row["withheld"])
    plain = dict(row)
    for column, value in row.items():
        if isinstance(value, dict) and set(value) == {"salt", "value"}:
            digest = sealed_digest(value["salt"], table, row["id"], column, value["value"])
            plain[column] = {"sealed": digest}
    return sha256(canonical(plain))


def root_of(digests: dict[str, str]) -> str:
    return sha256(canonical(digests))


def table_digest(leaves: list[str]) -> str:
    return sha256("\n".join(sorted(leaves)))


def check_commitments(dossier: Dossier) -> str:
    """Every level of redaction commits to the same tables: work the commitment out and compare."""
    found = {}
    for name, said in dossier.manifest["tables"].items():
        if said["withheld"]:
            found[name] = said["digest"]
            continue
        if name not in dossier.raw:
            differs(f"data/{name}.json", "the file is missing")
        found[name] = table_digest([leaf_of(name, row) for row in dossier.raw[name]])
        if found[name] != said["digest"]:
            differs(f"data/{name}.json", "is not what the dossier committed to")
    for name in dossier.raw:
        if name not in found:
            differs(f"data/{name}.json", "the dossier committed to no such table")
    if root_of(found) != dossier.manifest["root"]:
        differs("manifest.json", "the root is not that of the tables")
    return f"{len(found)} tables hold what the dossier committed to"


def check_chains(dossier: Dossier) -> str:
    """Each thing's entries: numbered from 1, each carrying the hash of the one before, each state following."""
    chains: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for event in dossier.rows("event"):
        chains[event["noun"], event["thing_id"]].append(event)
    partial = any("withheld" in row for row in dossier.raw.get("event", []))
    count = 0
    for entries in chains.values():
        entries.sort(key=lambda entry: entry["number"])
        number, before, state, form = 0, GENESIS, None, 1
        for entry in entries:
            if (
                not partial or entry["number"] == number + 1
            ):  # where an entry is kept back, the next has nothing to meet
                _follows(entry, number + 1, before)
                if entry["from_state"] is not None and state not in (None, entry["from_state"]):
                    differs(entry.place, f"goes on from “{entry['from_state']}”, and the state was “{state}”")
            number, before, state = entry["number"], entry["hash"], entry["to_state"] or state
            form = _format_of(entry, form)
            count += entry.known(*HASHED)
    _states_follow(dossier, chains, partial=partial)
    return f"{len(dossier.rows('event'))} entries of {len(chains)} chains, {count} of them hashed again"


def _follows(entry: Row, number: int, before: str) -> None:
    if entry["number"] != number:
        differs(entry.place, f"entry {number} of {entry['noun']} {entry['thing_id']} is missing or double")
    if entry["previous_hash"] != before:
        differs(entry.place, "does not carry the hash of the entry before")


def _format_of(entry: Row, before: int) -> int:
    """Hash the entry again: in the newest format, which holds the act it came of, or in the first.

    Within a chain no entry is of an earlier format than the one before.
    """
    if not entry.known(*HASHED):
        return before
    content = {
        "id": entry["id"],
        "noun": entry["noun"],
        "thing": entry["thing_id"],
        "number": entry["number"],
        "name": entry["name"],
        "from": entry["from_state"],
        "to": entry["to_state"],
        "actor": entry["actor_id"],
        "relation": entry["relation"],
        "data": entry["data"],
        "at": entry["at"],
        "request": entry["request_id"],
        "cause": entry["cause_id"],
        "previous": entry["previous_hash"],
    }
    newest = content | {"format": WITH_ACT, "act": entry.get("act_sha256")}
    if sha256(canonical(newest)) == entry["hash"]:
        return WITH_ACT
    if before == WITH_ACT or sha256(canonical(content)) != entry["hash"]:
        differs(entry.place, "the entry is not the one that was hashed")
    return 1


def _states_follow(dossier: Dossier, chains: dict[tuple[str, str], list[Row]], *, partial: bool) -> None:
    last = {thing_id: entries[-1]["to_state"] for (_noun, thing_id), entries in chains.items()}
    for rows in dossier.tables.values():
        for row in rows:
            said = last.get(row.get("id", ""))
            if "state" in row and said is not None and not partial and row["state"] != said:
                differs(row.place, f"the state is “{row['state']}”, and the entries end in “{said}”")


def check_content(dossier: Dossier) -> str:
    """What was frozen has the digest that was frozen with it: versions, files, consents, call files, remarks."""
    count = 0
    for version in dossier.rows("submitted_version"):
        count += _version(dossier, version)
    for word in (*dossier.rows("consent"), *dossier.rows("charter_word")):
        count += _digest(word, "canonical", "sha256")
    for name in ("call_version", "call_source"):
        for row in dossier.rows(name):
            if row.known("data") and sha256(_bytes(row["data"])) != row["sha256"]:
                differs(row.place, "the call file is not the one of its digest")
            count += 1
    for event in dossier.rows("event"):
        count += _remarks(dossier, event)
    return f"{count} frozen texts have their digest"


def _digest(row: Row, text: str, digest: str) -> int:
    if not row.known(text):
        return 0
    if sha256(row[text]) != row[digest]:
        differs(row.place, f"the {text} text is not the one of its digest")
    return 1


def _version(dossier: Dossier, version: Row) -> int:
    if not _digest(version, "canonical", "sha256"):
        return 0
    content = json.loads(version["canonical"])
    salt = version.get("persons_salt")
    if version.known("persons", "persons_salt") and salt:
        found = hmac.new(_bytes(salt), canonical(version["persons"]).encode(), hashlib.sha256).hexdigest()
        if found != content["persons_digest"]:
            differs(version.place, "the sheet of persons is not the one that was committed to")
    for entry in content["files"]:
        inside = [path for path in dossier.files if path.startswith(f"files/{entry['sha256']}")]
        if any(sha256(dossier.files[path]) != entry["sha256"] for path in inside):
            differs(inside[0], "is not the file that was submitted")
    return 1


def _remarks(dossier: Dossier, event: Row) -> int:
    """Free text stands beside the entry, which holds its salted digest; erased text has neither text nor salt."""
    if not event.known("data"):
        return 0
    count = 0
    for value in event["data"].values():
        if not (isinstance(value, dict) and set(value) == {"remark", "digest"}):
            continue
        remark = dossier.one("remark", value["remark"])
        if remark is None or not remark.known("text", "salt") or remark["text"] is None or not remark["salt"]:
            continue
        found = hmac.new(_bytes(remark["salt"]), remark["text"].encode(), hashlib.sha256).hexdigest()
        if found != value["digest"]:
            differs(remark.place, "is not the text that was written")
        count += 1
    return count


def _bytes(value: Any) -> bytes:  # noqa: ANN401
    return value["text"].encode() if "text" in value else base64.b64decode(value["base64"])


def check_draw(dossier: Dossier) -> str:
    """The secret of a public draw is the one that was committed, and secret and number make the seed."""
    for draw in dossier.rows("draw"):
        if isinstance(draw.get("secret"), Sealed) or not draw.get("seed"):
            continue
        if sha256(draw["secret"]) != draw["commitment"]:
            differs(draw.place, "the secret is not the one that was committed")
        if sha256(f"{draw['secret']}:{draw['number']}") != draw["seed"]:
            differs(draw.place, "the seed does not follow from secret and number")
    return f"{len(dossier.rows('draw'))} public draws"
