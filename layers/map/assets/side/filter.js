/**
 * Chooses parcels by the classes that the map colours by: those of one way of colouring that are ticked, and of all
 * ways together. It reads what is in the browser, so that it answers at once.
 */
import { choice, element } from "../dom.js";

export class Filter {
  /**
   * @param {import("../core.js").Core} core
   * @param {(slots: number[] | null) => void} chosen null: nothing is ticked
   */
  constructor(core, chosen) {
    this.core = core;
    this.chosen = chosen;
    /** @type {Map<string, Set<number>>} */
    this.ticked = new Map();
    this.body = element("section", "cz-filter");
    this.body.append(element("h3", "", core.words.filter), element("p", "cz-faint", core.words.filter_hint));
    for (const mode of core.looks.offered) this.body.append(this.mode(mode));
  }

  mode(mode) {
    const box = /** @type {HTMLDetailsElement} */ (element("details", "cz-group"));
    box.dataset.mode = mode.key;
    box.append(element("summary", "", mode.title));
    const list = element("div", "cz-ticks");
    box.append(list);
    box.addEventListener("toggle", () => box.open && this.list(mode.key, list));
    return box;
  }

  /** The classes that occur now, as many as each has. */
  list(key, list) {
    const { looks, geometry } = this.core;
    const { classes } = looks.modes.find((one) => one.key === key);
    const counts = new Uint32Array(classes.length);
    const of = looks.of[key];
    for (let slot = 0; slot < of.length; slot += 1) if (geometry.there(slot)) counts[of[slot]] += 1;
    const order = [...counts.keys()].filter((number) => counts[number]).sort((a, b) => counts[b] - counts[a]);
    list.replaceChildren(
      ...order.map((number) =>
        choice({
          type: "checkbox",
          name: `filter-${key}`,
          text: `${classes[number].label} · ${counts[number].toLocaleString("en-US")}`,
          checked: this.ticked.get(key)?.has(number) ?? false,
          change: (on) => this.tick(key, number, on),
        }),
      ),
    );
  }

  tick(key, number, on) {
    const set = this.ticked.get(key) ?? new Set();
    if (on) set.add(number);
    else set.delete(number);
    if (set.size) this.ticked.set(key, set);
    else this.ticked.delete(key);
    this.chosen(this.ticked.size ? this.slots() : null);
  }

  slots() {
    const { looks, geometry } = this.core;
    const found = [];
    const tests = [...this.ticked].map(([key, set]) => ({ of: looks.of[key], set }));
    for (let slot = 0; slot < geometry.count; slot += 1) {
      if (geometry.there(slot) && tests.every(({ of, set }) => set.has(of[slot]))) found.push(slot);
    }
    return found;
  }

  clear() {
    this.ticked.clear();
    for (const input of this.body.querySelectorAll("input")) input.checked = false;
  }
}
