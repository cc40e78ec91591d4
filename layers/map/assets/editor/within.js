/**
 * Which parcels a ring takes in: those whose extent has its middle inside. That asks for four numbers of each parcel,
 * so that a loop around 100,000 is answered while the hand lifts.
 */

const BANDS = 128;

/**
 * @param {import("../geometry.js").Geometry} geometry
 * @param {[number, number][]} ring units from the origin, not closed
 * @returns {number[]} slots, ascending
 */
export function within(geometry, ring) {
  const [west, north, east, south] = around(ring);
  if (!(west < east && north < south)) return [];
  const bands = banded(ring, north, south);
  const found = [];
  const { boxes } = geometry;
  for (const slot of geometry.inBox([west, north, east, south])) {
    if (!geometry.there(slot)) continue;
    const x = (boxes[4 * slot] + boxes[4 * slot + 2]) / 2;
    const y = (boxes[4 * slot + 1] + boxes[4 * slot + 3]) / 2;
    if (inside(bands, north, south, x, y)) found.push(slot);
  }
  return found;
}

function around(ring) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of ring) {
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  return /** @type {[number, number, number, number]} */ (box);
}

/** Edges by the bands of height that they cross, so that a place is compared with few of them. */
function banded(ring, north, south) {
  const bands = Array.from({ length: BANDS }, () => /** @type {number[][]} */ ([]));
  ring.forEach(([x, y], i) => {
    const [u, v] = ring[(i + 1) % ring.length];
    const last = band(Math.max(y, v), north, south);
    for (let at = band(Math.min(y, v), north, south); at <= last; at += 1) bands[at].push([x, y, u, v]);
  });
  return bands;
}

function band(y, north, south) {
  return Math.max(0, Math.min(BANDS - 1, Math.floor(((y - north) / (south - north)) * BANDS)));
}

function inside(bands, north, south, x, y) {
  if (y < north || y > south) return false;
  let odd = false;
  for (const [a, b, u, v] of bands[band(y, north, south)]) {
    if (b > y !== v > y && x < ((u - a) * (y - b)) / (v - b) + a) odd = !odd;
  }
  return odd;
}
