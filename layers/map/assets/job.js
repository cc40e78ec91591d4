/**
 * Says how far some long work on the server is, and stops it. It asks the server itself and tells the page only when the
 * work is over: a page that asked by running its script would draw itself anew each time, and a click that falls into
 * that is lost.
 *
 * @typedef {object} Data
 * @property {string} address of the job
 * @property {string} token of the job
 * @property {{[word: string]: string}} words by stage, and `stop`, `stopping`, `final`, `seconds`
 *
 * @typedef {{stage: string, share: number | null, seconds: number, stopping: boolean, final: boolean, done: boolean,
 *   news: number}} Told `news` counts how often there was something to show meanwhile
 */
import { element } from "./dom.js";
import { sent } from "./wire.js";

const LOOK = `
  .cz-job { display: grid; grid-template-columns: 1fr auto; gap: .35rem 1rem; align-items: center; max-width: 44rem; padding: .6rem 0; font-size: .95rem; }
  .cz-job-said { font-variant-numeric: tabular-nums; }
  .cz-job-bar { grid-column: 1; height: 8px; overflow: hidden; border-radius: 4px; background: #e6eaec; }
  .cz-job-bar i { display: block; height: 100%; border-radius: 4px; background: #0f5260; transition: width .3s; }
  .cz-job-unknown i { width: 30%; animation: cz-job 1.4s ease-in-out infinite alternate; }
  .cz-job-stop { grid-column: 2; grid-row: 1 / span 2; padding: .4rem 1rem; border: 1px solid #b9c3c8; border-radius: 4px; background: #fff; color: #1e2a32; font: inherit; cursor: pointer; }
  .cz-job-stop:hover { border-color: #a63a2e; color: #a63a2e; }
  .cz-job-stop:focus-visible { outline: 2px solid #b5781b; outline-offset: 1px; }
  .cz-job-stop:disabled { color: #7b8990; border-color: #d3dade; cursor: default; }
  .cz-job-stop[hidden] { display: none; }
  @keyframes cz-job { from { margin-left: 0; } to { margin-left: 70%; } }
  @media (prefers-reduced-motion: reduce) { .cz-job-unknown i { animation: none; } }
`;
const EVERY = 300;
const EVERY_BROKEN = 2000;

/** @param {{data: Data, parentElement: any, setTriggerValue: (name: string, value: object) => void}} component */
export function show({ data, parentElement, setTriggerValue }) {
  if (parentElement.chengzai?.data.token !== data.token) {
    parentElement.chengzai?.leave();
    parentElement.chengzai = new Job(parentElement);
  }
  parentElement.chengzai.take(data, (over) => setTriggerValue("over", over));
}

/** The page has taken the component away. */
export function leave(root) {
  if (root.isConnected) return;
  root.chengzai?.leave();
  delete root.chengzai;
}

class Job {
  constructor(root) {
    this.timer = 0;
    this.wantsStop = false;
    this.news = 0;
    this.box = element("div", "cz-job");
    this.said = element("div", "cz-job-said");
    this.said.setAttribute("role", "status");
    this.bar = element("div", "cz-job-bar");
    this.bar.setAttribute("role", "progressbar");
    this.bar.append(element("i"));
    this.stop = /** @type {HTMLButtonElement} */ (element("button", "cz-job-stop"));
    this.stop.type = "button";
    this.stop.addEventListener("click", () => this.end());
    const style = element("style", "", LOOK);
    this.box.append(style, this.said, this.bar, this.stop);
    root.append(this.box);
  }

  /**
   * @param {Data} data
   * @param {(over: {token: string}) => void} tell
   */
  take(data, tell) {
    this.data = data;
    this.tell = tell;
    if (!this.stop.disabled) this.stop.textContent = data.words.stop;
    if (!this.timer) this.ask();
  }

  /** The viewer does not want to wait any longer; asked again until the server has heard it. */
  end() {
    this.wantsStop = true;
    this.stop.disabled = true;
    this.stop.textContent = this.data.words.stopping;
    clearTimeout(this.timer);
    this.ask();
  }

  async ask() {
    this.timer = -1;
    let wait = EVERY;
    try {
      const told = await sent(this.data.address, this.wantsStop ? { stop: true } : {});
      if (this.gone) return;
      this.paint(told);
      if (told.done) return this.tell({ token: this.data.token });
      if (told.news > this.news) this.tell({ token: this.data.token, news: told.news });
      this.news = told.news;
    } catch {
      wait = EVERY_BROKEN; // the server is away for a moment, or the page is about to give a new address
    }
    if (!this.gone) this.timer = window.setTimeout(() => this.ask(), wait);
  }

  /** @param {Told} told */
  paint(told) {
    const { words } = this.data;
    const share = told.share === null ? "" : ` ${Math.round(told.share * 100)}%`;
    const seconds = words.seconds.replace("{seconds}", String(Math.round(told.seconds)));
    this.said.textContent = `${words[told.stage] ?? words.waiting}${share} · ${seconds}`;
    this.bar.classList.toggle("cz-job-unknown", told.share === null);
    /** @type {HTMLElement} */ (this.bar.firstChild).style.width = told.share === null ? "" : `${told.share * 100}%`;
    if (told.share === null) this.bar.removeAttribute("aria-valuenow");
    else this.bar.setAttribute("aria-valuenow", String(Math.round(told.share * 100)));
    this.stop.hidden = told.final;
  }

  leave() {
    this.gone = true;
    clearTimeout(this.timer);
    this.box.remove();
  }
}
