/**
 * The hands of a planner: tools that stand on the map, their keys, and how their acts go to the outbox.
 *
 * @typedef {object} Given what the page says of the viewer
 * @property {string[]} may kinds of commands that their role allows
 * @property {{values: object, look: import("../looks.js").Look}} brush what an assignment of the brush has, and looks like
 */
import { toUnit } from "../geometry.js";
import { typing } from "../tools.js";
import { Outdated, Refused } from "../wire.js";
import { Attempts } from "./attempts.js";
import { draw, equal, split, strip } from "./cutting.js";
import { Draft } from "./draft.js";
import { Faults } from "./faults.js";
import * as joining from "./joining.js";
import { measure } from "./measure.js";
import { Options } from "./options.js";
import { Projects, brush, erase } from "./paint.js";
import { select } from "./select.js";
import { Status } from "./status.js";
import { ENTRIES, Toolstrip } from "./toolstrip.js";
import { vertices } from "./vertices.js";
import { Walk } from "./walk.js";

const TOOLS = {
  select: (editor) => select(editor, "select"),
  box: (editor) => select(editor, "box"),
  lasso: (editor) => select(editor, "lasso"),
  brush,
  erase,
  draw,
  split,
  equal,
  strip,
  vertices,
  measure,
};
const SHAPING = new Set(["draw", "split", "split_equally", "strip", "vertices", "merge", "trim", "delete"]);
/** After a road what is selected stays: it would be all that the next road cuts. */
const MAKING = new Set(["draw", "split", "split_equally", "merge"]);
const ACTS = { merge: joining.merge, trim: joining.trim, delete: joining.remove, points: joining.points };

export class Editor {
  /**
   * @param {import("../core.js").Core} core
   * @param {Given} given
   */
  constructor(core, given) {
    this.core = core;
    this.words = core.words;
    this.may = new Set(given.may);
    this.brush = given.brush;
    this.share = 100;
    this.selected = false;
    /** @type {Map<string, number[]>} parcels whose outlines an act may change that is not answered yet, by its op */
    this.shaping = new Map();
    /** @type {Map<string, number[]>} what was selected when an act was made, by its op */
    this.chosen = new Map();
    this.draft = new Draft(core);
    this.options = new Options(core.map, this.words);
    this.attempts = new Attempts(this);
    this.projects = new Projects(this);
    this.status = new Status(this);
    this.faults = new Faults(this);
    this.walk = new Walk(this);
    this.strip = new Toolstrip(core.map, this.words, (entry) => this.why(entry), (name) => this.take(name));
    core.on("tool", ({ name }) => {
      this.strip.show(name);
      core.hover.over(null);
    });
    core.on("acted", ({ settled }) => settled.forEach((one) => this.answered(one)));
    core.on("changed", ({ shaped }) => this.reshaped(shaped));
    core.map.boxZoom.disable();
    core.map.getContainer().addEventListener("keydown", (event) => this.key(event));
    this.take("select");
  }

  /** Why a tool is not for this viewer; empty where it is. */
  why({ needs }) {
    return !needs || this.may.has(needs) ? "" : this.words.not_for_role;
  }

  /** Take a tool in hand, or do what a button does. */
  take(name) {
    const entry = ENTRIES.find((one) => one.name === name);
    const reason = this.why(entry);
    if (reason) return this.refuse(reason);
    if (entry.kind === "switch") return this.strip.press(name, this.faults.toggle());
    if (entry.kind === "act") return void ACTS[name](this);
    return this.core.tools.use(TOOLS[name](this));
  }

  /**
   * Do something: painted now, saved soon; what was drawn for it stays until it is answered.
   *
   * @param {object} act
   * @param {number[]} slots parcels that it touches
   * @param {import("../looks.js").Look} look that they will have
   */
  act(act, slots, look) {
    const known = slots.filter((slot) => slot >= 0);
    const rows = known.map((slot) => `parcels ${this.core.names.keys[slot]}`);
    const op = this.core.act(act, { rows, slots: known, look });
    if (op && SHAPING.has(act.do)) this.shaping.set(op, known);
    if (op && MAKING.has(act.do)) this.chosen.set(op, [...this.core.selection]);
    this.draft.keep(op);
    this.core.parcels.repaint(known);
  }

  /** What an act made is selected, unless the viewer has chosen something else meanwhile. */
  answered({ act, result }) {
    const { geometry, names, selection } = this.core;
    this.shaping.delete(act.op);
    if (result.around) this.core.outdated(); // what lies around the parcels is another: the page gives the new one
    const chosen = this.chosen.get(act.op)?.filter((slot) => geometry.there(slot));
    this.chosen.delete(act.op);
    if (!chosen || !result.came || selection.size !== chosen.length || !chosen.every((slot) => selection.has(slot))) return;
    this.core.select(names.slots(result.came));
  }

  /** Whether the outline of a parcel is about to change: its vertices may get other numbers. */
  busy(slot) {
    return [...this.shaping.values()].some((slots) => slots.includes(slot));
  }

  /** What was caught of outlines that changed means something else now: it is dropped, and that is said. */
  reshaped(shaped) {
    const { tool } = this.core.tools;
    const held = tool.holds?.() ?? [];
    if (!held.some((slot) => slot >= 0 && shaped.includes(slot))) return;
    tool.drop();
    this.refuse(this.words.changed_meanwhile);
  }

  /**
   * Ask something that can do without an answer; why there is none is said.
   *
   * @returns {Promise<any>} null for none
   */
  async ask(kind, said = {}) {
    try {
      return await this.core.ask(kind, said);
    } catch (error) {
      if (error instanceof Refused) this.refuse(error.told);
      else if (error instanceof Outdated) this.core.outdated();
      else this.refuse(this.words.no_reply);
      return null;
    }
  }

  /** Say why something is not done. */
  refuse(told) {
    const text = typeof told === "string" ? told : [told.message, told.cure].filter(Boolean).join(" · ");
    this.core.furniture.tell("cz-refused", text);
  }

  /** Parcels whose box meets the view. */
  inView() {
    const { map, geometry } = this.core;
    const box = map.getBounds();
    const [west, north] = geometry.local(...toUnit(box.getWest(), box.getNorth()));
    const [east, south] = geometry.local(...toUnit(box.getEast(), box.getSouth()));
    return [...geometry.inBox([west, north, east, south])].filter((slot) => geometry.there(slot));
  }

  key(event) {
    if (event.defaultPrevented || typing(event)) return;
    if (!this.walk.key(event) && !this.command(event)) return;
    event.preventDefault();
    event.stopPropagation(); // Leaflet would move the map, and the page has letters of its own
  }

  command(event) {
    const { core } = this;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a") {
      core.select(this.inView());
      return true;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === "Escape") {
      if (core.tools.tool.name === "select") core.select([]);
      else this.take("select");
      return true;
    }
    const entry = ENTRIES.find(({ letter }) => letter === event.key.toUpperCase());
    if (entry) this.take(entry.name);
    return Boolean(entry);
  }
}
