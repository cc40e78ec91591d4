/**
 * What a browser keeps of a map over a reload: the view, the colours, the layers that are switched off.
 */
export class Memory {
  /** @param {string} key */
  constructor(key) {
    this.key = key;
    this.mode = "land_use";
    /** @type {string[]} */
    this.hidden = [];
    /** @type {{centre: [number, number], zoom: number} | null} */
    this.view = null;
    try {
      this.take(JSON.parse(sessionStorage.getItem(key) ?? "{}"));
    } catch {
      // What was kept cannot be read: begin anew.
    }
  }

  /** Name of this window, the same after a reload: it is not somebody else then. */
  get client() {
    try {
      const kept = sessionStorage.getItem(`${this.key}-client`) ?? Math.random().toString(36).slice(2);
      sessionStorage.setItem(`${this.key}-client`, kept);
      return kept;
    } catch {
      this.own ??= Math.random().toString(36).slice(2);
      return this.own;
    }
  }

  take({ mode = this.mode, hidden = this.hidden, view = this.view }) {
    Object.assign(this, { mode, hidden, view });
  }

  /** @param {object} changed any of `mode`, `hidden`, `view` */
  keep(changed) {
    this.take(changed);
    try {
      sessionStorage.setItem(this.key, JSON.stringify({ mode: this.mode, hidden: this.hidden, view: this.view }));
    } catch {
      // A browser that keeps nothing forgets the view; the map works all the same.
    }
  }
}
