/**
 * Long work in slices, so that the page answers to the hand between them.
 *
 * @typedef {Iterator<unknown, void>} Job each step of it is short
 */

/** How long one slice may take [ms]. */
const SLICE = 12;

export class Slices {
  constructor() {
    /** @type {Map<unknown, {job: Job, done: () => void}>} */
    this.waiting = new Map();
    this.running = false;
    const channel = new MessageChannel();
    channel.port1.onmessage = () => this.slice();
    this.port = channel.port2;
  }

  /**
   * Do a job later; another job of the same owner that is not finished is dropped.
   *
   * @param {unknown} owner
   * @param {Job} job
   * @param {() => void} done
   */
  add(owner, job, done) {
    this.waiting.delete(owner);
    this.waiting.set(owner, { job, done });
    if (this.running) return;
    this.running = true;
    this.port.postMessage(null);
  }

  /** Forget the job of an owner that is gone. */
  drop(owner) {
    this.waiting.delete(owner);
  }

  has(owner) {
    return this.waiting.has(owner);
  }

  get idle() {
    return this.waiting.size === 0;
  }

  slice() {
    const end = performance.now() + SLICE;
    for (const [owner, { job, done }] of this.waiting) {
      while (performance.now() < end) {
        if (job.next().done) {
          this.waiting.delete(owner);
          done();
          break;
        }
      }
      if (performance.now() >= end) break;
    }
    this.running = this.waiting.size > 0;
    if (this.running) this.port.postMessage(null);
  }
}
