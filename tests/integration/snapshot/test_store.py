"""The folder of generations: same inputs, same bytes; killed anywhere, readers keep a whole set."""

import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from geo.record.snapshot.pages import Page, Pages
from geo.record.snapshot.store import KEEP, KEEP_SECONDS, Store

BASE = b"release"
# Every operation on the file system passes one of these (https://docs.python.org/3/library/audit_events.html).
OPERATIONS = {"open", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.utime"}


@pytest.fixture
def in_memory() -> Iterator[Path]:
    """A folder that survives SIGKILL, not a loss of power, and where fsync costs nothing."""
    place = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=place if os.access(place, os.W_OK) else None) as made:
        yield Path(made)


def page(path: str, text: str, kind: str = "text/html") -> Page:
    body = text.encode() * 200  # long enough to be compressed
    return Page(path, kind, text.encode(), lambda: body)


def some(version: str) -> list[Page]:
    """A first screen, four schools in two folders, and a data file; all but three schools change with the version."""
    return [
        page("ko/index.html", f"home {version}"),
        *(
            page(
                f"ko/schools/X9{number}000{number % 2:02}/index.html",
                f"school {number} {version * (number == 3)}",
            )
            for number in range(4)
        ),
        page("api/v1/records.geojson", f"data {version}", "application/geo+json"),
    ]


def write(store: Store, number: int, pages: Sequence[Page | Pages]) -> None:
    with store.locked():
        store.write(number, f"inputs {number}", f"public {number}".encode(), pages, BASE)
        store.prune()


def readable(root: Path) -> dict[str, bytes]:
    """What readers can see: every file of the current generation by its path."""
    www = (root / "current" / "www").resolve()
    found = {}
    for place, _, names in os.walk(www, followlinks=True):
        for name in names:
            path = Path(place, name)
            found[str(path.relative_to(www))] = path.read_bytes()
    return found


def reference(tmp_path: Path, version: str) -> dict[str, bytes]:
    store = Store(tmp_path / f"reference {version}")
    write(store, 1, some(version))
    return readable(store.root)


def test_pages_lie_where_the_rule_says(tmp_path: Path) -> None:
    found = reference(tmp_path, "one")
    assert {"ko/index.html", "ko/index.html.gz", "ko/index.html.br", "ko/schools/01/X9300001.html"} <= set(
        found
    )
    assert found["ko/schools/01/X9300001.html"] == b"school 3 one" * 200


def test_the_same_inputs_make_the_same_bytes_and_times(tmp_path: Path) -> None:
    stores = [Store(tmp_path / name) for name in ("one", "other")]
    for store in stores:
        write(store, 1, some("one"))
    first, second = (
        {str(path.relative_to(store.trees)): path.stat().st_mtime for path in store.trees.rglob("*.html*")}
        for store in stores
    )
    assert first == second and first
    assert readable(stores[0].root) == readable(stores[1].root)


def test_an_unchanged_page_is_not_rendered_again(tmp_path: Path) -> None:
    store = Store(tmp_path)
    write(store, 1, some("one"))
    rendered: list[str] = []

    def watched(made: Page) -> Page:
        def render() -> bytes:
            rendered.append(made.path)
            return made.render()

        return made._replace(render=render)

    write(store, 2, [watched(made) for made in some("two")])
    assert sorted(rendered) == ["api/v1/records.geojson", "ko/index.html", "ko/schools/X9300001/index.html"]
    assert readable(tmp_path) == reference(tmp_path, "two")


def test_a_page_that_goes_is_gone(tmp_path: Path) -> None:
    store = Store(tmp_path)
    write(store, 1, some("one"))
    write(store, 2, [made for made in some("one") if "X9300001" not in made.path])
    assert not any("X9300001" in path for path in readable(tmp_path))


def test_two_places_of_the_same_names_and_keys_do_not_share_their_files(tmp_path: Path) -> None:
    pages: list[Page | Pages] = []
    for code in ("ko", "en"):
        pages.append(Pages(f"{code}/schools", "text/html", {"X901": b"key"}, partial(named, code)))
        pages.append(Page(f"{code}/a", "text/plain", b"key", partial(named, code, "")))
    write(Store(tmp_path), 1, pages)
    assert readable(tmp_path) == {
        "ko/schools/01/X901.html": b"koX901",
        "en/schools/01/X901.html": b"enX901",
        "ko/a": b"ko",
        "en/a": b"en",
    }


def named(language: str, name: str) -> bytes:
    return f"{language}{name}".encode()


def test_one_of_many_with_a_name_that_no_address_has_is_refused(tmp_path: Path) -> None:
    for folder, name in (
        ("ko/schools", "../x"),
        ("ko/schools", "a.b"),
        ("ko/schools", "b/../X901"),
        ("ko/schools", "가X901"),
        ("ko/schools", "X"),
        ("ko/elsewhere", "X901"),
    ):
        with pytest.raises(ValueError, match="no page of many"):
            write(Store(tmp_path), 1, [Pages(folder, "text/html", {"X801": b"", name: b""}, str.encode)])


def test_two_pages_at_one_address_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"two pages at ko/index\.html"):
        write(Store(tmp_path), 1, [page("ko/index.html", "a"), page("ko/index.html", "b")])


def test_a_file_whose_name_says_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"robots\.txt is no text/html"):
        write(Store(tmp_path), 1, [page("robots.txt", "a")])


def copied(source: Path, target: Path) -> Store:
    return Store(Path(shutil.copytree(source, target, symlinks=True)))


def in_a_child(action: Callable[[], None], *, killed_at: int) -> int:
    """Runs `action` in a process that SIGKILL ends before its nth operation on the file system; the wait status."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    left = killed_at

    def count(event: str, _: Any) -> None:
        nonlocal left
        if event in OPERATIONS:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    try:
        action()
    finally:
        os._exit(0)


def test_killed_before_any_operation_readers_have_one_whole_set_and_the_next_build_ends_the_same(
    in_memory: Path,
) -> None:
    old, new = reference(in_memory, "one"), reference(in_memory, "two")
    seen = {"old": 0, "new": 0}
    write(Store(in_memory / "before"), 1, some("one"))
    for step in range(1, 1000):
        store = copied(in_memory / "before", in_memory / f"killed {step}")
        status = in_a_child(lambda store=store: write(store, 2, some("two")), killed_at=step)
        left = readable(store.root)
        assert left in (old, new), f"torn after operation {step}"
        seen["old" if left == old else "new"] += 1
        write(store, 2, some("two"))
        assert readable(store.root) == new, f"not mended after operation {step}"
        assert not store.work.exists()
        if not os.WIFSIGNALED(status):
            break
    else:
        raise AssertionError("the build never came to its end")
    assert seen["old"] > 50 and seen["new"] >= 1, seen


def test_killed_before_any_operation_of_the_pruning_the_next_build_leaves_no_hole(in_memory: Path) -> None:
    late = 10 * KEEP_SECONDS + time.time()

    def prune(store: Store) -> None:
        with store.locked():
            store.prune(now=late)

    wanted = reference(in_memory, "version 1")
    for number in range(1, KEEP + 3):
        write(Store(in_memory / "before"), number, some(f"version {number}"))
    for step in range(1, 1000):
        store = copied(in_memory / "before", in_memory / f"pruned {step}")
        status = in_a_child(lambda store=store: prune(store), killed_at=step)
        write(store, KEEP + 3, some("version 1"))  # wants trees that may be half gone
        assert readable(store.root) == wanted
        if not os.WIFSIGNALED(status):
            break
    else:
        raise AssertionError("the pruning never came to its end")
    assert step > 20


def test_pruning_keeps_what_readers_may_still_read(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for number in range(1, KEEP + 4):
        write(store, number, some(f"version {number}"))
    assert len(list(store.generations.iterdir())) == KEEP + 3, "ten minutes have not passed"
    trees = len(list(store.trees.iterdir()))
    store.prune(now=time.time() + KEEP_SECONDS + 1)
    assert sorted(int(path.name) for path in store.generations.iterdir()) == [4, 5, 6]
    assert len(list(store.trees.iterdir())) < trees
    assert readable(tmp_path) == reference(tmp_path, f"version {KEEP + 3}")
