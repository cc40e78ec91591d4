/**
 * Acts on their way to the server: each is painted at once, sent in order, sent again until it is answered, and kept
 * over a reload of the page. The server does an act once, however often it comes.
 *
 * @typedef {object} Act
 * @property {string} op name of the gesture
 * @property {string} do kind of act; `layers/live/acts.py` lists them
 * @property {number} seen revision that the viewer had before them
 *
 * @typedef {object} Effect
 * @property {string[]} rows keys of the rows that the act touches: a second act on them waits for the answer
 * @property {number[]} slots parcels to paint at once
 * @property {import("./looks.js").Look} look
 *
 * @typedef {object} Result
 * @property {string} op
 * @property {"ok" | "duplicate" | "conflict" | "denied" | "invalid"} status
 * @property {number} revision
 * @property {string} [message] why not
 * @property {string} [cure]
 * @property {object[]} [clashes] mine, theirs and ancestor of rows that another was faster with
 */
import { Outdated, Refused } from "./wire.js";

const MOST = 50;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 8000;

export class Outbox {
  /**
   * @param {object} page
   * @param {(acts: Act[]) => Promise<{results: Result[]}>} page.send
   * @param {(op: string, effect: Effect) => void} page.paint
   * @param {(answer: object, settled: {act: Act, result: Result}[]) => void} page.settle
   * @param {(waiting: number, broken: boolean) => void} page.waiting
   * @param {() => void} page.outdated
   * @param {Storage | null} [store] where acts outlive a reload
   * @param {string} [key]
   */
  constructor(page, store = null, key = "") {
    this.page = page;
    this.store = store;
    this.key = key;
    this.client = Math.random().toString(36).slice(2, 12);
    this.count = 0;
    this.sending = false;
    this.wait = FIRST_WAIT;
    this.timer = 0;
    /** Revision at which an act of ours left a row: a later act of ours has seen that. */
    this.own = new Map();
    /** @type {{act: Act, effect: Effect}[]} */
    this.queue = [];
  }

  /** Take up what an earlier page left unanswered. */
  resume() {
    for (const item of this.kept()) {
      this.queue.push(item);
      this.page.paint(item.act.op, { ...item.effect, slots: [] });
    }
    this.flush();
  }

  /**
   * @param {Omit<Act, "op">} act
   * @param {Effect} effect
   * @returns {string} op
   */
  add(act, effect) {
    this.count += 1;
    const op = `${this.client}-${this.count}`;
    const item = { act: { ...act, op }, effect };
    this.queue.push(item);
    this.page.paint(op, effect);
    this.keep();
    this.flush();
    return op;
  }

  /** The map is gone; what waits is kept for the next. */
  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Send the next acts, unless some are on their way. */
  async flush() {
    if (this.sending || this.stopped) return;
    const batch = this.next();
    this.page.waiting(this.queue.length, false);
    if (!batch.length) return;
    this.sending = true;
    clearTimeout(this.timer);
    const answer = await this.deliver(batch);
    this.sending = false;
    if (answer) {
      this.wait = FIRST_WAIT;
      this.answered(answer);
      this.flush();
    } else {
      this.timer = setTimeout(() => this.flush(), this.wait);
      this.wait = Math.min(LONGEST_WAIT, 2 * this.wait);
    }
  }

  /** The answer to some acts, null where none came. */
  async deliver(batch) {
    try {
      return await this.page.send(batch.map((item) => this.addressed(item)));
    } catch (error) {
      if (error instanceof Refused) {
        // the whole request cannot be read: sending it again would hold up all that follow
        return { results: batch.map(({ act }) => ({ ...error.told, op: act.op, status: "invalid", revision: 0 })) };
      }
      this.page.waiting(this.queue.length, true);
      if (error instanceof Outdated) this.page.outdated();
      return null;
    }
  }

  /** The first acts that touch no row twice. */
  next() {
    const rows = new Set();
    const batch = [];
    for (const item of this.queue.slice(0, MOST)) {
      if (item.effect.rows.some((row) => rows.has(row))) break;
      item.effect.rows.forEach((row) => rows.add(row));
      batch.push(item);
    }
    return batch;
  }

  /** An act with the revision that its actor knew, their own acts on the same rows included. */
  addressed({ act, effect }) {
    return { ...act, seen: effect.rows.reduce((seen, row) => Math.max(seen, this.own.get(row) ?? 0), act.seen) };
  }

  answered(answer) {
    const results = new Map(answer.results.map((result) => [result.op, result]));
    const settled = [];
    this.queue = this.queue.filter(({ act, effect }) => {
      const result = results.get(act.op);
      if (!result) return true;
      if (result.status === "ok" || result.status === "duplicate") {
        effect.rows.forEach((row) => this.own.set(row, result.revision));
      }
      settled.push({ act, result });
      return false;
    });
    this.keep();
    this.page.settle(answer, settled);
  }

  keep() {
    try {
      this.store?.setItem(this.key, JSON.stringify(this.queue));
    } catch {
      // A browser that keeps nothing loses unanswered acts with the page; as long as it is open they are sent.
    }
  }

  kept() {
    try {
      return JSON.parse(this.store?.getItem(this.key) ?? "[]");
    } catch {
      return [];
    }
  }
}
