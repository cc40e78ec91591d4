/**
 * Reads the binary of outlines; `layers/map/blob.py` says how it is laid out.
 *
 * @typedef {object} Outlines
 * @property {number} count parcels
 * @property {[number, number]} origin west and north edge in units of the map's square
 * @property {Uint32Array} parts parts of each parcel
 * @property {Uint32Array} rings rings of each part
 * @property {Uint32Array} vertices vertices of each ring
 * @property {Int32Array} x from the origin
 * @property {Int32Array} y
 * @property {Uint8Array} flags
 */

/** Units in the width of the map's square. */
export const WORLD = 2 ** 32;
export const SCHEMATIC = 1;
export const GONE = 2;
const HEAD = 28;

/**
 * @param {ArrayBuffer} buffer
 * @returns {Outlines}
 */
export function decode(buffer) {
  const bytes = new Uint8Array(buffer);
  const head = new DataView(buffer, 0, HEAD);
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== "CZG1") throw new Error("no binary of outlines");
  const [parcels, parts, rings, vertices, west, north] = [4, 8, 12, 16, 20, 24].map((at) => head.getUint32(at, true));
  let at = HEAD;
  const column = (length) => {
    const read = joined(bytes, at, length);
    at += 4 * length;
    return read;
  };
  return {
    count: parcels,
    origin: [west, north],
    parts: column(parcels),
    rings: column(parts),
    vertices: column(rings),
    x: summed(column(vertices)),
    y: summed(column(vertices)),
    flags: bytes.slice(at, at + parcels),
  };
}

/** Whole numbers from four planes of bytes. */
function joined(bytes, at, length) {
  const made = new Uint32Array(length);
  const [second, third, fourth] = [at + length, at + 2 * length, at + 3 * length];
  for (let i = 0; i < length; i += 1) {
    made[i] = bytes[at + i] | (bytes[second + i] << 8) | (bytes[third + i] << 16) | (bytes[fourth + i] << 24);
  }
  return made;
}

/** Sums of zigzag differences, in place. */
function summed(steps) {
  const made = new Int32Array(steps.buffer);
  let value = 0;
  for (let i = 0; i < made.length; i += 1) {
    value = (value + ((steps[i] >>> 1) ^ -(steps[i] & 1))) | 0;
    made[i] = value;
  }
  return made;
}
