/**
 * How each parcel looks: its class under every mode as the server knows it, and on top of that what the viewer did
 * and the server has not yet answered.
 *
 * @typedef {{label: string, colour: string, hatch: boolean}} StyleClass
 * @typedef {{key: string, title: string, note: string, by_count: boolean, classes: StyleClass[]}} StyleMode
 * @typedef {{of: Uint16Array, note: string, labels: string[]}} Mine
 * @typedef {{[mode: string]: number}} Look number of the class under some modes
 */

/** Modes whose classes are of a viewer's own choice: they are there only while a page shows one. */
export const OWN = ["raster", "projects"];

/** Marks of a parcel, as bits. */
export const SELECTED = 1;
export const PENDING = 2;
export const DIMMED = 4;

export class Looks {
  /**
   * @param {StyleMode[]} modes
   * @param {{[mode: string]: Uint16Array}} of class of each parcel
   * @param {number} count parcels
   */
  constructor(modes, of, count) {
    this.modes = modes;
    this.of = of;
    this.mode = modes[0];
    this.shown = Uint16Array.from(of[this.mode.key]);
    this.marks = new Uint8Array(count);
    /** What this viewer sees instead of what all see, by mode. @type {Map<string, Mine>} */
    this.mine = new Map();
    /** @type {Map<string, {slots: number[], look: Look}>} */
    this.over = new Map();
    this.reach(count);
  }

  /** Take all classes anew; what waits for an answer stays on top. */
  replace(modes, of, count) {
    this.modes = modes;
    this.of = of;
    this.reach(count);
    this.turn(this.mode.key);
  }

  /**
   * Show classes of this viewer's own under a mode; null shows again what all see.
   *
   * @param {string} key
   * @param {ArrayLike<number> | null} classes of each parcel
   * @param {string} note
   * @param {string[]} [labels] what the first classes are called for this viewer
   */
  own(key, classes, note, labels = []) {
    if (classes) this.mine.set(key, { of: Uint16Array.from(classes), note, labels });
    else this.mine.delete(key);
    if (this.mode.key === key) this.turn(key);
  }

  /** Modes that a viewer can choose. */
  get offered() {
    return this.modes.filter(({ key }) => !OWN.includes(key) || this.mine.has(key));
  }

  /** Class of each parcel under a mode, as this viewer sees it; a parcel that came since is as all see it. */
  truth(key) {
    const mine = this.mine.get(key)?.of;
    if (!mine) return this.of[key];
    if (mine.length < this.of[key].length) {
      const whole = this.of[key].slice();
      whole.set(mine);
      return whole;
    }
    return mine;
  }

  /** Classes of a mode with the labels that this viewer sees. @param {StyleMode} mode */
  called(mode) {
    const labels = this.mine.get(mode.key)?.labels ?? [];
    return mode.classes.map((one, at) => (labels[at] === undefined ? one : { ...one, label: labels[at] }));
  }

  /** What the legend says of the mode. */
  get note() {
    return this.mine.get(this.mode.key)?.note ?? this.mode.note;
  }

  /** Room for more parcels. */
  reach(count) {
    for (const mode of this.modes) this.of[mode.key] = grown(this.of[mode.key], count);
    this.shown = grown(this.shown, count);
    this.marks = grown(this.marks, count);
  }

  /** Turn to another mode. */
  turn(key) {
    this.mode = this.modes.find((one) => one.key === key) ?? this.modes[0];
    this.shown.set(this.truth(this.mode.key).subarray(0, this.shown.length));
    for (const { slots, look } of this.over.values()) this.cover(slots, look);
  }

  cover(slots, look) {
    const number = look[this.mode.key];
    for (const slot of slots) {
      if (number !== undefined) this.shown[slot] = number;
      this.marks[slot] |= PENDING;
    }
  }

  /**
   * Take the colour from all parcels but some; null gives it back to all.
   *
   * @param {number[] | null} kept
   */
  dim(kept) {
    for (let slot = 0; slot < this.marks.length; slot += 1) {
      if (kept) this.marks[slot] |= DIMMED;
      else this.marks[slot] &= ~DIMMED;
    }
    for (const slot of kept ?? []) this.marks[slot] &= ~DIMMED;
  }

  /**
   * Show what an act will make of some parcels before the server has answered.
   *
   * @param {string} op
   * @param {number[]} slots
   * @param {Look} look
   */
  expect(op, slots, look) {
    this.over.set(op, { slots, look });
    this.cover(slots, look);
  }

  /**
   * The server has answered an act: show its truth again.
   *
   * @returns {number[]} parcels to paint
   */
  settle(op) {
    const found = this.over.get(op);
    if (!found) return [];
    this.over.delete(op);
    this.restore(found.slots);
    return found.slots;
  }

  restore(slots) {
    const truth = this.truth(this.mode.key);
    for (const slot of slots) {
      this.shown[slot] = truth[slot];
      this.marks[slot] &= ~PENDING;
    }
    for (const { slots: covered, look } of this.over.values()) this.cover(covered, look);
  }

  /**
   * Take what the server says of some parcels.
   *
   * @param {number[]} slots
   * @param {{[mode: string]: number[]}} of
   */
  patch(slots, of) {
    for (const [key, numbers] of Object.entries(of)) {
      const truth = this.of[key];
      if (truth) slots.forEach((slot, i) => (truth[slot] = numbers[i]));
    }
    this.restore(slots);
  }

  /**
   * How many parcels each class of the mode has.
   *
   * @param {(slot: number) => boolean} there
   */
  counts(there) {
    const counts = new Uint32Array(this.mode.classes.length);
    for (let slot = 0; slot < this.shown.length; slot += 1) if (there(slot)) counts[this.shown[slot]] += 1;
    return counts;
  }

  /** @returns {StyleClass | undefined} */
  classUnder(key, slot) {
    const mode = this.modes.find((one) => one.key === key);
    return mode && this.called(mode)[this.truth(key)[slot]];
  }
}

function grown(array, count) {
  if (array.length >= count) return array;
  const made = new array.constructor(count);
  made.set(array);
  return made;
}
