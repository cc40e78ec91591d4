"""Services in the network, against one on this machine: words, keys, and answers that must not pass."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from layers.map.bases import remote
from layers.map.bases.errors import BaseSettingWrong
from layers.map.bases.remote import Remote, tianditu, wmts
from tests.layers.map.bases.fake import KEY, Service, service
from tests.layers.map.bases.making import at, colours


@pytest.fixture
def there() -> Iterator[Service]:
    with service() as running:
        yield running


def xyz(there: Service, path: str = "/xyz/{z}/{x}/{y}") -> Remote:
    return Remote(where="t", address=there.address + path)


def test_a_wmts_is_asked_in_its_words_and_with_the_key(there: Service) -> None:
    base = Remote(where="t", address=tianditu(there.address, "vec", "w"), key=KEY)
    z, x, y = at(12)
    found = base.tile(z, x, y)
    assert found is not None and colours(found.data)[0, 0].tolist() == [z, x % 256, y % 256, 255]
    assert there.asked[0].startswith("/vec_w/wmts?") and "tk=k%26%3Dy%201" in there.asked[0]
    assert KEY not in repr(base) and KEY not in str(vars(base).get("address"))


def test_without_the_right_key_there_is_no_tile(there: Service) -> None:
    base = Remote(where="t", address=tianditu(there.address, "vec", "w"), key="other")
    assert base.tile(*at(12)) is None


def test_other_matrix_names_and_rows_from_the_south(there: Service) -> None:
    address = wmts(f"{there.address}/wmts", {"layer": "l", "matrix_set": "c", "matrix_prefix": "EPSG:4490:"})
    assert "TILEMATRIX=EPSG%3A4490%3A{z}&" in address
    z, x, y = at(5)
    Remote(where="t", address=f"{there.address}/xyz/{{z}}/{{x}}/{{-y}}").tile(z, x, y)
    Remote(where="t", address=f"{there.address}/xyz/{{z}}/{{x}}/{{y}}", zoom_offset=-1).tile(z, x, y)
    assert there.asked == [f"/xyz/5/{x}/{31 - y}", f"/xyz/4/{x}/{y}"]


@pytest.mark.parametrize("path", ["moved", "page", "lie", "huge", "gone"])
def test_answers_that_are_no_tile(there: Service, path: str) -> None:
    base = xyz(there, f"/{path}/{{z}}/{{x}}/{{y}}")
    assert base.tile(3, 1, 2) is None
    assert there.asked == [f"/{path}/3/1/2"], "a redirect is not followed"
    assert xyz(there).tile(3, 1, 2) is not None


def test_a_slow_host_is_given_up_and_then_left_alone(there: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "_PATIENCE", 0.3)
    base = xyz(there, "/slow/{z}/{x}/{y}")
    start = time.monotonic()
    assert base.tile(3, 1, 2) is None and time.monotonic() - start < 1.2
    assert base.tile(3, 1, 3) is None
    assert len(there.asked) == 1, "it rests before it is asked again"


def test_a_host_that_is_not_there_gives_no_tile() -> None:
    base = Remote(where="t", address="http://127.0.0.1:1/{z}/{x}/{y}")
    assert base.tile(3, 1, 2) is None


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/{z}/{x}/{y}",
        "ftp://maps/{z}/{x}/{y}",
        "//maps/{z}/{x}/{y}",
        "http://user:word@maps/{z}/{x}/{y}",
        "http://{x}.maps/{z}/{x}/{y}",
        "http://maps:99999/{z}/{x}/{y}",
        "http://maps/tiles/{z}/{y}",
        "http://maps/{z}/{x}/{y}/{quadkey}",
        "http://maps/{z}/{x}/{y}#top",
        "http:///{z}/{x}/{y}",
    ],
)
def test_addresses_that_are_not_taken(address: str) -> None:
    with pytest.raises(BaseSettingWrong):
        Remote(where="t", address=address)
