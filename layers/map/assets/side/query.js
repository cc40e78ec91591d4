/**
 * Finds parcels by a line of text or by the classes of the legend, counts them, and shows only those.
 */
import { button, element } from "../dom.js";
import { Filter } from "./filter.js";
import { filled, square } from "./numbers.js";

const EXAMPLES = ["query_example_1", "query_example_2", "query_example_3"];

export class Query {
  /**
   * @param {import("../core.js").Core} core
   * @param {(slots: number[]) => void} found
   */
  constructor(core, found) {
    this.core = core;
    this.tell = found;
    this.slots = null;
    const { words } = core;
    this.body = element("div", "cz-query");
    const form = element("form", "cz-query-line");
    const label = /** @type {HTMLLabelElement} */ (element("label", "", words.query_line));
    label.htmlFor = "cz-query";
    this.line = /** @type {HTMLInputElement} */ (document.createElement("input"));
    Object.assign(this.line, { id: "cz-query", type: "text", autocomplete: "off", maxLength: 500, placeholder: words.query_example_1 });
    form.append(label, this.line, button("cz-run", words.query_run, "submit"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.run();
    });
    this.why = element("p", "cz-told");
    this.why.setAttribute("role", "alert");
    this.answer = element("div", "cz-answer");
    this.answer.setAttribute("role", "status");
    this.filter = new Filter(core, (slots) => this.take(slots, null));
    this.body.append(form, this.why, this.examples(), this.answer, this.filter.body);
    this.stop = core.on("changed", () => this.only && this.dim(true));
  }

  examples() {
    const box = element("div", "cz-examples");
    box.append(element("span", "cz-faint", this.core.words.query_examples));
    for (const name of EXAMPLES) {
      const text = this.core.words[name];
      box.append(
        button("cz-example", text, "button", () => {
          this.line.value = text;
          this.run();
        }),
      );
    }
    return box;
  }

  async run() {
    const query = this.line.value.trim();
    if (!query) return this.clear();
    this.why.textContent = "";
    try {
      const found = await this.core.ask("choose", { query });
      if (query === this.line.value.trim()) this.take(this.core.names.slots(found.keys), found.figures);
    } catch (error) {
      this.clear();
      this.why.textContent = error.told ? [error.told.message, error.told.cure].filter(Boolean).join("。") : error.message;
    }
    return undefined;
  }

  /** Show what was found; without figures where only classes were asked for. */
  take(slots, figures) {
    if (!slots) return this.clear();
    const { core } = this;
    const { words } = core;
    this.slots = slots;
    this.tell(slots);
    const head = element("b", "cz-count-found", slots.length ? filled(words.found_count, { count: slots.length.toLocaleString("en-US") }) : words.found_none);
    const sums = figures && slots.length ? filled(words.found_figures, { area: square(figures.site_area_m2), available: square(figures.available_m2) }) : "";
    const unknown = figures?.unknown ? filled(words.unknown_count, { count: figures.unknown }) : "";
    const only = button("cz-only", words.only_these, "button", () => this.dim(!this.only));
    only.setAttribute("aria-pressed", String(Boolean(this.only)));
    this.pressed = only;
    const row = element("div", "cz-choices");
    row.append(
      button("cz-select-all", words.select_all, "button", () => core.select(slots)),
      only,
      button("cz-clear", words.clear, "button", () => {
        this.line.value = "";
        this.filter.clear();
        this.clear();
      }),
    );
    const root = /** @type {ShadowRoot} */ (this.answer.getRootNode());
    const held = this.answer.contains(root.activeElement) ? root.activeElement.className : "";
    this.answer.replaceChildren(head, element("div", "cz-sums", sums), element("div", "cz-faint", unknown), row);
    // An answer that comes again while its buttons are in use leaves the keyboard where it was.
    if (held) /** @type {HTMLElement | undefined} */ (this.answer.getElementsByClassName(held)[0])?.focus();
    if (this.only) this.dim(true);
    return undefined;
  }

  /** Dim all parcels but those that were found. */
  dim(on) {
    this.only = on;
    this.pressed?.setAttribute("aria-pressed", String(on));
    this.core.looks.dim(on ? this.slots : null);
    this.core.parcels.repaintAll();
  }

  clear() {
    this.slots = null;
    this.answer.replaceChildren();
    this.tell([]);
    if (this.only) this.dim(false);
  }

  leave() {
    this.stop();
    this.filter.clear();
  }
}
