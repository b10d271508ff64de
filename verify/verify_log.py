#!/usr/bin/env python3
"""Checks the public log of a Verified School-Impact Map, with nothing of the site installed.

    pip install pynacl
    python verify_log.py --url https://map.example.org --save first     # download, keep and check
    python verify_log.py --dir first                                    # check that download again
    python verify_log.py --url https://map.example.org --since first    # nothing that was downloaded then changed

What is checked, in this order: the checkpoint is signed by the log's key; every entry from 0 to the checkpoint's
size is there, in order, and hashes to its leaf (RFC 6962); all leaves together give the signed root; every record
that the map shows opens a commitment of the log with exactly the content shown; and no withdrawn record is shown.
With --since: the key is the same and every old entry is still the same. Exit 0: all of it holds. Exit 1: the first
wrong entry or record is named. Exit 2: it could not be checked.

The key comes from the site itself unless you give one with --key: compare it with the one that you saw before.
"""

import argparse
import base64
import hashlib
import json
import sys
import urllib.error
import urllib.request
from pathlib import Path

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

PAGE = 1000  # entries of one download
FILES = ("log/key", "log/checkpoint", "records.geojson")
LEAF = ("action", "at", "commitment", "index", "reason", "record", "version")


class Wrong(Exception):
    """Something does not hold; the text says what and where."""


class Unreadable(Exception):
    """Nothing can be said; the text says why."""


# --- where the bytes come from -------------------------------------------------------------------------


def download(url: str) -> dict[str, bytes]:
    """The files of the log, by name; entries as JSON lines."""
    root = f"{url.rstrip('/')}/api/v1/"
    found = {name: fetch(root + name) for name in FILES}
    lines: list[str] = []
    while True:
        page = json.loads(fetch(f"{root}log/entries?start={len(lines)}&end={len(lines) + PAGE - 1}"))
        lines += [json.dumps(entry, sort_keys=True, ensure_ascii=False) for entry in page["entries"]]
        if not page["entries"] or len(lines) >= page["size"]:
            break
    return {**found, "log/entries.jsonl": "".join(f"{line}\n" for line in lines).encode()}


def fetch(address: str) -> bytes:
    if not address.startswith(("https://", "http://")):
        raise Unreadable(f"{address} is no web address.")
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310  (looked at above)
            return bytes(answer.read())
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise Unreadable(f"{address} cannot be read: {error}") from None


def read(folder: Path) -> dict[str, bytes]:
    try:
        return {name: (folder / name).read_bytes() for name in (*FILES, "log/entries.jsonl")}
    except OSError as error:
        raise Unreadable(f"{folder} holds no complete download: {error}") from None


def save(files: dict[str, bytes], folder: Path) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


# --- the checks ----------------------------------------------------------------------------------------


def check(files: dict[str, bytes], key: str, old: dict[str, bytes] | None = None) -> str:
    """Raises Wrong at the first fault; a sentence about what holds otherwise."""
    size, root = open_checkpoint(text_of(files, "log/checkpoint"), key)
    entries = check_entries(lines_of(files), size)
    if tree_root([leaf_hash(entry) for entry in entries]) != root:
        raise Wrong(f"The {size} entries do not give the signed root: at least one of them was changed.")
    shown = check_records(json.loads(files["records.geojson"]), entries)
    if old is not None:
        check_history(entries, lines_of(old))
    return f"All {size} entries are in the signed log, and each of the {shown} records shown is one of them."


def open_checkpoint(note: str, key: str) -> tuple[int, bytes]:
    """Size and root of the log, if this key signed them (C2SP signed-note, tlog-checkpoint)."""
    try:
        name, _, encoded = key.strip().split("+", 2)
        raw = base64.b64decode(encoded, validate=True)
        text, _, signatures = note.rpartition("\n\n")
        origin, size, root = text.split("\n")
        identifier = hashlib.sha256(f"{name}\n".encode() + raw).digest()[:4]
        signed = [line.split(" ") for line in signatures.splitlines()]
        mine = [base64.b64decode(part[2], validate=True) for part in signed if part[:2] == ["—", name]]
        (signature,) = [each[4:] for each in mine if each[:4] == identifier]
        VerifyKey(raw[1:]).verify(f"{text}\n".encode(), signature)
        if origin != name or raw[:1] != b"\x01":
            raise ValueError
        return int(size), base64.b64decode(root, validate=True)
    except (ValueError, IndexError, BadSignatureError):
        raise Wrong("The checkpoint is not signed by this key.") from None


def check_entries(lines: list[str], size: int) -> list[dict[str, object]]:
    """All entries of the signed size, each in its place and true to its hash."""
    entries = []
    for index, line in enumerate(lines[:size]):
        try:
            entry = json.loads(line)
            right = (
                entry["index"] == index and leaf_hash(entry).hex() == entry["leaf_hash"] and is_opened(entry)
            )
        except (ValueError, KeyError, TypeError, AttributeError, AssertionError):
            right = False
        if not right:
            raise Wrong(f"Entry {index} is not the entry that was logged.")
        entries.append(entry)
    if len(lines) != size:
        raise Wrong(
            f"Entry {min(len(lines), size)} is wrong: {len(lines)} entries, but the signed log has {size}."
        )
    return entries


def is_opened(entry: dict[str, object]) -> bool:
    """Whether what opens the commitment fits it; nothing does any more once the content is not public."""
    opening = entry["opening"]
    if opening is None:
        return True
    assert isinstance(opening, dict)
    found = hashlib.sha256(bytes.fromhex(opening["salt"]) + opening["content"].encode())
    return found.hexdigest() == entry["commitment"]


def leaf_hash(entry: dict[str, object]) -> bytes:
    leaf = json.dumps({name: entry[name] for name in LEAF}, separators=(",", ":"))
    return hashlib.sha256(b"\x00" + leaf.encode()).digest()


def tree_root(hashes: list[bytes]) -> bytes:
    """The Merkle tree hash (RFC 6962, section 2.1), built from the left as leaves come."""
    peaks: list[tuple[int, bytes]] = []  # height and hash of complete subtrees
    for found in hashes:
        height = 0
        while peaks and peaks[-1][0] == height:
            found = hashlib.sha256(b"\x01" + peaks.pop()[1] + found).digest()
            height += 1
        peaks.append((height, found))
    if not peaks:
        return hashlib.sha256(b"").digest()
    _, root = peaks.pop()
    while peaks:
        root = hashlib.sha256(b"\x01" + peaks.pop()[1] + root).digest()
    return root


def check_records(collection: dict[str, object], entries: list[dict[str, object]]) -> int:
    """Every record shown is what the log committed to, and nothing withdrawn is shown; how many are shown."""
    newest = {str(entry["record"]): entry for entry in entries}
    openings: dict[str, list[dict[str, object]]] = {}
    for entry in entries:
        openings.setdefault(str(entry["record"]), []).append(entry)
    features = collection["features"]
    assert isinstance(features, list)
    for feature in features:
        record = feature["id"]
        if record not in newest:
            raise Wrong(f"Record {record} is shown and was never logged.")
        if newest[record]["action"] == "withdrawn":
            raise Wrong(f"Record {record} is shown, but entry {newest[record]['index']} withdrew it.")
        if not any(opens(entry, feature["properties"]) for entry in openings[record]):
            raise Wrong(f"Record {record} is not shown as entry {newest[record]['index']} has it.")
    return len(features)


def opens(entry: dict[str, object], shown: dict[str, object]) -> bool:
    """Whether an entry's opening says what is shown."""
    opening = entry["opening"]
    return isinstance(opening, dict) and json.loads(opening["content"]) == content(shown)


def content(shown: dict[str, object]) -> dict[str, object]:
    """A feature's properties in the words of the log."""
    region = shown["district"] or shown["province"]
    place = f"school:{shown['school_id']}" if shown["school_id"] else f"region:{region}" if region else "none"
    sources = shown["sources"]
    assert isinstance(sources, list)
    return {
        "grade": shown["grade"],
        "month": shown["month"],
        "place": place,
        "sources": [f"{each['publisher']}:{each['article']}" for each in sources],
        "status": shown["status"],
    }


def check_history(entries: list[dict[str, object]], old: list[str]) -> None:
    """Nothing that was downloaded before has changed or gone."""
    for index, line in enumerate(old):
        if index >= len(entries) or entries[index]["leaf_hash"] != json.loads(line)["leaf_hash"]:
            raise Wrong(f"Entry {index} is not what it was in the older download: history was rewritten.")


def lines_of(files: dict[str, bytes]) -> list[str]:
    return text_of(files, "log/entries.jsonl").splitlines()


def text_of(files: dict[str, bytes], name: str) -> str:
    try:
        return files[name].decode()
    except UnicodeDecodeError:
        raise Wrong(f"{name} holds bytes that are no text.") from None


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Checks the public log of a Verified School-Impact Map.")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--url", help="the site's address")
    source.add_argument("--dir", type=Path, help="a folder that --save has written")
    parser.add_argument("--save", type=Path, help="keep the download in this folder")
    parser.add_argument("--since", type=Path, help="an older download: nothing in it may have changed")
    parser.add_argument("--key", help="the log's key, if you have it from elsewhere than the site")
    given = parser.parse_args(arguments)
    try:
        files = download(given.url) if given.url else read(given.dir)
        if given.save:
            save(files, given.save)
        old = read(given.since) if given.since else None
        key = given.key or text_of(files, "log/key")
        if old is not None and text_of(old, "log/key").strip() != key.strip():
            raise Wrong("The log's key is not the one of the older download.")
        print(check(files, key, old))
    except Wrong as fault:
        print(fault, file=sys.stderr)
        return 1
    except (Unreadable, ValueError, KeyError) as fault:
        print(fault, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
