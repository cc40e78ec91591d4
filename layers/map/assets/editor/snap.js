/**
 * Catching stored vertices and edges. What is caught travels as a reference: the outlines here are good to a
 * centimetre only.
 *
 * @typedef {{at: [number, number]} | {xy: [number, number]} | {vertex: [string, number, number, number]} | {edge: [string, number, number, number, number]}} Reference
 *
 * @typedef {object} Caught
 * @property {"vertex" | "edge" | "free"} kind
 * @property {Reference} ref
 * @property {[number, number]} latlng latitude, longitude
 * @property {number} x units from the origin of the outlines
 * @property {number} y
 * @property {number} slot of the parcel that was caught, −1 for none
 */
import { WORLD } from "../blob.js";
import { toUnit } from "../geometry.js";

/** How near the pointer has to come [px]; a finger is broader. */
const REACH = 10;
const REACH_TOUCH = 18;
const STEP = Math.PI / 4;

/** Units of the outlines in one pixel of the screen. */
export function unitsInPixel(map) {
  return WORLD / (256 * 2 ** map.getZoom());
}

export function reachOf(map, spot) {
  return (spot.touch ? REACH_TOUCH : REACH) * unitsInPixel(map);
}

/**
 * @param {import("../core.js").Core} core
 * @param {import("../tools.js").Spot} spot
 * @param {{moved?: {x: number, y: number} | null}} [but] a vertex that is being moved catches nothing of itself
 * @returns {Caught}
 */
export function caught(core, spot, { moved = null } = {}) {
  if (spot.alt) return free(core, spot.x, spot.y);
  const reach = reachOf(core.map, spot);
  return nearestVertex(core, spot, reach, moved) ?? nearestEdge(core, spot, reach, moved) ?? free(core, spot.x, spot.y);
}

/** A place that caught nothing. */
export function free(core, x, y) {
  const [lon, lat] = core.geometry.degrees(x, y);
  return { kind: "free", ref: { at: [lon, lat] }, latlng: [lat, lon], x, y, slot: -1 };
}

/** A place that was typed: its reference has every digit. */
export function named(core, { point, lonlat: [lon, lat] }) {
  const [x, y] = core.geometry.local(...toUnit(lon, lat));
  return { ...free(core, x, y), ref: point };
}

/**
 * The place turned to the next eighth of a turn around another; the map keeps angles, so this is right on it.
 *
 * @param {import("../core.js").Core} core
 * @param {{x: number, y: number}} from
 * @param {{x: number, y: number}} to
 */
export function squared(core, from, to) {
  const angle = Math.round(Math.atan2(to.y - from.y, to.x - from.x) / STEP) * STEP;
  const along = (to.x - from.x) * Math.cos(angle) + (to.y - from.y) * Math.sin(angle);
  return free(core, from.x + along * Math.cos(angle), from.y + along * Math.sin(angle));
}

/** Call for every ring of a parcel with its place in it. */
export function eachRing(geometry, slot, act) {
  for (let part = 0; part < geometry.partCount[slot]; part += 1) {
    const at = geometry.partFirst[slot] + part;
    const outer = geometry.ringStart[at];
    for (let ring = outer; ring < geometry.ringStart[at + 1]; ring += 1) {
      act(part, ring - outer, geometry.vertexStart[ring], geometry.vertexStart[ring + 1]);
    }
  }
}

/** @returns {Caught | null} */
export function nearestVertex({ geometry, names }, { x, y }, reach, moved = null) {
  let best = null;
  let least = reach;
  for (const slot of geometry.inBox([x - reach, y - reach, x + reach, y + reach])) {
    eachRing(geometry, slot, (part, ring, start, end) => {
      for (let i = start; i < end; i += 1) {
        const away = Math.hypot(geometry.x[i] - x, geometry.y[i] - y);
        if (away >= least || (moved && same(geometry, i, moved))) continue;
        least = away;
        best = { slot, part, ring, index: i - start, i };
      }
    });
  }
  if (!best) return null;
  const [lon, lat] = geometry.degrees(geometry.x[best.i], geometry.y[best.i]);
  const ref = { vertex: /** @type {[string, number, number, number]} */ ([names.keys[best.slot], best.part, best.ring, best.index]) };
  return { kind: "vertex", ref, latlng: [lat, lon], x: geometry.x[best.i], y: geometry.y[best.i], slot: best.slot };
}

/** @returns {Caught | null} */
export function nearestEdge({ geometry, names }, { x, y }, reach, moved = null) {
  let best = null;
  let least = reach;
  for (const slot of geometry.inBox([x - reach, y - reach, x + reach, y + reach])) {
    eachRing(geometry, slot, (part, ring, start, end) => {
      for (let i = start; i < end; i += 1) {
        const j = i + 1 < end ? i + 1 : start;
        if (moved && (same(geometry, i, moved) || same(geometry, j, moved))) continue;
        const [dx, dy] = [geometry.x[j] - geometry.x[i], geometry.y[j] - geometry.y[i]];
        const long = dx * dx + dy * dy;
        const along = long ? ((x - geometry.x[i]) * dx + (y - geometry.y[i]) * dy) / long : 0;
        if (!(along > 0 && along < 1)) continue;
        const away = Math.hypot(geometry.x[i] + along * dx - x, geometry.y[i] + along * dy - y);
        if (away >= least) continue;
        least = away;
        best = { slot, part, ring, index: i - start, along, at: [geometry.x[i] + along * dx, geometry.y[i] + along * dy] };
      }
    });
  }
  if (!best) return null;
  const [lon, lat] = geometry.degrees(best.at[0], best.at[1]);
  const edge = /** @type {[string, number, number, number, number]} */ ([names.keys[best.slot], best.part, best.ring, best.index, best.along]);
  return { kind: "edge", ref: { edge }, latlng: [lat, lon], x: best.at[0], y: best.at[1], slot: best.slot };
}

/** The key of the parcel that a reference looks at, null for a free place. */
export function keyOf(ref) {
  if ("vertex" in ref) return ref.vertex[0];
  return "edge" in ref ? ref.edge[0] : null;
}

function same(geometry, i, { x, y }) {
  return geometry.x[i] === x && geometry.y[i] === y;
}
