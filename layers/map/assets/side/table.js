/**
 * A table that follows the map both ways: what is in view, what is selected, or what a query found. Only the rows in
 * sight are on the page; a cell is changed in place, as one act.
 */
import { button, element } from "../dom.js";
import { toUnit } from "../geometry.js";
import { Cell } from "./cell.js";
import { filled, plain, square } from "./numbers.js";
import { Rows } from "./rows.js";

const HIGH = 25;
const AROUND = 8;
const MOST_COPIED = 5000;
const SCOPES = ["view", "selected", "found"];
const COLUMNS = [
  { name: "label", width: 108 },
  { name: "land_use", width: 72, edits: "land_use" },
  { name: "site", width: 88, edits: "official_area_m2", figure: true },
  { name: "far", width: 74, edits: "far_max", number: true },
  { name: "permitted", width: 92, from: "permitted_m2", figure: true },
  { name: "available", width: 88, from: "available_m2", figure: true },
  { name: "status", width: 104, edits: "status" },
];

export class Table {
  /**
   * @param {import("../core.js").Core} core
   * @param {{edit: boolean}} may
   */
  constructor(core, may) {
    this.core = core;
    this.may = may;
    this.shown = false;
    this.scope = "view";
    this.sort = 0;
    this.slots = [];
    this.place = new Map();
    /** @type {Map<number, HTMLElement>} lines in sight, by slot */
    this.lines = new Map();
    this.results = [];
    this.at = { row: -1, column: 0 };
    this.anchor = -1;
    /** Slot whose row is to come into sight, −1 for none. */
    this.wanted = -1;
    this.rows = new Rows(core, () => this.draw());
    this.cell = new Cell(core, () => this.scroller.focus({ preventScroll: true }));
    this.build();
    this.moved = () => this.shown && this.scope === "view" && !this.flying && this.follow();
    core.map.on("moveend", this.moved);
    this.stops = [
      core.on("selection", ({ slots }) => this.selected(slots)),
      core.on("changed", ({ slots }) => this.shown && (slots.length ? this.list() : this.draw())),
    ];
  }

  build() {
    const { words } = this.core;
    this.body = element("div", "cz-table-part");
    this.bar = element("div", "cz-table-bar");
    this.bar.setAttribute("role", "radiogroup");
    this.scopes = Object.fromEntries(SCOPES.map((name) => [name, button("cz-scope", words[`scope_${name}`], "button", () => this.turn(name))]));
    this.count = element("span", "cz-faint");
    this.count.setAttribute("role", "status");
    const copy = button("cz-copy", words.copy, "button", () => this.copy());
    copy.title = filled(words.copy_hint, { most: MOST_COPIED });
    this.bar.append(...Object.values(this.scopes), this.count, copy);
    this.scroller = element("div", "cz-grid");
    this.scroller.tabIndex = 0;
    this.scroller.setAttribute("role", "grid");
    this.scroller.setAttribute("aria-label", words.side_table);
    this.head = element("div", "cz-grid-head");
    this.head.setAttribute("role", "row");
    this.head.append(...COLUMNS.map((column) => this.heading(column)));
    this.sheet = element("div", "cz-sheet");
    this.scroller.append(this.head, this.sheet);
    this.scroller.addEventListener("scroll", () => this.draw());
    for (const hand of ["wheel", "pointerdown", "keydown"]) {
      this.scroller.addEventListener(hand, () => (this.wanted = -1), { passive: true });
    }
    this.scroller.addEventListener("keydown", (event) => this.key(event));
    this.scroller.addEventListener("click", (event) => this.click(event));
    this.scroller.addEventListener("dblclick", (event) => this.open(event.target));
    this.body.append(this.bar, this.scroller, element("p", "cz-faint cz-table-hint", words.edit_hint));
    this.cell.refused = (text) => (this.count.textContent = text);
  }

  heading({ name, width }) {
    const made = element("span", "", this.core.words[`column_${name}`]);
    made.setAttribute("role", "columnheader");
    made.style.width = `${width}px`;
    if (name !== "label") return made;
    made.classList.add("cz-sorts");
    made.addEventListener("click", (event) => {
      event.stopPropagation();
      this.sort = this.sort === 1 ? -1 : this.sort + 1;
      made.setAttribute("aria-sort", { 0: "none", 1: "ascending", [-1]: "descending" }[this.sort]);
      this.list();
    });
    return made;
  }

  show(on) {
    this.shown = on;
    if (on) this.list();
  }

  turn(scope) {
    this.scope = scope;
    this.scroller.scrollTop = 0;
    this.list();
  }

  /** A query found these. */
  found(slots) {
    this.results = slots;
    this.scope = "found";
    if (this.shown) this.list();
  }

  /** Which parcels are listed, in which order. */
  list() {
    const { geometry, names } = this.core;
    const given = this.scope === "selected" ? [...this.core.selection] : this.scope === "found" ? this.results : this.inView();
    this.slots = Array.from(given).filter((slot) => geometry.there(slot));
    if (this.sort) {
      const order = new Intl.Collator("zh-CN", { numeric: true });
      this.slots.sort((a, b) => this.sort * order.compare(names.labels[a], names.labels[b]));
    }
    this.place = new Map(this.slots.map((slot, row) => [slot, row]));
    for (const [name, one] of Object.entries(this.scopes)) {
      one.setAttribute("role", "radio");
      one.setAttribute("aria-checked", String(name === this.scope));
    }
    this.count.textContent = filled(this.core.words.rows_count, { count: this.slots.length.toLocaleString("en-US") });
    this.sheet.style.height = `${this.slots.length * HIGH}px`;
    this.scroller.setAttribute("aria-rowcount", String(this.slots.length));
    this.draw();
  }

  inView() {
    const box = this.core.map.getBounds();
    const [west, north] = this.core.geometry.local(...toUnit(box.getWest(), box.getNorth()));
    const [east, south] = this.core.geometry.local(...toUnit(box.getEast(), box.getSouth()));
    return this.core.geometry.inBox([west, north, east, south]);
  }

  /** Put the rows in sight on the page. */
  draw() {
    if (!this.shown || this.cell.open) return;
    const first = Math.max(0, Math.floor(this.scroller.scrollTop / HIGH) - AROUND);
    const last = Math.min(this.slots.length, first + Math.ceil(this.scroller.clientHeight / HIGH) + 2 * AROUND);
    const sight = this.slots.slice(first, last);
    // a line stays the same element while it is in sight: a click on it that something redraws is not lost
    const before = this.lines;
    this.lines = new Map(sight.map((slot) => [slot, before.get(slot) ?? this.line()]));
    sight.forEach((slot, i) => this.fill(this.lines.get(slot), slot, first + i));
    const lines = sight.length ? [...this.lines.values()] : [element("p", "cz-hint", this.core.words.no_rows)];
    const there = this.sheet.children;
    if (lines.length !== there.length || lines.some((line, i) => line !== there[i])) this.sheet.replaceChildren(...lines);
    this.rows.need(sight);
  }

  line() {
    const line = element("div", "cz-line-row");
    line.setAttribute("role", "row");
    COLUMNS.forEach((column, at) => {
      const cell = element("span");
      cell.setAttribute("role", "gridcell");
      cell.dataset.column = String(at);
      cell.style.width = `${column.width}px`;
      line.append(cell);
    });
    return line;
  }

  fill(line, slot, row) {
    const { core } = this;
    line.setAttribute("aria-selected", String(core.selection.has(slot)));
    line.setAttribute("aria-rowindex", String(row + 1));
    line.style.top = `${row * HIGH}px`;
    line.dataset.row = String(row);
    const known = this.rows.of(slot);
    COLUMNS.forEach((column, at) => {
      const cell = line.children[at];
      const text = column.name === "label" ? core.names.labels[slot] : known ? shown(column, known) : "…";
      if (cell.textContent !== text) cell.textContent = cell.title = text;
      const cursor = row === this.at.row && at === this.at.column;
      cell.className = [column.figure || column.number ? "cz-figure-cell" : "", cursor ? "cz-cursor" : ""].join(" ");
    });
  }

  /** Others are selected: the row comes into sight, unless it was chosen here. */
  selected(slots) {
    if (!this.choosing) {
      if (slots.length > 1 && this.scope !== "selected" && !this.fromQuery(slots)) this.scope = "selected";
      else if (!slots.length && this.scope === "selected") this.scope = "view";
    }
    if (!this.shown) return;
    if (this.choosing) return this.draw();
    this.wanted = slots.length === 1 ? slots[0] : -1;
    return this.follow();
  }

  /** List what is there now; the row that was selected on the map stays in sight until the table is scrolled. */
  follow() {
    this.list();
    if (this.place.has(this.wanted)) this.reveal(this.place.get(this.wanted));
  }

  fromQuery(slots) {
    return this.scope === "found" && slots.every((slot) => this.place.has(slot));
  }

  reveal(row) {
    if (row === undefined) return;
    this.at = { ...this.at, row };
    const top = row * HIGH;
    const { scrollTop, clientHeight } = this.scroller;
    if (top < scrollTop || top + 3 * HIGH > scrollTop + clientHeight) this.scroller.scrollTop = Math.max(0, top - clientHeight / 2);
    this.draw();
  }

  click(event) {
    const cell = event.target.closest("[data-column]");
    const line = event.target.closest("[data-row]");
    if (!line || this.cell.open) return;
    const row = Number(line.dataset.row);
    this.at = { row, column: cell ? Number(cell.dataset.column) : 0 };
    if (event.detail > 1) return;
    this.choose(row, event.shiftKey, event.ctrlKey || event.metaKey);
  }

  /** Select a row, more of them, or all between two, and bring it into view. */
  choose(row, through, also) {
    const slot = this.slots[row];
    if (slot === undefined) return;
    const { core } = this;
    let wanted = [slot];
    if (through && this.anchor >= 0) {
      const [first, last] = [Math.min(row, this.anchor), Math.max(row, this.anchor)];
      wanted = this.slots.slice(first, last + 1);
    } else {
      this.anchor = row;
      if (also) wanted = core.selection.has(slot) ? [...core.selection].filter((one) => one !== slot) : [...core.selection, slot];
    }
    this.choosing = true;
    this.flying = true;
    core.select(wanted);
    if (!through && !also) core.fly(slot);
    this.choosing = false;
    this.flying = false;
  }

  key(event) {
    if (this.cell.open) return;
    const { key } = event;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15, Home: -1e9, End: 1e9 }[key];
    const side = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (step) {
      const row = Math.max(0, Math.min(this.slots.length - 1, this.at.row + step));
      this.choose(row, event.shiftKey, false);
      this.reveal(row);
    } else if (side) {
      this.at.column = Math.max(0, Math.min(COLUMNS.length - 1, this.at.column + side));
      this.draw();
    } else if (key === "Enter" || key === "F2") this.open(this.sheet.querySelector(".cz-cursor"));
    else if (key.toLowerCase() === "c" && (event.ctrlKey || event.metaKey)) this.copy();
    else return;
    event.preventDefault();
  }

  /** Change a cell in place. */
  open(at) {
    const cell = at?.closest("[data-column]");
    const line = at?.closest("[data-row]");
    if (!cell || !line || !this.may.edit) return;
    const column = COLUMNS[Number(cell.dataset.column)];
    const slot = this.slots[Number(line.dataset.row)];
    if (column.edits && slot !== undefined) this.cell.edit(cell, slot, column.edits, () => this.draw());
  }

  async copy() {
    const { words } = this.core;
    const chosen = this.slots.filter((slot) => this.core.selection.has(slot));
    const slots = (chosen.length > 1 || this.scope === "selected" ? chosen : this.slots).slice(0, MOST_COPIED);
    const rows = await this.rows.all(slots);
    const lines = [COLUMNS.map(({ name }) => words[`column_${name}`])];
    const labels = new Map(slots.map((slot) => [this.core.names.keys[slot], this.core.names.labels[slot]]));
    for (const row of rows) lines.push(COLUMNS.map((column) => (column.name === "label" ? labels.get(row.parcel_id) : bare(column, row))));
    await onto(lines.map((line) => line.map((text) => String(text).replace(/[\t\r\n]+/g, " ")).join("\t")).join("\n"), this.body);
    this.count.textContent = filled(words.copied, { count: rows.length });
  }

  leave() {
    this.core.map.off("moveend", this.moved);
    for (const stop of this.stops) stop();
    this.cell.leave();
  }
}

function valueOf(column, row) {
  return row[column.from ?? column.edits];
}

function shown(column, row) {
  const value = valueOf(column, row);
  if (column.figure) return square(value);
  return value === null ? "–" : plain(value);
}

function bare(column, row) {
  return plain(valueOf(column, row) ?? "");
}

/** Put a text where it can be pasted from; over plain http a browser has only the older way. */
async function onto(text, near) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const box = /** @type {HTMLTextAreaElement} */ (element("textarea", "cz-hidden"));
  box.value = text;
  near.append(box);
  box.select();
  document.execCommand("copy");
  box.remove();
  return undefined;
}
