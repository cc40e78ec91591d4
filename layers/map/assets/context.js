/**
 * What lies around the parcels: backdrop, zones, parks, stations, and their names.
 */
import { element } from "./dom.js";
import { limitLayer } from "./limits.js";

/**
 * @typedef {{name: string, kind: string, rings: [number, number][][], label: [number, number] | null}} Area
 * @typedef {{name: string, kind: string, parts: [number, number][][], closed: boolean}} Trace
 * @typedef {{name: string, kind: string, at: [number, number]}} Spot
 * @typedef {object} ContextPayload
 * @property {[[number, number], [number, number]] | null} bounds
 * @property {Area[]} zones
 * @property {Area[]} sub_areas
 * @property {(Area & {at: [number, number] | null})[]} parks
 * @property {Spot[]} stations
 * @property {Trace[]} backdrop
 * @property {import("./limits.js").Limit[]} limits
 * @property {{kind: string, label: string, values: object}[]} limit_kinds kinds that can be drawn, with what they do
 */

const INK = "#2b3a42";
const PARK = "#6b4c86";
const QUIET = { interactive: false };

/**
 * Layer groups by name, for the layer switches.
 *
 * @param {ContextPayload} payload
 */
export function contextLayers(payload) {
  const { L } = window;
  return {
    backdrop: L.layerGroup(payload.backdrop.flatMap(trace)),
    zones: L.layerGroup([...payload.zones.flatMap(zone), ...payload.sub_areas.flatMap(subArea)]),
    parks: L.layerGroup(payload.parks.flatMap(park)),
    stations: L.layerGroup(payload.stations.flatMap(station)),
    limits: limitLayer(payload.limits),
  };
}

/** @param {Trace} line */
function trace(line) {
  const { L } = window;
  if (line.closed) {
    return [L.polygon(line.parts, { ...QUIET, pane: "backdrop", stroke: false, fillColor: "#c9cfd3", fillOpacity: 0.8 })];
  }
  if (line.kind === "metro_line" || line.kind === "railway") {
    const dashes = line.kind === "railway" ? "6 5" : undefined;
    return [
      L.polyline(line.parts, { ...QUIET, pane: "backdrop", color: "#ffffff", weight: 5, opacity: 0.9 }),
      L.polyline(line.parts, { ...QUIET, pane: "backdrop", color: "#a9b4ba", weight: 2.5, dashArray: dashes }),
      ...middles(line),
    ];
  }
  return [L.polyline(line.parts, { ...QUIET, pane: "backdrop", color: "#c3cbd0", weight: 1.5 })];
}

/** The name of a line, where it is longest straight. */
function middles(line) {
  const longest = line.parts.reduce((best, part) => (part.length > best.length ? part : best), []);
  const middle = longest[Math.floor(longest.length / 2)];
  return middle && line.name ? [nameAt(middle, line.name, "cz-name cz-line", 0)] : [];
}

/** @param {Area} area */
function zone(area) {
  const { L } = window;
  return [
    L.polygon(area.rings, { ...QUIET, pane: "ground", stroke: false, fillColor: "#ffffff", fillOpacity: 0.85 }),
    L.polygon(area.rings, { ...QUIET, pane: "outlines", fill: false, color: "#ffffff", weight: 5, opacity: 0.85 }),
    L.polygon(area.rings, { ...QUIET, pane: "outlines", fill: false, color: INK, weight: 2.2 }),
    ...(area.label ? [nameAt(area.label, area.name, "cz-name cz-zone", 4)] : []),
  ];
}

/** @param {Area} area */
function subArea(area) {
  const { L } = window;
  return [
    L.polygon(area.rings, { ...QUIET, pane: "outlines", fill: false, color: INK, weight: 1.2, dashArray: "5 4" }),
    ...(area.label ? [nameAt(area.label, area.name, "cz-name cz-sub", 3)] : []),
  ];
}

function park(area) {
  const { L } = window;
  const where = area.label ?? area.at;
  const shape = area.rings.length
    ? L.polygon(area.rings, { ...QUIET, pane: "outlines", color: PARK, weight: 2, fillColor: PARK, fillOpacity: 0.06 })
    : L.circleMarker(area.at, { ...QUIET, pane: "outlines", radius: 5, color: "#fff", weight: 1.5, fillColor: PARK, fillOpacity: 1 });
  return [shape, ...(where ? [nameAt(where, area.name, "cz-name cz-park", 2)] : [])];
}

/** @param {Spot} spot */
function station(spot) {
  const { L } = window;
  const small = spot.kind === "entrance";
  const dot = L.circleMarker(spot.at, {
    ...QUIET,
    pane: "outlines",
    kind: spot.kind,
    radius: 1.5,
    color: "#5b6a72",
    weight: small ? 0 : 1.8,
    fillColor: small ? "#5b6a72" : "#ffffff",
    fillOpacity: 1,
  });
  return small ? [dot] : [dot, nameAt(spot.at, spot.name, "cz-name cz-station", 1)];
}

/** Stations are dots that grow with the scale; entrances show only from near. */
export function sizeStations(layer, zoom) {
  const grown = zoom >= 14 ? 1 : zoom >= 13 ? 0.8 : 0.6;
  layer.eachLayer((dot) => {
    if (!dot.setRadius) return;
    const { kind } = dot.options;
    if (kind === "entrance") dot.setStyle({ fillOpacity: zoom >= 15 ? 1 : 0 });
    else dot.setRadius((kind === "rail" ? 4.5 : 3.6) * grown);
  });
}

/**
 * A name on the map. `rank` decides who stays when names collide.
 *
 * @param {[number, number]} at
 * @param {string} text
 * @param {string} className
 * @param {number} rank
 */
export function nameAt(at, text, className, rank) {
  const { L } = window;
  const label = element("span", className, text);
  label.dataset.rank = String(rank);
  return L.marker(at, {
    pane: "names",
    interactive: false,
    keyboard: false,
    icon: L.divIcon({ className: "cz-anchor", html: label, iconSize: [0, 0] }),
  });
}

/** Hide the marks of a pane that lie under controls. */
export function clearOf(pane, selector, taken) {
  const marks = /** @type {HTMLElement[]} */ ([...pane.querySelectorAll(selector)]);
  const boxes = marks.map((mark) => mark.getBoundingClientRect()); // all before the first change, as each lays out anew
  marks.forEach((mark, i) => {
    mark.style.visibility = taken.some((one) => meet(one, boxes[i])) ? "hidden" : "visible";
  });
}

/**
 * Hide names that would cover one of a higher rank.
 *
 * @param {HTMLElement} pane
 * @param {DOMRect[]} taken boxes that are taken already, such as controls
 */
export function declutter(pane, taken) {
  const names = /** @type {HTMLElement[]} */ ([...pane.querySelectorAll(".cz-name")]);
  names.sort((a, b) => Number(b.dataset.rank) - Number(a.dataset.rank));
  const kept = [...taken];
  const boxes = names.map((name) => name.getBoundingClientRect());
  names.forEach((name, i) => {
    const clear = boxes[i].width > 0 && !kept.some((box) => meet(box, boxes[i]));
    name.style.visibility = clear ? "visible" : "hidden";
    if (clear) kept.push(boxes[i]);
  });
}

function meet(a, b) {
  return a.left < b.right + 3 && b.left < a.right + 3 && a.top < b.bottom + 1 && b.top < a.bottom + 1;
}
