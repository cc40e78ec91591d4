/**
 * What one parcel gives to projects: each assignment with its stage and floor area, and the next one.
 */
import { button, element } from "../dom.js";
import { option } from "./field.js";
import { filled, plain, square } from "./numbers.js";

export class Givings {
  /**
   * @param {import("../core.js").Core} core
   * @param {{assign: boolean}} may
   * @param {string[]} keys
   * @param {(key: string) => void} why asks the page why a project is not on a parcel
   */
  constructor(core, may, keys, why) {
    this.core = core;
    this.why = why;
    this.may = may;
    this.keys = keys;
    this.body = element("section", "cz-givings");
    this.ops = new Set();
    this.note = element("p", "cz-told");
    this.note.setAttribute("role", "alert");
  }

  /** What is being typed here stays until it is saved. */
  show(answer) {
    if (this.keys.length > 1 || (this.typed && this.body.contains(focused(this.body)))) return;
    this.typed = false;
    const { words } = this.core;
    this.stages = answer.stages;
    this.left = answer.figures.unknown ? null : answer.figures.available_m2;
    const rows = answer.assignments.map((given) => this.given(given));
    if (!rows.length) rows.push(element("p", "cz-faint", words.nothing_given));
    const at = this.place();
    this.body.replaceChildren(element("h3", "", words.group_given), ...rows);
    if (this.may.assign) this.body.append(this.adding());
    this.body.append(button("cz-why-here", words.why_here, "button", () => this.why(this.keys[0])));
    this.body.append(this.note);
    if (at) /** @type {HTMLElement} */ (this.body.querySelector(at))?.focus();
  }

  /** Where the keyboard is, to be found again in what is drawn anew. */
  place() {
    const at = focused(this.body);
    const row = at && this.body.contains(at) ? at.closest("[data-assignment]") : null;
    if (!row) return "";
    const kind = at.tagName === "INPUT" ? `input[type=${at.type}]` : at.tagName.toLowerCase();
    return `[data-assignment="${CSS.escape(row.dataset.assignment)}"] ${kind}`;
  }

  given(given) {
    const { words } = this.core;
    const row = element("div", "cz-given");
    row.dataset.assignment = given.assignment_id;
    const most = this.left === null ? null : this.left + given.floor_area_m2;
    const area = this.amount(given.floor_area_m2, most, `${words.floor_area} ${given.project}`);
    const stage = /** @type {HTMLSelectElement} */ (document.createElement("select"));
    stage.setAttribute("aria-label", `${words.stage} ${given.project}`);
    stage.append(...this.stages.map((one) => option(one.value, one.label)));
    stage.value = given.stage;
    let sent = "";
    const change = () => {
      const said = { do: "reassign", assignment: given.assignment_id };
      if (area.value() !== null && area.value() !== given.floor_area_m2) said.floor_area_m2 = area.value();
      if (stage.value !== given.stage) said.stage = stage.value;
      if (said.floor_area_m2 <= 0) return void (this.note.textContent = words.above_nothing);
      const wish = JSON.stringify(said);
      if (Object.keys(said).length > 2 && wish !== sent) this.act(said, [given.assignment_id, given.parcel_id]);
      sent = wish; // Enter and the change that it makes are one wish
      return undefined;
    };
    area.body.addEventListener("change", change);
    area.body.addEventListener("keydown", (event) => event.key === "Enter" && change());
    stage.addEventListener("change", change);
    const back = button("cz-take-back", words.take_back, "button", () =>
      this.act({ do: "unassign", assignment: given.assignment_id }, [given.assignment_id, given.parcel_id]),
    );
    for (const one of [stage, back, ...area.inputs]) one.disabled = !this.may.assign;
    row.append(element("b", "cz-project", given.project), stage, back, area.body);
    return row;
  }

  /** Choose a project and how much of the parcel it gets. */
  adding() {
    const { words } = this.core;
    const box = element("div", "cz-adding");
    const project = /** @type {HTMLSelectElement} */ (document.createElement("select"));
    project.setAttribute("aria-label", words.assign_to);
    project.append(option("", words.assign_to));
    const area = this.amount(this.left ?? 0, this.left, words.floor_area);
    const give = button("cz-assign", words.assign, "button", () => {
      if (project.value && area.value() > 0) this.give(project.value, area.value());
    });
    give.disabled = true;
    area.body.hidden = true;
    let projects = [];
    wanting(this.core).then((found) => {
      projects = found;
      const told = (one) => filled(words.wants, { name: one.name, area: square(one.wants_m2) });
      project.append(...found.map((one) => option(one.key, told(one))));
    });
    project.addEventListener("change", () => {
      const wants = projects.find((one) => one.key === project.value)?.wants_m2 ?? 0;
      area.set(Math.min(this.left ?? wants, wants > 0 ? wants : (this.left ?? 0)));
      area.body.hidden = give.disabled = !project.value;
    });
    box.append(project, give, area.body);
    return box;
  }

  /** A floor area as a number and as a slider up to what there is. */
  amount(start, most, label) {
    const body = element("div", "cz-amount-input");
    const number = input("text", label);
    number.inputMode = "decimal";
    const slider = input("range", label);
    Object.assign(slider, { min: "1", max: String(Math.max(most ?? start, start, 1)), step: "any" });
    slider.hidden = most === null;
    const value = () => {
      const found = Number(number.value.replace(/[,，\s]/g, ""));
      return number.value.trim() && Number.isFinite(found) ? found : null;
    };
    const set = (amount) => {
      number.value = plain(Math.round(amount * 100) / 100);
      slider.value = String(amount);
    };
    number.addEventListener("input", () => {
      this.typed = true;
      slider.value = String(value() ?? 0);
    });
    slider.addEventListener("input", () => (number.value = plain(Math.round(Number(slider.value)))));
    set(start);
    body.append(number, element("span", "cz-unit", "m²"), slider);
    return { body, value, set, inputs: [number, slider] };
  }

  give(project, area) {
    this.act({ do: "assign", parcel: this.keys[0], project, floor_area_m2: area }, this.keys);
  }

  act(said, rows) {
    const { core } = this;
    this.typed = false;
    this.note.textContent = "";
    const op = core.act(said, { rows, slots: core.names.slots(this.keys), look: {} });
    if (op) this.ops.add(op);
  }

  answered(settled) {
    for (const { result } of settled) {
      if (!this.ops.delete(result.op)) continue;
      const refused = result.status === "invalid" || result.status === "denied";
      this.note.textContent = refused ? [result.message, result.cure].filter(Boolean).join(" ") : "";
    }
  }
}

/** @type {WeakMap<object, {revision: number, projects: Promise<object[]>}>} */
const known = new WeakMap();

/** Projects with what each still wants, asked for once a revision. */
function wanting(core) {
  let found = known.get(core);
  if (found?.revision !== core.revision) {
    const projects = core.ask("projects").then((answer) => answer.projects, () => []);
    found = { revision: core.revision, projects };
    known.set(core, found);
  }
  return found.projects;
}

function input(type, label) {
  const made = /** @type {HTMLInputElement} */ (document.createElement("input"));
  made.type = type;
  made.setAttribute("aria-label", label);
  return made;
}

function focused(body) {
  return /** @type {any} */ (body.getRootNode()).activeElement ?? null;
}
