/**
 * Parcels as typed arrays. Places are whole numbers from an origin of the map's square; a parcel has a number (its
 * slot) that stays as long as the page does, so that a patch changes some parcels and nothing else.
 */
import { GONE, SCHEMATIC, WORLD } from "./blob.js";
import { Cells } from "./cells.js";

/** Parcels that moved since the grid was built, up to which a search looks at each of them. */
const MOST_LOOSE = 1500;
/** Share of all cells beyond which looking at every box is quicker than sorting what the cells hold. */
const MOST_BY_CELLS = 0.2;

/**
 * @param {number} lon degrees
 * @param {number} lat degrees
 * @returns {[number, number]} on the square of side 1
 */
export function toUnit(lon, lat) {
  const sine = Math.sin((lat * Math.PI) / 180);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
}

/**
 * @param {number} x on the square of side 1
 * @param {number} y
 * @returns {[number, number]} longitude, latitude
 */
export function toDegrees(x, y) {
  return [(x - 0.5) * 360, (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI];
}

export class Geometry {
  /** @param {import("./blob.js").Outlines} made */
  constructor(made) {
    this.count = made.count;
    this.origin = made.origin;
    this.x = made.x;
    this.y = made.y;
    this.flags = made.flags;
    this.partCount = made.parts;
    this.partFirst = starts(made.parts, 0);
    this.ringStart = starts(made.rings, 1);
    this.vertexStart = starts(made.vertices, 1);
    this.used = { parts: made.rings.length, rings: made.vertices.length, vertices: made.x.length };
    this.boxes = new Int32Array(4 * made.count);
    this.flipped = new Uint8Array(made.vertices.length);
    for (let slot = 0; slot < this.count; slot += 1) this.measure(slot);
    this.reindex();
  }

  reindex() {
    this.cells = new Cells(this.boxes, this.count);
    this.loose = new Set();
    this.seen = new Uint32Array(this.count);
    this.search = 0;
  }

  /** Box of a parcel, and which of its rings run against the sense in which they are drawn. */
  measure(slot) {
    const { x, y } = this;
    let west = 1;
    let north = 1;
    let east = 0;
    let south = 0;
    const last = this.partFirst[slot] + this.partCount[slot];
    for (let part = this.partFirst[slot]; part < last; part += 1) {
      const outer = this.ringStart[part];
      for (let ring = outer; ring < this.ringStart[part + 1]; ring += 1) {
        this.flipped[ring] = Number(this.doubleArea(ring) > 0 !== (ring === outer));
      }
      for (let i = this.vertexStart[outer]; i < this.vertexStart[outer + 1]; i += 1) {
        if (west > east) {
          west = x[i];
          east = x[i];
          north = y[i];
          south = y[i];
        }
        if (x[i] < west) west = x[i];
        if (x[i] > east) east = x[i];
        if (y[i] < north) north = y[i];
        if (y[i] > south) south = y[i];
      }
    }
    const at = 4 * slot;
    this.boxes[at] = west;
    this.boxes[at + 1] = north;
    this.boxes[at + 2] = east;
    this.boxes[at + 3] = south;
  }

  doubleArea(ring) {
    const { x, y } = this;
    const end = this.vertexStart[ring + 1];
    const start = this.vertexStart[ring];
    let sum = 0;
    // from the first vertex on, so that products stay exact
    for (let i = start + 2; i < end; i += 1) {
      sum += (x[i - 1] - x[start]) * (y[i] - y[start]) - (x[i] - x[start]) * (y[i - 1] - y[start]);
    }
    return sum;
  }

  /**
   * Give some parcels other outlines, or add parcels; what was there before stays as waste until the page is opened
   * again.
   *
   * @param {number[]} slots ascending; a slot beyond the last adds parcels up to it
   * @param {import("./blob.js").Outlines} made the outline of each
   */
  patch(slots, made) {
    if (!slots.length) return;
    this.reach(slots.reduce((most, one) => Math.max(most, one), 0) + 1);
    const { used } = this;
    const [right, down] = [made.origin[0] - this.origin[0], made.origin[1] - this.origin[1]];
    this.x = appended(this.x, used.vertices, made.x, right);
    this.y = appended(this.y, used.vertices, made.y, down);
    this.ringStart = extended(this.ringStart, used.parts, made.rings);
    this.vertexStart = extended(this.vertexStart, used.rings, made.vertices);
    this.flipped = appended(this.flipped, used.rings, new Uint8Array(made.vertices.length), 0);
    let part = used.parts;
    this.used = {
      parts: used.parts + made.rings.length,
      rings: used.rings + made.vertices.length,
      vertices: used.vertices + made.x.length,
    };
    slots.forEach((slot, i) => {
      this.partFirst[slot] = part;
      this.partCount[slot] = made.parts[i];
      this.flags[slot] = made.flags[i];
      part += made.parts[i];
      this.measure(slot);
      this.loose.add(slot);
    });
    if (this.loose.size > MOST_LOOSE) this.reindex();
  }

  /** Room for parcels up to a count; those that are new have no outline yet. */
  reach(count) {
    if (count <= this.count) return;
    const more = count - this.count;
    this.partFirst = joined(this.partFirst, new Uint32Array(more));
    this.partCount = joined(this.partCount, new Uint32Array(more));
    this.flags = joined(this.flags, new Uint8Array(more));
    this.seen = joined(this.seen, new Uint32Array(more));
    this.boxes = joined(this.boxes, new Int32Array(4 * more));
    for (let slot = this.count; slot < count; slot += 1) this.boxes[4 * slot] = 1;
    this.count = count;
  }

  /** @returns {boolean} whether a parcel is there; one that was split, say, is not */
  there(slot) {
    return slot >= 0 && slot < this.count && !(this.flags[slot] & GONE);
  }

  schematic(slot) {
    return Boolean(this.flags[slot] & SCHEMATIC);
  }

  /**
   * Parcels whose box meets a box, ascending: the order in which they are drawn.
   *
   * @param {[number, number, number, number]} box west, north, east, south, in units from the origin
   * @returns {Uint32Array}
   */
  inBox([west, north, east, south]) {
    const { boxes, seen } = this;
    const found = [];
    const meets = (at) =>
      boxes[at] <= boxes[at + 2] &&
      boxes[at] <= east &&
      boxes[at + 2] >= west &&
      boxes[at + 1] <= south &&
      boxes[at + 3] >= north;
    if (this.cells.share(west, north, east, south) > MOST_BY_CELLS) {
      for (let slot = 0; slot < this.count; slot += 1) if (meets(4 * slot)) found.push(slot);
      return Uint32Array.from(found);
    }
    this.search += 1;
    const take = (slot) => {
      if (seen[slot] === this.search) return;
      seen[slot] = this.search;
      if (meets(4 * slot)) found.push(slot);
    };
    this.cells.near(west, north, east, south, take);
    this.loose.forEach(take);
    return Uint32Array.from(found).sort();
  }

  /** The parcel at a point of the square of side 1, −1 for none; where parcels overlap, the last drawn is on top. */
  at(unitX, unitY) {
    const [x, y] = this.local(unitX, unitY);
    const near = this.inBox([x, y, x, y]);
    for (let i = near.length - 1; i >= 0; i -= 1) if (this.covers(near[i], x, y)) return near[i];
    return -1;
  }

  /** From the square of side 1 to units from the origin. */
  local(unitX, unitY) {
    return [unitX * WORLD - this.origin[0], unitY * WORLD - this.origin[1]];
  }

  /** @returns {[number, number]} longitude, latitude */
  degrees(x, y) {
    return toDegrees((x + this.origin[0]) / WORLD, (y + this.origin[1]) / WORLD);
  }

  /** Whether a parcel covers a place; holes are outside. */
  covers(slot, x, y) {
    const last = this.partFirst[slot] + this.partCount[slot];
    for (let part = this.partFirst[slot]; part < last; part += 1) if (this.inPart(part, x, y)) return true;
    return false;
  }

  inPart(part, x, y) {
    let inside = false;
    for (let ring = this.ringStart[part]; ring < this.ringStart[part + 1]; ring += 1) {
      const start = this.vertexStart[ring];
      const end = this.vertexStart[ring + 1];
      for (let i = start, j = end - 1; i < end; j = i, i += 1) {
        const crosses = this.y[i] > y !== this.y[j] > y;
        if (crosses && x < ((this.x[j] - this.x[i]) * (y - this.y[i])) / (this.y[j] - this.y[i]) + this.x[i]) {
          inside = !inside;
        }
      }
    }
    return inside;
  }

  /**
   * Parts of a parcel, each a list of rings, as Leaflet takes them.
   *
   * @returns {[number, number][][][]}
   */
  latLngs(slot) {
    const parts = [];
    for (let part = this.partFirst[slot]; part < this.partFirst[slot] + this.partCount[slot]; part += 1) {
      const rings = [];
      for (let ring = this.ringStart[part]; ring < this.ringStart[part + 1]; ring += 1) {
        const points = [];
        for (let i = this.vertexStart[ring]; i < this.vertexStart[ring + 1]; i += 1) {
          const [lon, lat] = this.degrees(this.x[i], this.y[i]);
          points.push(/** @type {[number, number]} */ ([lat, lon]));
        }
        rings.push(points);
      }
      parts.push(rings);
    }
    return parts;
  }

  /**
   * A place well inside a parcel, where its number is written: the middle of the widest stretch at half height.
   *
   * @returns {[number, number]} in units from the origin
   */
  inside(slot) {
    const [west, north, east, south] = this.boxes.subarray(4 * slot, 4 * slot + 4);
    for (const share of [0.5, 0.37, 0.63, 0.25, 0.75, 0.1, 0.9]) {
      const y = north + (south - north) * share + 0.25; // beside every vertex
      const at = this.widest(slot, y);
      if (at !== null) return [at, y];
    }
    return [(west + east) / 2, (north + south) / 2];
  }

  widest(slot, y) {
    const cuts = [];
    const last = this.partFirst[slot] + this.partCount[slot];
    for (let ring = this.ringStart[this.partFirst[slot]]; ring < this.ringStart[last]; ring += 1) {
      const start = this.vertexStart[ring];
      const end = this.vertexStart[ring + 1];
      for (let i = start, j = end - 1; i < end; j = i, i += 1) {
        if (this.y[i] > y === this.y[j] > y) continue;
        cuts.push(((this.x[j] - this.x[i]) * (y - this.y[i])) / (this.y[j] - this.y[i]) + this.x[i]);
      }
    }
    cuts.sort((a, b) => a - b);
    let best = null;
    for (let i = 0, most = 0; i + 1 < cuts.length; i += 2) {
      if (cuts[i + 1] - cuts[i] > most) {
        most = cuts[i + 1] - cuts[i];
        best = (cuts[i] + cuts[i + 1]) / 2;
      }
    }
    return best;
  }

  /** @returns {[number, number]} latitude, longitude of a point inside */
  anchor(slot) {
    const [lon, lat] = this.degrees(...this.inside(slot));
    return [lat, lon];
  }

  /** @returns {[[number, number], [number, number]]} south-west and north-east corners */
  bounds(slot) {
    const [west, north, east, south] = this.boxes.subarray(4 * slot, 4 * slot + 4);
    const [left, top] = this.degrees(west, north);
    const [right, bottom] = this.degrees(east, south);
    return [
      [bottom, left],
      [top, right],
    ];
  }
}

/** Where each run begins; with one more at the end where `closed` is 1. */
function starts(counts, closed) {
  const made = new Uint32Array(counts.length + closed);
  let sum = 0;
  for (let i = 0; i < counts.length; i += 1) {
    made[i] = sum;
    sum += counts[i];
  }
  if (closed) made[counts.length] = sum;
  return made;
}

/** @template {Uint32Array | Uint8Array | Int32Array} T @param {T} one @param {T} other @returns {T} */
function joined(one, other) {
  const made = new /** @type {any} */ (one.constructor)(one.length + other.length);
  made.set(one);
  made.set(other, one.length);
  return made;
}

/** An array with others put behind its first `used`; it grows by more than is needed, so that it seldom does. */
function appended(array, used, more, shift) {
  const need = used + more.length;
  let made = array;
  if (need > array.length) {
    made = new array.constructor(Math.ceil(need * 1.06) + 1024);
    made.set(array.subarray(0, used));
  }
  for (let i = 0; i < more.length; i += 1) made[used + i] = more[i] + shift;
  return made;
}

/** The starts of further runs behind the first `used` runs. */
function extended(array, used, counts) {
  const made = appended(array, used + 1, new Uint32Array(counts.length), 0);
  for (let i = 0; i < counts.length; i += 1) made[used + i + 1] = made[used + i] + counts[i];
  return made;
}
