/**
 * A line that says how many parcels are selected and what they come to.
 */
import { element } from "../dom.js";
import { square } from "./attempts.js";

const REST = 150;
/** Parcels that are added up; `MOST_ROWS` of the server. */
const MOST = 5000;

export class Status {
  /** @param {import("./editor.js").Editor} editor */
  constructor(editor) {
    this.editor = editor;
    this.line = element("div", "cz-picked");
    this.line.setAttribute("role", "status");
    this.spoken = element("div", "cz-unseen");
    this.spoken.setAttribute("aria-live", "polite");
    editor.core.map.getContainer().append(this.line, this.spoken);
    this.timer = 0;
    this.asked = 0;
    editor.core.on("selection", ({ keys }) => this.show(keys));
    editor.core.on("changed", () => this.show(this.keys));
    this.keys = [];
  }

  /** Say something to whoever does not see the map. */
  announce(text) {
    this.spoken.textContent = text;
  }

  show(keys) {
    const { words } = this.editor;
    this.keys = keys;
    clearTimeout(this.timer);
    this.asked += 1;
    const count = words.selected.replace("{count}", keys.length.toLocaleString("en-US"));
    this.line.textContent = keys.length ? count : "";
    this.line.dataset.count = String(keys.length);
    if (keys.length && keys.length <= MOST) this.timer = setTimeout(() => this.add(count), REST);
  }

  async add(count) {
    const { words } = this.editor;
    const mine = this.asked;
    const found = await this.editor.ask("sums", { keys: this.keys });
    if (mine !== this.asked || !found) return;
    const { site_area_m2: area, available_m2: available, unknown } = found;
    const parts = [count, `${words.area} ${square(area)}`, `${words.available} ${square(available)}`];
    if (unknown) parts.push(words.unknown_of.replace("{count}", String(unknown)));
    this.line.textContent = parts.join(" · ");
  }
}
