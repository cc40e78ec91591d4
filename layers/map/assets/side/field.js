/**
 * One column of the form: a labelled input that knows what may stand in it, what stood in it, and whether it differs.
 *
 * @typedef {object} Column as `layers/live/asking.py` tells it
 * @property {string} name
 * @property {string} label
 * @property {string} meaning
 * @property {"text" | "number" | "integer" | "date" | "boolean" | "list"} kind
 * @property {string} unit
 * @property {number | null} low
 * @property {number | null} high
 * @property {{value: string, label: string}[]} options
 */
import { element } from "../dom.js";
import { filled, plain } from "./numbers.js";

const MIXED = "\u0000mixed";

/**
 * What is typed as a value of a column; `why` names the word for what is wrong with it.
 *
 * @param {Column} column
 * @param {string} text
 * @returns {{value?: string | number | boolean | null, why?: string}}
 */
export function read(column, text) {
  const typed = text.trim();
  if (!typed) return { value: null };
  if (column.kind === "boolean") return { value: typed === "true" };
  if (column.kind === "date") return /^\d{4}-\d{2}-\d{2}$/.test(typed) ? { value: typed } : { why: "not_date" };
  if (column.kind !== "number" && column.kind !== "integer") return { value: typed };
  const number = Number(typed.replace(/[,，\s]/g, ""));
  if (!Number.isFinite(number)) return { why: "not_number" };
  if (column.kind === "integer" && !Number.isInteger(number)) return { why: "not_whole" };
  if (column.low !== null && number < column.low) return { why: "too_low" };
  if (column.high !== null && number > column.high) return { why: "too_high" };
  return { value: number };
}

/** Choices of a column; a value that stands there stays choosable. */
export function choices(column, words, value) {
  const known = column.kind === "boolean" ? [["true", words.yes], ["false", words.no]] : column.options.map((one) => [one.value, one.label]);
  if (typeof value === "string" && value && !known.some(([one]) => one === value)) known.push([value, value]);
  return [["", words.empty], ...known];
}

export class Field {
  /**
   * @param {Column} column
   * @param {{value: any, mixed: boolean}} base what is stored
   * @param {object} words
   * @param {() => void} changed called when somebody typed
   */
  constructor(column, base, words, changed) {
    this.column = column;
    this.words = words;
    this.body = element("div", "cz-field");
    this.body.dataset.column = column.name;
    const label = /** @type {HTMLLabelElement} */ (element("label", "", column.label));
    label.htmlFor = `cz-field-${column.name}`;
    label.title = column.meaning ?? "";
    this.chooses = column.kind === "boolean" || column.options.length > 0;
    this.input = /** @type {HTMLInputElement} */ (document.createElement(this.chooses ? "select" : "input"));
    this.input.id = label.htmlFor;
    this.input.autocomplete = "off";
    if (column.kind === "number" || column.kind === "integer") this.input.inputMode = "decimal";
    this.note = element("small", "cz-why");
    this.note.id = `cz-why-${column.name}`;
    this.input.setAttribute("aria-describedby", this.note.id);
    this.input.addEventListener("input", () => {
      this.check();
      changed();
    });
    this.body.append(label, this.input, element("span", "cz-unit", column.unit), this.note);
    this.stand(base);
  }

  /** Show what is stored. */
  stand(base) {
    this.base = base;
    if (this.chooses) {
      const options = choices(this.column, this.words, base.value);
      if (base.mixed) options.unshift([MIXED, this.words.mixed]);
      this.input.replaceChildren(...options.map(([value, text]) => option(value, text)));
    } else this.input.placeholder = base.mixed ? this.words.mixed : "";
    this.input.value = this.shown();
    this.say("");
    this.check();
  }

  shown() {
    if (this.base.mixed) return this.chooses ? MIXED : "";
    return this.column.kind === "number" ? plain(this.base.value ?? "") : String(this.base.value ?? "");
  }

  /** Somebody else changed what is stored: what is typed here stays. */
  meets(base) {
    if (JSON.stringify(base) === JSON.stringify(this.base)) return false;
    if (!this.dirty()) {
      this.stand(base);
      return false;
    }
    this.say(filled(this.words.changed_to, { value: base.mixed ? this.words.mixed : plain(base.value ?? this.words.empty) }));
    return true;
  }

  dirty() {
    return this.input.value !== this.shown();
  }

  /** Type something. */
  type(text) {
    this.input.value = text;
    this.check();
  }

  check() {
    const { why } = this.read();
    const dirty = this.dirty();
    this.body.classList.toggle("cz-dirty", dirty);
    this.body.classList.toggle("cz-wrong", Boolean(why));
    this.input.setAttribute("aria-invalid", String(Boolean(why)));
    if (why) this.say(filled(this.words[why], this.column));
    else if (this.wrong) this.say("");
    this.wrong = Boolean(why);
  }

  read() {
    return this.dirty() ? read(this.column, this.input.value) : { value: this.base.value };
  }

  say(text) {
    this.note.textContent = text;
  }
}

export function option(value, text) {
  const made = /** @type {HTMLOptionElement} */ (element("option", "", text));
  made.value = value;
  return made;
}
