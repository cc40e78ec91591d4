/**
 * Asks the server again and again what others changed and who else is there; one question at a time.
 *
 * @typedef {object} Patch what changed after a revision; see `Board.since` in `layers/map/board.py`
 * @property {number} revision
 * @property {number} count parcels that were ever seen
 * @property {boolean} [state] all classes have to be loaded again
 * @property {number[]} slots
 * @property {{[mode: string]: number[]}} of
 * @property {import("./looks.js").StyleMode[]} [modes] modes whose classes may have become more
 * @property {number[]} [shaped]
 * @property {string} [outlines] of the shaped ones, in base64
 * @property {{[slot: string]: [string, string]}} [names]
 *
 * @typedef {{name: string, here: boolean, ago: number}} Person ago: seconds since they were last heard of
 */
import { Outdated, sent } from "./wire.js";

const EVERY = 1000;
const EVERY_HIDDEN = 5000;
const EVERY_BROKEN = 4000;

export class Feed {
  /**
   * @param {() => string} address
   * @param {{
   *   seen: () => {epoch: string, revision: number, client: string},
   *   take: (answer: {changes: Patch | null, people: Person[], figures?: import("./strip.js").Figure[]}) => void,
   *   outdated: () => void,
   * }} page
   */
  constructor(address, page) {
    this.address = address;
    this.page = page;
    this.asking = false;
    this.again = false;
    this.timer = 0;
    this.seen = () => document.hidden || this.now();
    document.addEventListener("visibilitychange", this.seen);
  }

  /** The map is gone. */
  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.seen);
  }

  /** Ask now, and once more if a question is under way already. */
  now() {
    if (this.asking) this.again = true;
    else this.ask();
  }

  async ask() {
    clearTimeout(this.timer);
    this.asking = true;
    let wait = document.hidden ? EVERY_HIDDEN : EVERY;
    try {
      const answer = await sent(this.address(), this.page.seen());
      if (this.stopped) return;
      this.page.take(answer);
    } catch (error) {
      wait = EVERY_BROKEN;
      if (error instanceof Outdated) this.page.outdated();
    }
    this.asking = false;
    if (this.stopped) return;
    this.timer = setTimeout(() => this.ask(), this.again ? 0 : wait);
    this.again = false;
  }
}
