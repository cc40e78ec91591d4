/**
 * Finds a parcel by what it is called: a scan of the labels that the map has anyway, at every key.
 */
import { element } from "../dom.js";

const MOST = 10;
/** How long the keys rest before the server is asked [ms]. */
const REST = 200;

export class Search {
  /** @param {import("../core.js").Core} core */
  constructor(core) {
    this.core = core;
    this.body = element("div", "cz-search");
    this.field = /** @type {HTMLInputElement} */ (document.createElement("input"));
    Object.assign(this.field, { type: "search", id: "cz-find", placeholder: core.words.find, autocomplete: "off" });
    for (const [name, value] of [["role", "combobox"], ["aria-label", core.words.find], ["aria-controls", "cz-found"], ["aria-autocomplete", "list"]]) {
      this.field.setAttribute(name, value);
    }
    this.list = element("ul", "cz-suggestions");
    this.list.id = "cz-found";
    this.list.setAttribute("role", "listbox");
    this.body.append(this.field, this.list);
    this.slots = [];
    this.at = 0;
    this.field.addEventListener("input", () => this.look());
    this.field.addEventListener("focus", () => this.look());
    this.field.addEventListener("blur", () => this.close());
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.close();
  }

  look() {
    const text = this.field.value.trim();
    if (!text) return this.close();
    this.slots = matches(this.core.names, text, (slot) => this.core.geometry.there(slot));
    this.at = 0;
    this.show();
    clearTimeout(this.timer);
    if (!this.slots.length) this.timer = setTimeout(() => this.ask(text), REST);
    return undefined;
  }

  /** A label is the number where there is one: the server knows the names as well. */
  async ask(text) {
    const { core } = this;
    const found = await core.ask("choose", { query: `名称:"${text.replaceAll('"', "")}"` }).catch(() => null);
    if (!found || this.field.value.trim() !== text || this.list.hidden) return;
    this.slots = core.names.slots(found.keys.slice(0, MOST));
    this.show();
  }

  show() {
    const { names, words } = this.core;
    const items = this.slots.map((slot, i) => {
      const item = element("li", i === this.at ? "cz-at" : "", names.labels[slot]);
      item.id = `cz-found-${i}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", String(i === this.at));
      item.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        this.take(slot);
      });
      return item;
    });
    if (!items.length) items.push(element("li", "cz-faint", words.find_none));
    this.list.replaceChildren(...items);
    this.list.hidden = false;
    this.field.setAttribute("aria-expanded", "true");
    if (this.slots.length) this.field.setAttribute("aria-activedescendant", `cz-found-${this.at}`);
  }

  close() {
    this.list.hidden = true;
    this.slots = [];
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.slots.length) {
      this.at = (this.at + step + this.slots.length) % this.slots.length;
      this.show();
    } else if (event.key === "Enter" && this.slots.length) this.take(this.slots[this.at]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  take(slot) {
    this.close();
    this.core.fly(slot);
    this.core.select([slot]);
  }
}

/**
 * The first parcels whose label begins with a text, then those that have it anywhere, in upper or lower case.
 *
 * @param {{labels: string[]}} names
 * @param {string} text
 * @param {(slot: number) => boolean} there
 */
export function matches({ labels }, text, there) {
  const wanted = text.toLowerCase();
  const first = [];
  const rest = [];
  for (let slot = 0; slot < labels.length && first.length < MOST; slot += 1) {
    const found = labels[slot].toLowerCase().indexOf(wanted);
    if (found < 0 || !there(slot)) continue;
    if (found === 0) first.push(slot);
    else if (rest.length < MOST) rest.push(slot);
  }
  return [...first, ...rest].slice(0, MOST);
}
