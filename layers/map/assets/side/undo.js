/**
 * Undo and redo: two buttons on the map that say what they would take, and the keys for them on the whole page.
 */
import { control, element } from "../dom.js";
import { filled } from "./numbers.js";

const FREE = "input[type=range], input[type=checkbox], input[type=radio], input[type=button]";

export class Undo {
  /**
   * @param {import("../core.js").Core} core
   * @param {import("./side.js").Given} given
   */
  constructor(core, given) {
    this.core = core;
    this.tops = given.tops;
    this.buttons = {};
    const bar = element("div", "leaflet-bar cz-undo");
    for (const [name, sign] of [["undo", "↶"], ["redo", "↷"]]) {
      const button = element("button", "cz-home", sign);
      button.type = "button";
      button.dataset.act = name;
      button.addEventListener("click", () => this.go(name));
      this.buttons[name] = button;
      bar.append(button);
    }
    if (given.may.undo) control("topleft", bar).addTo(core.map);
    this.press = (event) => given.may.undo && this.key(event);
    window.addEventListener("keydown", this.press, true);
    this.stops = [core.on("tops", (tops) => this.show(tops))];
    this.show(given.tops);
  }

  /** @param {{undo: string, redo: string}} tops */
  show(tops) {
    this.tops = tops;
    for (const [name, button] of Object.entries(this.buttons)) {
      const what = tops[name];
      const { words } = this.core;
      button.title = what ? filled(words[`${name}_what`], { what }) : words[`${name}_nothing`];
      button.setAttribute("aria-label", button.title);
      button.setAttribute("aria-disabled", String(!what));
    }
  }

  key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || typing(event)) return;
    const letter = event.key.toLowerCase();
    const name = letter === "y" || (letter === "z" && event.shiftKey) ? "redo" : letter === "z" ? "undo" : "";
    if (!name) return;
    event.preventDefault();
    event.stopPropagation();
    this.go(name);
  }

  go(name) {
    // what waits to be saved can be taken back too, so that a button which says «nothing» asks all the same then
    if (this.tops[name] || this.core.outbox?.queue.length) this.core.act({ do: name }, { rows: ["undo"], slots: [], look: {} });
  }

  leave() {
    window.removeEventListener("keydown", this.press, true);
    for (const stop of this.stops) stop();
  }
}

/** Whether the key goes into a field of text, which has an undo of its own. */
function typing(event) {
  const at = event.composedPath()[0];
  return at instanceof Element && at.matches("input, textarea, select, [contenteditable=true]") && !at.matches(FREE);
}
