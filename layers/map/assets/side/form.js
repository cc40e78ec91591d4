/**
 * The figures of what is selected, to be changed and saved as one act. What is typed is never overwritten by what
 * others do, and stays with its parcels while others are looked at.
 */
import { button, element } from "../dom.js";
import { Field } from "./field.js";
import { Givings } from "./giving.js";
import { filled, square } from "./numbers.js";

/** Parcels that one act may name; `layers/live/kinds.py` has the same. */
const MOST = 5000;
const PLAN = ["classification", "land_use", "official_area_m2", "far_max", "far_min", "far_basis", "stated_floor_area_m2"];
const GROUPS = [
  ["group_names", ["parcel_no", "name", "note"], true],
  ["group_plan", [...PLAN, "coverage_max_pct", "height_max_m", "storey_height_m", "green_min_pct"], true],
  ["group_built", ["built_floor_area_m2", "under_construction_floor_area_m2", "underground_floor_area_m2"], true],
  ["group_supply", ["status", "supply_mode", "term_years", "available_from"], true],
  ["group_shape", ["geometry_basis", "geometry_error_m", "zone", "sub_area", "source"], false],
];
const AMOUNTS = ["permitted", "built", "committed", "left"];

export class Form {
  /**
   * @param {import("../core.js").Core} core
   * @param {{edit: boolean, assign: boolean}} may
   * @param {(key: string) => void} why asks the page why a project is not on a parcel
   */
  constructor(core, may, why) {
    this.core = core;
    this.may = may;
    this.why = why;
    this.body = element("div", "cz-form");
    this.keys = [];
    this.fields = [];
    this.asked = 0;
    /** What was typed and not saved, by the parcels that it is for. */
    this.drafts = new Map();
    this.op = "";
    this.stops = [
      core.on("selection", ({ keys }) => this.show(keys)),
      core.on("changed", () => this.keys.length && this.fields.length && this.refresh()),
      core.on("acted", ({ settled }) => this.answered(settled)),
      core.on("resolved", (told) => this.resolved(told)),
    ];
    this.show([...core.selection].map((slot) => core.names.keys[slot]));
  }

  /** Show other parcels. */
  async show(keys) {
    this.keepDraft();
    this.keys = keys;
    const { words } = this.core;
    if (!keys.length || keys.length > MOST) {
      this.asked += 1;
      this.fields = [];
      const text = keys.length ? filled(words.too_many, { count: keys.length, most: MOST }) : words.pick_one;
      this.body.replaceChildren(element("p", "cz-hint", text));
      return;
    }
    const answer = await this.ask();
    if (answer) this.draw(answer);
  }

  /** Others may have changed what is shown. */
  async refresh() {
    const answer = await this.ask();
    if (!answer) return;
    const met = this.fields.filter((field) => field.meets(answer.values[field.column.name]));
    if (!this.dirty().length) this.seen = answer.revision;
    if (met.length) this.told.textContent = this.core.words.changed_by_other;
    this.titled(answer);
    this.figures(answer);
    this.givings.show(answer);
    this.count();
  }

  async ask() {
    this.asked += 1;
    const number = this.asked;
    try {
      const answer = await this.core.ask("form", { keys: this.keys });
      return number === this.asked ? answer : null;
    } catch (error) {
      if (number === this.asked && error.told) this.gone(error.told);
      return null;
    }
  }

  gone(told) {
    this.fields = [];
    this.body.replaceChildren(element("p", "cz-hint", this.core.words.parcel_gone), element("p", "cz-faint", told.message));
  }

  draw(answer) {
    const { words } = this.core;
    this.seen = answer.revision;
    this.columns = new Map(answer.columns.map((column) => [column.name, column]));
    this.title = element("h2", "cz-form-title");
    this.told = element("p", "cz-told");
    this.told.setAttribute("role", "alert");
    this.amounts = element("div", "cz-amounts");
    this.givings = new Givings(this.core, this.may, this.keys, this.why);
    this.fields = [];
    const form = element("form", "cz-fields");
    form.noValidate = true;
    for (const [title, names, open] of GROUPS) form.append(this.group(words[title], names, open, answer));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
    form.addEventListener("keydown", (event) => this.key(event));
    this.foot = element("div", "cz-form-foot");
    this.unsaved = element("span", "cz-unsaved");
    this.saver = button("cz-save", words.save, "submit");
    this.resetter = button("cz-reset", words.reset, "button", () => this.reset());
    this.foot.append(this.unsaved, this.resetter, this.saver);
    form.append(this.told, this.foot);
    this.body.replaceChildren(this.title, this.amounts, this.givings.body, form);
    this.body.scrollTop = 0;
    if (!this.may.edit) for (const field of this.fields) field.input.disabled = true;
    this.titled(answer);
    this.figures(answer);
    this.givings.show(answer);
    this.takeDraft();
    this.count();
  }

  titled({ labels }) {
    this.title.textContent = labels.length === 1 ? labels[0] : filled(this.core.words.chosen_many, { count: labels.length });
  }

  group(title, names, open, answer) {
    const box = /** @type {HTMLDetailsElement} */ (element("details", "cz-group"));
    box.open = open;
    box.append(element("summary", "", title));
    for (const name of names) {
      const column = this.columns.get(name);
      if (!column) continue;
      const field = new Field(column, answer.values[name], this.core.words, () => this.count());
      this.fields.push(field);
      box.append(field.body);
    }
    return box;
  }

  figures({ figures, drawn_area_m2: drawn }) {
    const { words } = this.core;
    const amounts = { ...figures, left_m2: figures.available_m2 };
    const known = figures.unknown < this.keys.length;
    const cells = AMOUNTS.map((name) => cell(words[name], known ? square(amounts[`${name}_m2`]) : "–", name));
    cells.push(cell(words.site_area, square(figures.site_area_m2), "site"), cell(words.drawn_area, square(drawn), "drawn"));
    const why = figures.binding ? words[`binding_${figures.binding}`] : figures.unknown ? filled(words.unknown_count, { count: figures.unknown }) : "";
    this.amounts.replaceChildren(...cells, element("p", "cz-binding", why ?? ""));
  }

  dirty() {
    return this.fields.filter((field) => field.dirty());
  }

  count() {
    const dirty = this.dirty();
    this.unsaved.textContent = dirty.length ? filled(this.core.words.changed_count, { count: dirty.length }) : "";
    this.saver.disabled = !dirty.length || !this.may.edit || dirty.some((field) => field.wrong);
    this.resetter.disabled = !dirty.length;
  }

  key(event) {
    if (event.key === "Escape" && this.dirty().length) {
      event.preventDefault();
      event.stopPropagation();
      this.reset();
    } else if (event.key === "Enter" && event.target.tagName === "SELECT") {
      event.preventDefault();
      this.save();
    }
  }

  reset() {
    for (const field of this.dirty()) field.stand(field.base);
    this.told.textContent = "";
    this.drafts.delete(this.named());
    this.count();
    this.refresh();
  }

  save() {
    const dirty = this.dirty();
    if (this.saver.disabled || !dirty.length) return;
    const { core, keys } = this;
    const values = Object.fromEntries(dirty.map((field) => [field.column.name, field.read().value]));
    const what = keys.length === 1 ? { do: "edit", layer: "parcels", key: keys[0] } : { do: "edit_many", layer: "parcels", keys };
    this.told.textContent = "";
    this.op = core.act({ ...what, values, seen: this.seen }, { rows: keys, slots: core.names.slots(keys), look: {} });
    if (this.op) for (const field of dirty) field.stand({ value: values[field.column.name], mixed: false });
    this.count();
  }

  /** @param {{act: object, result: object}[]} settled */
  answered(settled) {
    this.givings?.answered(settled);
    const mine = settled.find(({ act }) => act.op === this.op);
    if (!mine || !this.op) return;
    this.op = "";
    const { act, result } = mine;
    if (result.status === "ok" || result.status === "duplicate") return void this.refresh();
    this.back(act, result);
  }

  /** Not saved: what was typed stands in the form again, beside the reason. */
  async back(act, result) {
    const keys = act.keys ?? [act.key];
    if (keys.join("\n") !== this.named()) {
      this.drafts.set(keys.join("\n"), { values: texts(act.values), seen: act.seen });
      return;
    }
    const answer = await this.ask();
    if (!answer) return;
    this.draw(answer);
    this.seen = act.seen;
    for (const field of this.fields) if (field.column.name in act.values) field.type(texts(act.values)[field.column.name]);
    const said = [result.message, result.cure].filter(Boolean).join(" ");
    const changed = this.dirty();
    const named = changed.filter((field) => said.includes(field.column.label));
    for (const field of named.length ? named : changed) field.say(said);
    changed[0]?.input.focus();
    this.count();
  }

  /** A conflict was decided. */
  resolved({ act, kept, again }) {
    if (!this.fields.length) return;
    const keys = act.keys ?? [act.key ?? ""];
    if (keys.join("\n") !== this.named()) return void this.refresh();
    if (kept === "mine") this.op = again;
    if (kept === "edit") this.seen = this.core.revision;
    else this.reset();
  }

  named() {
    return this.keys.join("\n");
  }

  keepDraft() {
    const dirty = this.dirty();
    if (!this.keys.length) return;
    if (dirty.length) {
      const values = Object.fromEntries(dirty.map((field) => [field.column.name, field.input.value]));
      this.drafts.set(this.named(), { values, seen: this.seen });
    } else this.drafts.delete(this.named());
  }

  takeDraft() {
    const draft = this.drafts.get(this.named());
    if (!draft) return;
    this.seen = draft.seen;
    for (const field of this.fields) if (field.column.name in draft.values) field.type(draft.values[field.column.name]);
  }

  leave() {
    for (const stop of this.stops) stop();
  }
}

function texts(values) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value === null ? "" : String(value)]));
}

function cell(label, value, name) {
  const made = element("div", "cz-amount");
  made.dataset.figure = name;
  made.append(element("span", "", label), element("b", "", value));
  return made;
}
