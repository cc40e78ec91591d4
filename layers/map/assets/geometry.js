/**
 * Parcels as typed arrays in unit Mercator: one square of side 1 for the world, y down.
 */

/**
 * @typedef {object} GeometryPayload
 * @property {string} tag
 * @property {string[]} labels one a parcel
 * @property {number[]} schematic 1 where the outline is schematic
 * @property {[number, number]} origin degrees that offsets count from
 * @property {number} step degrees in one unit of an offset
 * @property {number[]} ring_start first ring of each parcel, and one past the last
 * @property {number[]} vertex_start first vertex of each ring, and one past the last
 * @property {number[]} lon offsets of the vertices
 * @property {number[]} lat
 * @property {number[]} anchor_lon a point inside each parcel, as offsets
 * @property {number[]} anchor_lat
 */

/**
 * @param {number} lon degrees
 * @param {number} lat degrees
 * @returns {[number, number]}
 */
export function toUnit(lon, lat) {
  const sine = Math.sin((lat * Math.PI) / 180);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
}

/**
 * @param {number} x
 * @param {number} y
 * @returns {[number, number]} longitude, latitude
 */
export function toDegrees(x, y) {
  return [(x - 0.5) * 360, (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI];
}

export class Geometry {
  /** @param {GeometryPayload} payload */
  constructor(payload) {
    this.tag = payload.tag;
    this.labels = payload.labels;
    this.schematic = Uint8Array.from(payload.schematic);
    this.count = payload.labels.length;
    this.ringStart = Uint32Array.from(payload.ring_start);
    this.vertexStart = Uint32Array.from(payload.vertex_start);
    [this.x, this.y] = projected(payload, payload.lon, payload.lat);
    [this.anchorX, this.anchorY] = projected(payload, payload.anchor_lon, payload.anchor_lat);
    this.boxes = boxes(this);
  }

  /**
   * Parcels whose box meets a box.
   *
   * @returns {number[]}
   */
  inBox(west, north, east, south) {
    const found = [];
    const { boxes: all } = this;
    for (let row = 0, at = 0; row < this.count; row += 1, at += 4) {
      if (all[at] <= east && all[at + 2] >= west && all[at + 1] <= south && all[at + 3] >= north) found.push(row);
    }
    return found;
  }

  /**
   * The parcel at a point, −1 for none; holes are outside. Where parcels overlap, the last drawn is on top.
   */
  at(x, y) {
    const near = this.inBox(x, y, x, y);
    for (let i = near.length - 1; i >= 0; i -= 1) if (this.covers(near[i], x, y)) return near[i];
    return -1;
  }

  covers(row, x, y) {
    let inside = false;
    for (let ring = this.ringStart[row]; ring < this.ringStart[row + 1]; ring += 1) {
      const start = this.vertexStart[ring];
      const end = this.vertexStart[ring + 1];
      for (let i = start, j = end - 1; i < end; j = i, i += 1) {
        const crosses = this.y[i] > y !== this.y[j] > y;
        const where = ((this.x[j] - this.x[i]) * (y - this.y[i])) / (this.y[j] - this.y[i]) + this.x[i];
        if (crosses && x < where) inside = !inside;
      }
    }
    return inside;
  }

  /**
   * Rings of a parcel as Leaflet takes them.
   *
   * @returns {[number, number][][]}
   */
  latLngs(row) {
    const rings = [];
    for (let ring = this.ringStart[row]; ring < this.ringStart[row + 1]; ring += 1) {
      const points = [];
      for (let i = this.vertexStart[ring]; i < this.vertexStart[ring + 1]; i += 1) {
        const [lon, lat] = toDegrees(this.x[i], this.y[i]);
        points.push(/** @type {[number, number]} */ ([lat, lon]));
      }
      rings.push(points);
    }
    return rings;
  }

  /** @returns {[number, number]} latitude, longitude of a point inside */
  anchor(row) {
    const [lon, lat] = toDegrees(this.anchorX[row], this.anchorY[row]);
    return [lat, lon];
  }

  /** @returns {[[number, number], [number, number]]} south-west and north-east corners */
  bounds(row) {
    const [west, north, east, south] = this.boxes.subarray(4 * row, 4 * row + 4);
    const [left, top] = toDegrees(west, north);
    const [right, bottom] = toDegrees(east, south);
    return [
      [bottom, left],
      [top, right],
    ];
  }
}

function projected(payload, lon, lat) {
  const x = new Float64Array(lon.length);
  const y = new Float64Array(lon.length);
  const [west, south] = payload.origin;
  for (let i = 0; i < lon.length; i += 1) {
    [x[i], y[i]] = toUnit(west + lon[i] * payload.step, south + lat[i] * payload.step);
  }
  return [x, y];
}

/** West, north, east, south of each parcel. */
function boxes(geometry) {
  const out = new Float64Array(4 * geometry.count);
  for (let row = 0; row < geometry.count; row += 1) {
    let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
    const first = geometry.vertexStart[geometry.ringStart[row]];
    const end = geometry.vertexStart[geometry.ringStart[row + 1]];
    for (let i = first; i < end; i += 1) {
      west = Math.min(west, geometry.x[i]);
      east = Math.max(east, geometry.x[i]);
      north = Math.min(north, geometry.y[i]);
      south = Math.max(south, geometry.y[i]);
    }
    out.set([west, north, east, south], 4 * row);
  }
  return out;
}
