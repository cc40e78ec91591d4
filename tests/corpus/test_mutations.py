"""Damaged files of every format, many of each: the service neither dies nor loses a row unseen.

`make test` deals 60 blows a format, `make soak` 600.
"""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections import Counter
from pathlib import Path

import pytest

from layers.workspace import Workspace
from tests.corpus.broken import WHOLE, WISH
from tests.corpus.mutating import mutated
from tests.corpus.test_corpus import outcome

ROUNDS = int(os.environ.get("CHENGZAI_SOAK", "60"))


@pytest.mark.parametrize("kind", WHOLE)
def test_damaged_files_are_read_or_refused_in_words(kind: str, tmp_path: Path) -> None:
    workspace = Workspace(name="空", name_en="Empty", crs="EPSG:4548", tables={})
    whole = tmp_path / "whole"
    whole.mkdir()
    path = WHOLE[kind](whole)
    parts = sorted(part for part in path.parent.iterdir() if part.is_file())
    verdicts: Counter[str] = Counter()
    for number in range(ROUNDS):
        folder = tmp_path / "damaged"
        folder.mkdir()
        hit = parts[number % len(parts)]
        for part in parts:
            data = part.read_bytes()
            if part == hit and number % 17 == 16 and len(parts) > 1:
                continue  # a part that was left behind
            (folder / part.name).write_bytes(mutated(data, number) if part == hit else data)
        how, said = outcome(workspace, folder / path.name, dict(WISH.get(kind, {})))
        verdicts[said["code"] if how == "refused" else "read"] += 1
        if how == "read":
            assert said["read"] == said["accepted"] + said["rejected"], number
        shutil.rmtree(folder)
    print(f"{kind}: {ROUNDS} damaged files, {dict(verdicts)}")
    assert sum(verdicts.values()) == ROUNDS
    assert len(verdicts) > 1, "some blows are noticed"


def test_nothing_is_asked_of_the_network(tmp_path: Path) -> None:
    """A listener on this machine counts who comes: links in files are not followed."""
    calls: list[int] = []
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        listener.settimeout(0.2)
        port = listener.getsockname()[1]
        done = threading.Event()

        def count() -> None:
            while not done.is_set():
                try:
                    peer, _ = listener.accept()
                except TimeoutError:
                    continue
                calls.append(1)
                peer.close()

        watcher = threading.Thread(target=count)
        watcher.start()
        try:
            for name, text in _CALLERS.items():
                path = tmp_path / name
                path.write_text(text.replace("PORT", str(port)), encoding="utf-8")
                outcome(Workspace(name="空", name_en="Empty", crs="EPSG:4548", tables={}), path, {})
            _prj_with_address(tmp_path, port)
        finally:
            done.set()
            watcher.join()
    assert calls == []


_CALLERS = {
    "link.geojson": '{"type":"FeatureCollection","features":[],"crs":{"type":"link","properties":'
    '{"href":"http://127.0.0.1:PORT/crs","type":"ogcwkt"}}}',
    "late.geojson": '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":null}],'
    '"crs":{"type":"name","properties":{"name":"http://127.0.0.1:PORT/crs"}}}',
    "network.kml": '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><NetworkLink><Link>'
    "<href>http://127.0.0.1:PORT/a.kml</href></Link></NetworkLink></Document></kml>",
    "style.kml": '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><styleUrl>'
    "http://127.0.0.1:PORT/s.kml#a</styleUrl><Point><coordinates>116.28,39.83</coordinates></Point></Placemark>"
    "</Document></kml>",
    "vrt.shp": "<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/vsicurl/http://127.0.0.1:PORT/a</SrcDataSource>"
    "</OGRVRTLayer></OGRVRTDataSource>",
    "entity.kml": '<?xml version="1.0"?><!DOCTYPE k SYSTEM "http://127.0.0.1:PORT/k.dtd"><kml></kml>',
}


def _prj_with_address(folder: Path, port: int) -> None:
    path = WHOLE["shp"](folder)
    path.with_suffix(".prj").write_text(f"http://127.0.0.1:{port}/4548.prj", encoding="ascii")
    outcome(Workspace(name="空", name_en="Empty", crs="EPSG:4548", tables={}), path, {})
