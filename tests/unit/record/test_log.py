"""The log's hashing against the vectors that implementations of RFC 6962 share, and its proofs against attacks."""

import base64
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.record import log

# The inputs and roots of the reference implementation's test (certificate-transparency, merkle_tree_test).
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
HASHES = [log.leaf_hash(leaf) for leaf in LEAVES]
SEED = base64.b64encode(bytes(range(32))).decode()


def test_published_roots() -> None:
    tree = log.Tree(HASHES)
    assert [tree.root(size).hex() for size in range(1, 9)] == ROOTS
    assert tree.root(0).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_published_inclusion_proofs() -> None:
    tree = log.Tree(HASHES)
    assert [step.hex() for step in tree.inclusion(0, 8)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert tree.inclusion(0, 1) == []


def test_published_consistency_proofs() -> None:
    tree = log.Tree(HASHES)
    assert tree.consistency(1, 1) == []
    assert [step.hex() for step in tree.consistency(6, 8)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


sizes = st.integers(1, 70)


@given(size=sizes, data=st.data())
def test_every_inclusion_proof_holds_and_no_changed_one_does(size: int, data: st.DataObject) -> None:
    hashes = [sha256(bytes([number])).digest() for number in range(size)]
    tree, index = log.Tree(hashes), data.draw(st.integers(0, size - 1))
    path, root = tree.inclusion(index, size), tree.root()
    assert log.verify_inclusion(hashes[index], index, size, path, root)
    assert not log.verify_inclusion(sha256(b"other").digest(), index, size, path, root)
    assert not log.verify_inclusion(hashes[index], size, size, path, root)
    assert not log.verify_inclusion(hashes[index], index, size, [*path, root], root)
    if path:
        assert not log.verify_inclusion(hashes[index], index, size, path[1:], root)
        step = data.draw(st.integers(0, len(path) - 1))
        path[step] = bytes([path[step][0] ^ 1]) + path[step][1:]
        assert not log.verify_inclusion(hashes[index], index, size, path, root)


@given(second=sizes, data=st.data())
def test_every_consistency_proof_holds_and_no_rewritten_history_has_one(
    second: int, data: st.DataObject
) -> None:
    first = data.draw(st.integers(1, second))
    hashes = [sha256(bytes([number])).digest() for number in range(second)]
    tree = log.Tree(hashes)
    path, old, new = tree.consistency(first, second), tree.root(first), tree.root(second)
    assert log.verify_consistency(first, second, old, new, path)
    changed = data.draw(st.integers(0, first - 1))
    hashes[changed] = sha256(b"rewritten").digest()
    forged = log.Tree(hashes)
    assert not log.verify_consistency(first, second, old, forged.root(), forged.consistency(first, second))
    assert not log.verify_consistency(first, second, old, new, [*path, old])


def test_a_leaf_cannot_pass_for_a_node() -> None:
    left, right = HASHES[0], HASHES[1]
    assert log.leaf_hash(left + right) != log.node_hash(left, right)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (8, 8), (-1, 8), (0, 9)])
def test_there_are_no_proofs_of_what_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no entry"):
        log.Tree(HASHES).inclusion(index, size)


def test_a_signed_note_opens_with_its_key_alone() -> None:
    checkpoint = log.Checkpoint("map.example.org/log", 8, bytes.fromhex(ROOTS[-1]))
    note, key = log.sign(checkpoint, SEED), log.verifier(checkpoint.origin, SEED)
    assert log.open_note(note, key) == checkpoint
    assert note == log.sign(checkpoint, SEED), "the same bytes every time"
    other = base64.b64encode(bytes(32)).decode()
    for wrong in (
        note.replace("\n8\n", "\n9\n"),
        note.replace("map.", "mop."),
        note.rpartition("\n\n")[0] + "\n\n",
        log.sign(checkpoint, other),
        "",
    ):
        with pytest.raises(log.Forged):
            log.open_note(wrong, key)
