/**
 * Kilometre grid (公里网) of the working CRS over the view.
 */
import { element } from "./dom.js";
import { multiples } from "./grid.js";

const STEPS = [50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100];
const SPACING = 110;
const PIECES = 8;

/** The step [m] whose lines stand at least `SPACING` pixels apart. */
export function stepOf(metresAcross, pixelsAcross) {
  const wanted = (metresAcross / pixelsAcross) * SPACING;
  return STEPS.filter((step) => step >= wanted).pop() ?? STEPS[0];
}

/** Metres as kilometres, with as many decimals as the step needs. */
export function kilometres(value, step) {
  return (value / 1000).toFixed(step < 1000 ? 1 : 0);
}

/**
 * A layer group that follows the view.
 *
 * @param {any} map
 * @param {import("./gauss.js").Projection} projection
 * @param {() => void} drawn called when its numbers may lie under controls
 */
export function kilometreGrid(map, projection, drawn) {
  const { L } = window;
  const group = L.layerGroup();
  const line = { pane: "grid", color: "#3f6f8c", weight: 0.7, opacity: 0.6, interactive: false };
  const draw = () => {
    group.clearLayers();
    const view = reach(map.getBounds(), projection);
    const step = stepOf(view.east - view.west, map.getSize().x);
    for (const east of multiples(view.west, view.east, step)) {
      const points = along(view.south, view.north).map((north) => latlng(projection, east, north));
      group.addLayer(L.polyline(points, line));
      group.addLayer(mark(crossing(points, map.getBounds().getSouth(), 0), kilometres(east, step), "cz-degree cz-foot"));
    }
    for (const north of multiples(view.south, view.north, step)) {
      const points = along(view.west, view.east).map((east) => latlng(projection, east, north));
      group.addLayer(L.polyline(points, line));
      group.addLayer(mark(crossing(points, map.getBounds().getWest(), 1), kilometres(north, step), "cz-degree cz-under"));
    }
    drawn();
  };
  group.on("add", () => {
    map.on("moveend zoomend resize", draw);
    draw();
  });
  group.on("remove", () => map.off("moveend zoomend resize", draw));
  return group;
}

/** Box of the view in metres. */
function reach(box, projection) {
  const { L } = window;
  const sides = [box.getSouthWest(), box.getSouthEast(), box.getNorthWest(), box.getNorthEast(), box.getCenter()];
  sides.push(L.latLng(box.getNorth(), box.getCenter().lng), L.latLng(box.getSouth(), box.getCenter().lng));
  const metres = sides.map((side) => projection.metres(side.lng, side.lat));
  const [east, north] = [metres.map((one) => one[0]), metres.map((one) => one[1])];
  return { west: Math.min(...east), east: Math.max(...east), south: Math.min(...north), north: Math.max(...north) };
}

function along(low, high) {
  return Array.from({ length: PIECES + 1 }, (_, i) => low + ((high - low) * i) / PIECES);
}

function latlng(projection, east, north) {
  const [lon, lat] = projection.degrees(east, north);
  return [lat, lon];
}

/** Where a line crosses a side of the view: `axis` 0 for a latitude, 1 for a longitude. */
function crossing(points, side, axis) {
  for (let i = 1; i < points.length; i += 1) {
    const [a, b] = [points[i - 1], points[i]];
    const share = (side - a[axis]) / (b[axis] - a[axis]);
    if (share >= 0 && share <= 1) return [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
  }
  return points[0];
}

function mark(at, text, className) {
  const { L } = window;
  const icon = L.divIcon({ className: "cz-anchor", html: element("span", className, text), iconSize: [0, 0] });
  return L.marker(at, { pane: "grid", interactive: false, keyboard: false, icon });
}
