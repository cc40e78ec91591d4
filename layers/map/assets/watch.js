/**
 * Asks the server whether anybody wrote, and tells the page only when somebody did. A page that asked by running its
 * script would draw itself anew each time, and a click that falls into that is lost.
 *
 * @typedef {{address: string, revision: number}} Data what the page shows, and where to ask
 */
import { Outdated, sent } from "./wire.js";

const EVERY = 1500;
const EVERY_HIDDEN = 6000;

/** @param {{data: Data, parentElement: any, setTriggerValue: (name: string, value: object) => void}} component */
export function show({ data, parentElement, setTriggerValue }) {
  parentElement.chengzai ??= new Watch();
  parentElement.chengzai.take(data, (news) => setTriggerValue("news", news));
}

/** The page has taken the component away. */
export function leave(root) {
  if (root.isConnected) return;
  root.chengzai?.stop();
  delete root.chengzai;
}

class Watch {
  constructor() {
    this.timer = 0;
    this.told = "";
  }

  /**
   * @param {Data} data
   * @param {(news: {revision: number, out: boolean}) => void} tell
   */
  take(data, tell) {
    this.data = data;
    this.tell = tell;
    if (!this.timer) this.wait();
  }

  wait() {
    this.timer = window.setTimeout(() => this.ask(), document.hidden ? EVERY_HIDDEN : EVERY);
  }

  async ask() {
    try {
      const { revision } = await sent(this.data.address, {});
      if (revision !== this.data.revision) this.say({ revision, out: false });
    } catch (error) {
      // the address is too old, or whoever looks has no role any more: the page knows which
      if (error instanceof Outdated) this.say({ revision: this.data.revision, out: true });
    }
    if (this.timer) this.wait();
  }

  /** Say a thing once for each state of the page. */
  say(news) {
    const mark = `${this.data.address} ${this.data.revision} ${news.revision} ${news.out}`;
    if (mark === this.told) return;
    this.told = mark;
    this.tell(news);
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = 0;
  }
}
