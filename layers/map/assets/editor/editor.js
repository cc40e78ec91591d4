/**
 * The hands of a planner: tools that stand on the map, their keys, and how their acts go to the outbox.
 *
 * @typedef {object} Given what the page says of the viewer
 * @property {string[]} may kinds of commands that their role allows
 * @property {{values: object, look: import("../looks.js").Look}} brush what an assignment of the brush has, and looks like
 */
import { toUnit } from "../geometry.js";
import { typing } from "../tools.js";
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
    this.draft.keep(this.core.act(act, { rows, slots: known, look }));
    this.core.parcels.repaint(known);
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
