/**
 * Rows of the table, fetched by pages as they come into sight. What is known stays on the screen while news is fetched.
 */
const PAGE = 100;
const MOST_KEPT = 4000;

export class Rows {
  /**
   * @param {import("../core.js").Core} core
   * @param {() => void} arrived
   */
  constructor(core, arrived) {
    this.core = core;
    this.arrived = arrived;
    /** @type {Map<number, {row: object, revision: number}>} */
    this.known = new Map();
    this.under = new Set();
  }

  /** The row of a slot as it was last told, undefined before that. */
  of(slot) {
    return this.known.get(slot)?.row;
  }

  /** Fetch those of some slots that are missing or old. */
  async need(slots) {
    const { revision, names } = this.core;
    const old = slots.filter((slot) => this.known.get(slot)?.revision !== revision && !this.under.has(slot));
    for (let start = 0; start < old.length; start += PAGE) {
      const page = old.slice(start, start + PAGE);
      page.forEach((slot) => this.under.add(slot));
      this.fetch(page, page.map((slot) => names.keys[slot])).finally(() => page.forEach((slot) => this.under.delete(slot)));
    }
  }

  async fetch(slots, keys) {
    const answer = await this.core.ask("rows", { keys }).catch(() => null);
    if (!answer) return;
    const at = new Map(keys.map((key, i) => [key, slots[i]]));
    if (this.known.size > MOST_KEPT) this.known.clear();
    for (const row of answer.rows) this.known.set(at.get(row.parcel_id), { row, revision: answer.revision });
    this.arrived();
  }

  /** Rows of many slots, for copying. */
  async all(slots) {
    const rows = [];
    const { keys } = this.core.names;
    for (let start = 0; start < slots.length; start += 500) {
      const answer = await this.core.ask("rows", { keys: slots.slice(start, start + 500).map((slot) => keys[slot]) });
      rows.push(...answer.rows);
    }
    return rows;
  }
}
