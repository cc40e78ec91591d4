/**
 * A uniform grid over boxes: which of them may meet a box. Built once for all, never changed; what moves afterwards
 * is kept by the caller beside it.
 */

/** Boxes for each cell, about. */
const EACH = 4;
const MOST_ACROSS = 512;

export class Cells {
  /**
   * @param {Int32Array} boxes west, north, east, south of each; one without extent has west > east
   * @param {number} count
   */
  constructor(boxes, count) {
    this.frame = around(boxes, count);
    const [west, north, east, south] = this.frame;
    this.across = Math.max(1, Math.min(MOST_ACROSS, Math.ceil(Math.sqrt(count / EACH))));
    this.width = Math.max(1, (east - west + 1) / this.across);
    this.height = Math.max(1, (south - north + 1) / this.across);
    const total = this.across * this.across;
    const starts = new Uint32Array(total + 1);
    this.each(boxes, count, (cell) => (starts[cell + 1] += 1));
    for (let cell = 0; cell < total; cell += 1) starts[cell + 1] += starts[cell];
    this.members = new Uint32Array(starts[total]);
    const next = starts.slice();
    this.each(boxes, count, (cell, one) => {
      this.members[next[cell]] = one;
      next[cell] += 1;
    });
    this.starts = starts;
  }

  /** @param {(cell: number, one: number) => void} act */
  each(boxes, count, act) {
    const [west, north] = this.frame;
    const { across, width, height } = this;
    const last = across - 1;
    // no lists in this loop: it runs over every box of the map
    for (let one = 0, at = 0; one < count; one += 1, at += 4) {
      if (boxes[at] > boxes[at + 2]) continue;
      const left = Math.min(last, Math.floor((boxes[at] - west) / width));
      const right = Math.min(last, Math.floor((boxes[at + 2] - west) / width));
      const bottom = Math.min(last, Math.floor((boxes[at + 3] - north) / height));
      for (let row = Math.min(last, Math.floor((boxes[at + 1] - north) / height)); row <= bottom; row += 1) {
        for (let column = left; column <= right; column += 1) act(row * across + column, one);
      }
    }
  }

  /** Share of all cells that a box covers, 0 … 1. */
  share(west, north, east, south) {
    const [first, upper, last, lower] = this.span(west, north, east, south);
    return ((last - first + 1) * (lower - upper + 1)) / (this.across * this.across);
  }

  /** First and last column and row that a box covers. */
  span(west, north, east, south) {
    const last = this.across - 1;
    const within = (value) => Math.max(0, Math.min(last, Math.floor(value)));
    const [left, top] = this.frame;
    return [
      within((west - left) / this.width),
      within((north - top) / this.height),
      within((east - left) / this.width),
      within((south - top) / this.height),
    ];
  }

  /**
   * Call for every member of the cells that a box covers; a member of several cells comes several times.
   *
   * @param {(one: number) => void} act
   */
  near(west, north, east, south, act) {
    const [left, top, right, bottom] = this.frame;
    if (west > right || east < left || north > bottom || south < top) return;
    const [first, upper, last, lower] = this.span(west, north, east, south);
    for (let row = upper; row <= lower; row += 1) {
      const from = this.starts[row * this.across + first];
      const to = this.starts[row * this.across + last + 1];
      for (let at = from; at < to; at += 1) act(this.members[at]);
    }
  }
}

function around(boxes, count) {
  let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < 4 * count; at += 4) {
    if (boxes[at] > boxes[at + 2]) continue;
    west = Math.min(west, boxes[at]);
    north = Math.min(north, boxes[at + 1]);
    east = Math.max(east, boxes[at + 2]);
    south = Math.max(south, boxes[at + 3]);
  }
  return west <= east ? [west, north, east, south] : [0, 0, 0, 0];
}
