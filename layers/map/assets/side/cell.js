/**
 * One cell of the table while it is changed: the same checks as in the form, one act when it is left by Enter.
 */
import { element } from "../dom.js";
import { choices, option, read } from "./field.js";
import { filled } from "./numbers.js";

export class Cell {
  /**
   * @param {import("../core.js").Core} core
   * @param {() => void} after gives the keyboard back
   */
  constructor(core, after) {
    this.core = core;
    this.after = after;
    this.open = false;
    /** Says why an act was refused. @type {(text: string) => void} */
    this.refused = () => {};
    this.op = "";
    this.stop = core.on("acted", ({ settled }) => {
      const mine = settled.find(({ result }) => result.op === this.op);
      if (mine && ["invalid", "denied"].includes(mine.result.status)) {
        this.refused([mine.result.message, mine.result.cure].filter(Boolean).join(" "));
      }
    });
  }

  /**
   * @param {HTMLElement} cell
   * @param {number} slot
   * @param {string} name column of the parcels
   * @param {() => void} closed
   */
  async edit(cell, slot, name, closed) {
    const { core } = this;
    if (this.open) return;
    this.open = true;
    const key = core.names.keys[slot];
    const answer = await core.ask("form", { keys: [key] }).catch(() => null);
    if (!answer) {
      this.open = false;
      return;
    }
    const column = answer.columns.find((one) => one.name === name);
    const { value } = answer.values[name];
    const field = this.field(column, value);
    let done = false;
    const close = (keep) => {
      if (done) return;
      const found = read(column, field.value);
      if (keep && found.why) {
        field.classList.add("cz-wrong");
        field.title = filled(core.words[found.why], column);
        return;
      }
      done = true;
      this.open = false;
      if (keep && found.value !== value) this.save(key, slot, { [name]: found.value }, answer.revision, cell);
      closed();
      this.after();
    };
    field.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter") close(true);
      if (event.key === "Escape") close(false);
    });
    field.addEventListener("blur", () => close(read(column, field.value).why === undefined));
    cell.replaceChildren(field);
    field.focus();
    if (field instanceof HTMLInputElement) field.select();
  }

  field(column, value) {
    const chooses = column.options.length > 0;
    const field = /** @type {HTMLInputElement} */ (element(chooses ? "select" : "input", "cz-cell-input"));
    if (chooses) field.append(...choices(column, this.core.words, value).map(([one, text]) => option(one, text)));
    field.value = value === null ? "" : String(value);
    field.setAttribute("aria-label", column.label);
    return field;
  }

  save(key, slot, values, seen) {
    this.op = this.core.act({ do: "edit", layer: "parcels", key, values, seen }, { rows: [key], slots: [slot], look: {} });
  }

  leave() {
    this.stop();
  }
}
