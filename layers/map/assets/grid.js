/**
 * Graticule (经纬网), the coordinates under the cursor, scale bar and north arrow.
 */
import { control, element } from "./dom.js";

const STEPS = [10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005];
const SPACING = 150;

/** The step [degrees] whose lines stand at least `SPACING` pixels apart. */
export function stepFor(degreesAcross, pixelsAcross) {
  const wanted = (degreesAcross / pixelsAcross) * SPACING;
  return STEPS.filter((step) => step >= wanted).pop() ?? STEPS[0];
}

/** Multiples of a step between two bounds. */
export function multiples(low, high, step) {
  const out = [];
  for (let i = Math.ceil(low / step); i * step <= high; i += 1) out.push(i * step);
  return out;
}

/** Degrees as text, with as many decimals as the step needs. */
export function degrees(value, step, positive, negative) {
  const decimals = Math.max(0, Math.ceil(-Math.log10(step)));
  return `${Math.abs(value).toFixed(decimals)}°${value < 0 ? negative : positive}`;
}

/** A layer group that follows the view. */
export function graticule(map) {
  const { L } = window;
  const group = L.layerGroup();
  const line = { pane: "grid", color: "#8fa0a8", weight: 0.6, opacity: 0.55, interactive: false, dashArray: "2 4" };
  const draw = () => {
    group.clearLayers();
    const box = map.getBounds();
    const step = stepFor(box.getEast() - box.getWest(), map.getSize().x);
    for (const lon of multiples(box.getWest(), box.getEast(), step)) {
      group.addLayer(L.polyline([[box.getSouth(), lon], [box.getNorth(), lon]], line));
      group.addLayer(mark([box.getNorth(), lon], degrees(lon, step, "E", "W"), "cz-degree cz-top"));
    }
    for (const lat of multiples(box.getSouth(), box.getNorth(), step)) {
      group.addLayer(L.polyline([[lat, box.getWest()], [lat, box.getEast()]], line));
      group.addLayer(mark([lat, box.getWest()], degrees(lat, step, "N", "S"), "cz-degree cz-left"));
    }
  };
  map.on("moveend zoomend resize", draw);
  draw();
  return group;
}

function mark(at, text, className) {
  const { L } = window;
  const icon = L.divIcon({ className: "cz-anchor", html: element("span", className, text), iconSize: [0, 0] });
  return L.marker(at, { pane: "grid", interactive: false, keyboard: false, icon });
}

/** Scale bar, north arrow and coordinates at the foot of the map. */
export function foot(map, words) {
  const { L } = window;
  L.control.scale({ imperial: false, position: "bottomleft", maxWidth: 120 }).addTo(map);
  const where = element("div", "cz-where");
  where.title = words.coordinates;
  control("bottomright", where, false).addTo(map);
  const north = element("div", "cz-north");
  north.append(element("span", "cz-arrow", "▲"), element("span", "", words.north));
  control("bottomleft", north, false).addTo(map);
  const show = (at) => {
    where.textContent = `${degrees(at.lng, 1e-5, "E", "W")}  ${degrees(at.lat, 1e-5, "N", "S")}`;
  };
  map.on("mousemove", (event) => show(event.latlng));
  show(map.getCenter());
}
