"""A planner at the editor: a grid of parcels that can be worked out by hand, and the hands on mouse and keyboard."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from playwright.sync_api import Browser, BrowserContext, Page
from pyproj import Transformer

from layers import stores
from layers.stores.contract import Event
from layers.workspace import Workspace
from tests.browser.app_server import Server
from tests.browser.visit import Visit
from tests.world import X, Y, box, table

WIDE, HIGH, ACROSS, DOWN = 60, 40, 7, 4
"""Parcels are 60 m × 40 m, 7 in a row, 4 rows; `P<row><column>` counts from the south-west."""


def grid() -> Workspace:
    """A grid of parcels, two that overlap beside it, and one with a building.

    All are M4 with a floor area ratio of 2, so that each can give 4,800 m²; `P36` carries a building and `P35` has a
    ratio of 1. `O1` and `O2` lie east of the grid and overlap by 10 m × 40 m.
    """
    parcels: list[dict[str, object]] = []
    for row in range(DOWN):
        for column in range(ACROSS):
            west, south = column * WIDE, row * HIGH
            ratio = 1.0 if (row, column) == (3, 5) else 2.0
            parcels.append(_parcel(f"P{row}{column}", box(west, south, west + WIDE, south + HIGH), ratio))
    parcels += [_parcel("O1", box(480, 0, 540, 40), 2.0), _parcel("O2", box(530, 0, 590, 40), 2.0)]
    return Workspace(
        name="网格",
        name_en="Grid",
        crs="EPSG:4548",
        as_of="2026-11-22",
        tables={
            "zones": table(
                "zones", [{"zone_id": "z", "name": "东区", "kind": "east", "geometry": box(-50, -50, 650, 250)}]
            ),
            "parcels": table("parcels", parcels),
            "buildings": table(
                "buildings", [{"building_id": "b1", "parcel_id": "P36", "floor_area_m2": 500.0, "geometry": None}]
            ),
            "assumptions": table(
                "assumptions", [{"assumption_id": "norm", "name": "floor_area_per_person", "value": 25.0}]
            ),
            "projects": table(
                "projects",
                [
                    {
                        "project_id": f"j{i}",
                        "name": name,
                        "function_mix": "research",
                        "requested_floor_area_m2": 200_000.0,
                    }
                    for i, name in enumerate(("甲", "乙"))
                ],
            ),
        },
    )


def _parcel(key: str, shape: shapely.Polygon, ratio: float) -> dict[str, object]:
    common = {"classification": "DB11/996", "land_use": "M4", "zone": "z", "official_area_m2": float(shape.area)}
    return {"parcel_id": key, "parcel_no": key, "far_max": ratio, "geometry": shape, **common}


class Desk:
    """The editor in a browser; places are metres from the corner of the grid."""

    def __init__(
        self,
        browser: Browser,
        server: Server,
        size: tuple[int, int] = (1366, 768),
        query: str = "",
        context: BrowserContext | None = None,
    ) -> None:
        self.visit = Visit(browser, server.address, size, context)
        self.server = server
        self.page: Page = self.visit.page
        self.turn = Transformer.from_crs("EPSG:4548", "EPSG:4490", always_xy=True)
        self.page.goto(f"{server.address}/editor{query}")
        self.page.wait_for_function("window.chengzai && window.chengzai.editor", timeout=30_000)
        self.view(0, 0, ACROSS * WIDE, DOWN * HIGH)

    def fresh(self) -> Desk:
        """Nothing in hand, nothing selected, the whole grid in view."""
        self.press("Escape", "Escape", "Escape")
        self.select()
        self.view(-20, -30, 440, 250)
        return self

    # -- looking

    def core(self, script: str, *given: Any) -> Any:
        """What a function of the core says."""
        return self.page.evaluate(f"given => (({script})(window.chengzai, ...given))", list(given))

    def view(self, west: float, south: float, east: float, north: float) -> None:
        """Bring a rectangle into view."""
        corners = [self.lonlat(west, south), self.lonlat(east, north)]
        self.core("(core, a, b) => core.fit([[a[1], a[0]], [b[1], b[0]]], {animate: false})", *corners)
        self.page.wait_for_timeout(50)

    def lonlat(self, x: float, y: float) -> tuple[float, float]:
        """Degrees of a place."""
        lon, lat = self.turn.transform(X + x, Y + y)
        return float(lon), float(lat)

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """Where a place is on the page."""
        lon, lat = self.lonlat(x, y)
        found = self.core(
            "(core, lon, lat) => { const at = core.map.latLngToContainerPoint([lat, lon]);"
            " const frame = core.map.getContainer(); const box = frame.getBoundingClientRect();"
            " return [box.x + frame.clientLeft + at.x, box.y + frame.clientTop + at.y]; }",
            lon,
            lat,
        )
        return float(found[0]), float(found[1])

    def middle(self, selector: str) -> tuple[float, float]:
        """The middle of something on the page."""
        box = self.page.locator(selector).bounding_box()
        assert box
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def selected(self) -> list[str]:
        """Keys of the parcels that are selected, in order."""
        return sorted(self.core("core => [...core.selection].map((slot) => core.names.keys[slot])"))

    def said(self) -> str:
        """What the map says of the last act."""
        return str(self.core("core => core.furniture.line.textContent"))

    def bar(self) -> str:
        """What the bar of the tool says."""
        return str(self.core("core => core.editor.options.line.textContent"))

    # -- hands

    def click(self, x: float, y: float, *keys: str) -> None:
        """Click a place, with keys held down."""
        for key in keys:
            self.page.keyboard.down(key)
        self.page.mouse.click(*self.pixel(x, y))
        for key in keys:
            self.page.keyboard.up(key)

    def double(self, x: float, y: float) -> None:
        """Click a place twice."""
        self.page.mouse.dblclick(*self.pixel(x, y))

    def drag(self, *places: tuple[float, float]) -> None:
        """Drag from place to place."""
        self.page.mouse.move(*self.pixel(*places[0]))
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*self.pixel(*place), steps=6)
        self.page.mouse.up()

    def take(self, name: str) -> None:
        """Take a tool by its button."""
        self.page.locator(f'.cz-tool[data-name="{name}"]').click()

    def press(self, *keys: str) -> None:
        """Press keys on the map."""
        self.core("core => core.map.getContainer().focus()")
        for key in keys:
            self.page.keyboard.press(key)

    def cross(self, x: float, y: float) -> None:
        """Bring the cross to a place with the arrow keys: strides of 12 pixels, and single ones with Ctrl."""
        to = self.pixel(x, y)
        frame = self.core(
            "core => { const f = core.map.getContainer(); const b = f.getBoundingClientRect();"
            " const { x, y } = core.editor.walk.at ?? core.map.getSize().divideBy(2);"
            " return [b.x + f.clientLeft + x, b.y + f.clientTop + y]; }"
        )
        self.core("core => core.map.getContainer().focus()")
        for away, less, more in ((to[0] - frame[0], "Left", "Right"), (to[1] - frame[1], "Up", "Down")):
            arrow = f"Arrow{more if away > 0 else less}"
            strides, single = divmod(round(abs(away)), 12)
            for key in [arrow] * strides + [f"Control+{arrow}"] * single:
                self.page.keyboard.press(key)

    def type_place(self, text: str) -> None:
        """Type coordinates into the bar of the tool, and put them."""
        before = self.core("core => core.tools.tool.points.length")
        field = self.page.locator(".cz-place input")
        field.fill(text)
        field.press("Enter")
        self.page.wait_for_function("before => window.chengzai.tools.tool.points.length > before", arg=before)

    def select(self, *keys: str) -> None:
        """Select parcels, without hands."""
        self.core("(core, ...keys) => core.select(keys.map((key) => core.names.slot(key)))", *keys)

    def until(self, script: str) -> None:
        """Wait until a function of the core says yes."""
        self.page.wait_for_function(f"({script})(window.chengzai)", timeout=10_000)

    def settled(self) -> None:
        """Wait until every act is answered."""
        self.until("core => core.outbox.queue.length === 0 && !core.outbox.sending")

    @contextlib.contextmanager
    def saved(self) -> Iterator[None]:
        """Do something that is stored, and wait until the map has heard of it."""
        head = self.core("core => core.revision")
        yield
        self.page.wait_for_function("head => window.chengzai.revision > head", arg=head, timeout=10_000)
        self.settled()

    # -- the store

    def stored(self) -> Workspace:
        """The workspace as it is stored."""
        return stores.read(self.server.workspace)

    def shape(self, key: str) -> Any:
        """The stored outline of a parcel, in metres from the corner of the grid."""
        parcels = self.stored().table("parcels")
        found = parcels.loc[parcels["parcel_id"] == key, "geometry"].iloc[0]
        return shapely.transform(found, lambda points: points - np.array([X, Y]))

    def there(self) -> set[str]:
        """Keys of the stored parcels."""
        return set(self.stored().table("parcels")["parcel_id"])

    def area(self) -> float:
        """Area of all stored parcels [m²]."""
        return float(shapely.area(self.stored().shapes("parcels")).sum())

    def came(self, before: set[str]) -> list[str]:
        """Keys of parcels that were not there before."""
        return sorted(self.there() - before)

    def parents(self, key: str) -> str:
        """Where a stored parcel comes from."""
        parcels = self.stored().table("parcels")
        return str(parcels.loc[parcels["parcel_id"] == key, "parents"].iloc[0])

    def events(self, most: int = 50) -> list[Event]:
        """The last events, the newest first."""
        with stores.open_store(self.server.workspace).reading() as tx:
            return list(tx.events(newest_first=True, limit=most, rows=False))

    def undone(self, act: Callable[[], None]) -> None:
        """Do something, then take it back with Ctrl+Z: every row is what it was."""
        before = told(self.stored())
        act()
        self.settled()
        assert told(self.stored()) != before, f"nothing was stored: {self.said()} / {self.bar()}"
        with self.saved():
            self.page.locator('.cz-undo [data-act="undo"][aria-disabled="false"]').wait_for()
            self.press("Control+z")
        assert told(self.stored()) == before

    def close(self) -> None:
        """Leave; nothing may have gone wrong unseen."""
        self.visit.close()
        assert self.visit.left == [], "requests that would leave the machine"
        assert self.visit.errors == [], "errors in the browser"


def told(workspace: Workspace) -> dict[str, Sequence[str]]:
    """Every row of every table, to the last bit."""
    return {
        layer: sorted(
            "|".join(one.wkb_hex if isinstance(one, shapely.Geometry) else repr(one) for one in row)
            for row in workspace.table(layer).itertuples(index=False)
        )
        for layer in ("parcels", "assignments", "buildings", "projects", "zones")
    }
