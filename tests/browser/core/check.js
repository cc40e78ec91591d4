/** Assertions of the tests of the core. */
export function equal(found, wanted, about = "") {
  const [one, other] = [found, wanted].map((value) => JSON.stringify(plain(value)));
  if (one !== other) throw new Error(`${about} ${one} is not ${other}`);
}

export function near(found, wanted, within, about = "") {
  if (!(Math.abs(found - wanted) <= within)) throw new Error(`${about} ${found} is not within ${within} of ${wanted}`);
}

export function truth(value, about = "") {
  if (!value) throw new Error(`${about} does not hold`);
}

function plain(value) {
  return ArrayBuffer.isView(value) ? Array.from(value) : value;
}

/**
 * Outlines as the binary gives them, from lists of parts of rings of points.
 *
 * @param {[number, number][][][][]} parcels
 */
export function outlines(parcels) {
  const parts = parcels.flat();
  const rings = parts.flat();
  const points = rings.flat();
  return {
    count: parcels.length,
    origin: [3535000000, 1626000000],
    parts: Uint32Array.from(parcels, (one) => one.length),
    rings: Uint32Array.from(parts, (one) => one.length),
    vertices: Uint32Array.from(rings, (one) => one.length),
    x: Int32Array.from(points, ([x]) => x),
    y: Int32Array.from(points, ([, y]) => y),
    flags: new Uint8Array(parcels.length),
  };
}

/** A rectangle as one ring, clockwise on the screen. */
export function ring(west, north, east, south) {
  return [[west, north], [east, north], [east, south], [west, south]];
}
