/**
 * The bar beside the tools: what the tool in hand does, what it may be set to, and what came of it so far.
 */
import { element } from "../dom.js";

export class Options {
  /**
   * @param {any} map
   * @param {object} words
   */
  constructor(map, words) {
    this.map = map;
    this.words = words;
    this.body = element("div", "cz-over cz-options");
    this.line = element("span", "cz-options-said");
    this.line.setAttribute("role", "status");
    window.L.DomEvent.disableClickPropagation(this.body);
    window.L.DomEvent.disableScrollPropagation(this.body);
    map.getContainer().append(this.body);
  }

  /**
   * @param {string} name of the tool
   * @param {HTMLElement[]} fields
   */
  show(name, fields = []) {
    const title = element("strong", "", this.words[`tool_${name}`]);
    title.title = this.words[`hint_${name}`] ?? "";
    this.line.textContent = "";
    this.body.replaceChildren(title, ...fields, this.line);
    this.body.dataset.tool = name;
    this.hint(name);
  }

  hint(name) {
    this.say(this.words[`hint_${name}`] ?? "", "cz-faint");
  }

  hide() {
    this.body.replaceChildren();
  }

  say(text, css = "") {
    this.line.className = `cz-options-said ${css}`;
    this.line.textContent = text;
  }

  button(word, act) {
    const made = element("button", "cz-option-button", this.words[word]);
    made.addEventListener("click", () => {
      this.map.getContainer().focus({ preventScroll: true });
      act();
    });
    return made;
  }

  /**
   * A number that may be typed.
   *
   * @param {string} word
   * @param {{value: number, min: number, max: number, step: number, change: (value: number) => void}} spec
   */
  number(word, { value, min, max, step, change }) {
    const input = this.field({ type: "number", value, min, max, step });
    input.addEventListener("input", () => {
      const typed = input.valueAsNumber;
      if (typed >= min && typed <= max) change(typed);
    });
    return this.labelled(word, input);
  }

  /** A share that is dragged [%]; it says itself what it stands for. */
  slider(word, value, told, change) {
    const input = this.field({ type: "range", value, min: 5, max: 100, step: 5 });
    const says = element("output", "", told(value));
    input.addEventListener("input", () => {
      says.textContent = told(input.valueAsNumber);
      change(input.valueAsNumber);
    });
    const label = this.labelled(word, input);
    label.append(says);
    return label;
  }

  text(word, change) {
    const input = this.field({ type: "text", maxLength: 60 });
    input.addEventListener("input", () => change(input.value.trim()));
    return this.labelled(word, input);
  }

  /**
   * Coordinates that are typed; Enter puts them.
   *
   * @param {(text: string) => Promise<boolean>} put says whether they were understood
   */
  place(put) {
    const input = this.field({ type: "text", maxLength: 60, placeholder: this.words.place_hint, title: this.words.place_how });
    const label = this.labelled("place", input);
    label.classList.add("cz-place");
    input.addEventListener("keydown", async (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const text = input.value.trim();
      if (!text) return void this.map.getContainer().focus({ preventScroll: true }); // there Enter ends what was drawn
      if (await put(text)) input.value = "";
    });
    return label;
  }

  tick(word, change) {
    const input = this.field({ type: "checkbox" });
    input.addEventListener("change", () => change(input.checked));
    return this.labelled(word, input);
  }

  /**
   * @param {string} word
   * @param {{value: string, label: string}[]} choices
   * @param {(value: string) => void} change
   */
  choice(word, choices, chosen, change) {
    const select = /** @type {HTMLSelectElement} */ (document.createElement("select"));
    for (const { value, label } of choices) {
      const option = document.createElement("option");
      option.value = value;
      option.textContent = label;
      select.append(option);
    }
    select.value = chosen;
    select.addEventListener("change", () => change(select.value));
    return this.labelled(word, select);
  }

  /** @returns {HTMLInputElement} */
  field(spec) {
    return Object.assign(document.createElement("input"), spec);
  }

  labelled(word, input) {
    const label = element("label", "cz-option");
    label.append(element("span", "", this.words[word]), input);
    return label;
  }
}
