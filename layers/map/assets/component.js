/**
 * The map inside a page, without a frame of its own: a component of Streamlit calls `show` whenever its data changed.
 * What belongs to a map hangs on its element, so that a page that is drawn anew keeps it.
 */
import { Core } from "./core.js";
import { element } from "./dom.js";
import { Editor } from "./editor/editor.js";
import { Side } from "./side/side.js";
import { loaded } from "./wire.js";

const OURS = ["map.css", "side/side.css", "editor/editor.css"].map((name) => new URL(name, import.meta.url).href);
const STYLES = ["/assets/leaflet/leaflet.css", ...OURS];
const LEAFLET = "/assets/leaflet/leaflet.js";

/**
 * @typedef {object} Data
 * @property {import("./core.js").Message} message
 * @property {object} options of the Leaflet map
 * @property {import("./strip.js").Figure[]} figures
 * @property {import("./editor/editor.js").Given | null} editor tools for whoever may use them; null where the map is only looked at
 * @property {{undo: string, redo: string}} tops what undo and redo would take
 * @property {{edit: boolean, assign: boolean, undo: boolean}} may what the viewer may do
 * @property {[[number, number], [number, number]]} [frame] what is in view first: south, west, north, east
 */

/** Height [px] below which the map never goes, and what is left free below it. */
const LEAST = 430;
const RIM = 8;

/**
 * @param {{data: Data, parentElement: HTMLElement | ShadowRoot, setTriggerValue: (name: string, value: object) => void}} component
 */
export async function show({ data, parentElement, setTriggerValue }) {
  const root = /** @type {any} */ (parentElement);
  root.chengzai ??= new Holder(root);
  root.chengzai.trigger = setTriggerValue;
  await root.chengzai.take(data);
}

/** The page has taken the component away. */
export function leave(root) {
  if (root.isConnected) return;
  root.chengzai?.leave();
  delete root.chengzai;
}

class Holder {
  constructor(root) {
    this.root = root;
    this.trigger = () => {};
    /** @type {Core | null} */
    this.core = null;
    /** @type {Side | null} */
    this.side = null;
    this.coming = null;
    this.left = false;
    this.frame = element("div", "cz-map");
    this.whole = element("div", "cz-editor");
    this.whole.append(this.frame);
    this.fills = () => this.fill();
    window.addEventListener("resize", this.fills);
    this.needed = Promise.all([...STYLES.map((address) => styled(root, address)), script(LEAFLET)]);
    root.append(this.whole);
  }

  /** @param {Data} data */
  async take(data) {
    this.data = data;
    this.fill();
    this.coming ??= loaded(data.message); // while styles and Leaflet are on their way
    this.coming.catch(() => {}); // whoever waits for it says what is wrong
    await this.needed;
    if (this.left) return;
    if (!this.core) this.begin();
    await this.core.receive(this.data.message);
    if (!this.core?.ready) return;
    if (this.side) this.side.take(data);
    else if (data.message.ask) this.side = new Side(this.core, data, this.whole, (told) => this.trigger("said", told));
    else this.whole.classList.add("cz-bare"); // the past answers no questions
    if (data.figures.length) this.core.furniture.strip.show(data.figures);
    if (data.editor) this.core.editor ??= new Editor(this.core, data.editor);
  }

  /** As high as what is left of the window. */
  fill() {
    const { top } = this.whole.getBoundingClientRect();
    this.whole.style.height = `${Math.max(LEAST, window.innerHeight - top - window.scrollY - RIM)}px`;
  }

  leave() {
    this.left = true;
    window.removeEventListener("resize", this.fills);
    this.side?.leave();
    this.core?.leave();
  }

  begin() {
    const map = window.L.map(this.frame, { center: [0, 0], zoom: 3, zoomControl: false, ...this.data.options });
    this.core = new Core(map, { say: (said) => said.nonce && this.trigger("said", said), reload: () => this.again() });
    this.core.coming = this.coming;
    this.core.frame = this.data.frame ?? null;
    window.chengzai = this.core;
  }

  /** Begin anew with the view that is kept. */
  again() {
    this.side?.leave();
    this.core.leave();
    this.side = this.core = this.coming = null;
    this.frame.replaceChildren();
    const fresh = /** @type {HTMLElement} */ (this.frame.cloneNode(false));
    this.frame.replaceWith(fresh);
    this.frame = fresh;
    this.take(this.data);
  }
}

function styled(root, address) {
  return new Promise((done) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = address;
    link.onload = link.onerror = done;
    root.append(link);
  });
}

let arriving = null;

function script(address) {
  arriving ??= new Promise((done, fail) => {
    if (window.L) return done(null);
    const tag = document.createElement("script");
    tag.src = address;
    tag.onload = done;
    tag.onerror = fail;
    return document.head.append(tag);
  });
  return arriving;
}
