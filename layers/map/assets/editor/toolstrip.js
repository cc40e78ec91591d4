/**
 * The strip of tools at the left edge: one stop of the tab key, arrows within it, a letter for each tool.
 *
 * @typedef {object} Entry
 * @property {string} name
 * @property {string} letter as `KeyboardEvent.key` gives it, in capitals
 * @property {string} [needs] kind of command that a role has to be allowed
 * @property {"tool" | "act" | "switch"} kind a tool stays in hand, an act is done once, a switch stays on beside tools
 */
import { control, element } from "../dom.js";
import { icon } from "./icons.js";

/** @type {Entry[]} */
export const ENTRIES = [
  { name: "select", letter: "V", kind: "tool" },
  { name: "box", letter: "W", kind: "tool" },
  { name: "lasso", letter: "L", kind: "tool" },
  { name: "measure", letter: "T", kind: "tool" },
  { name: "brush", letter: "B", kind: "tool", needs: "assign" },
  { name: "erase", letter: "E", kind: "tool", needs: "unassign_many" },
  { name: "draw", letter: "D", kind: "tool", needs: "draw" },
  { name: "vertices", letter: "N", kind: "tool", needs: "move_vertices" },
  { name: "split", letter: "S", kind: "tool", needs: "split" },
  { name: "equal", letter: "Q", kind: "tool", needs: "split" },
  { name: "strip", letter: "R", kind: "tool", needs: "cut_strip" },
  { name: "merge", letter: "M", kind: "act", needs: "merge_parcels" },
  { name: "trim", letter: "X", kind: "act", needs: "trim" },
  { name: "delete", letter: "DELETE", kind: "act", needs: "delete" },
  { name: "points", letter: "C", kind: "act" },
  { name: "faults", letter: "F", kind: "switch" },
];

const ACROSS = 2;
const STEPS = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: ACROSS, ArrowUp: -ACROSS };

export class Toolstrip {
  /**
   * @param {any} map
   * @param {object} words
   * @param {(entry: Entry) => string} why why a tool is not for this viewer, empty where it is
   * @param {(name: string) => void} take
   */
  constructor(map, words, why, take) {
    this.body = element("div", "leaflet-bar cz-tools");
    this.body.setAttribute("role", "toolbar");
    this.body.setAttribute("aria-label", words.tools);
    this.body.setAttribute("aria-orientation", "vertical");
    /** @type {Map<string, HTMLElement>} */
    this.buttons = new Map();
    for (const entry of ENTRIES) this.body.append(this.button(entry, words, why(entry), take));
    this.body.addEventListener("keydown", (event) => this.rove(event));
    this.stop("select");
    control("topleft", this.body).addTo(map);
  }

  button(entry, words, reason, take) {
    const made = element("button", "cz-tool");
    const letter = entry.letter === "DELETE" ? "Del" : entry.letter;
    const said = `${words[`tool_${entry.name}`]} (${letter})`;
    made.title = [said, reason || words[`hint_${entry.name}`]].filter(Boolean).join("\n");
    made.setAttribute("aria-label", reason ? `${said} · ${reason}` : said);
    made.setAttribute("aria-keyshortcuts", entry.letter === "DELETE" ? "Delete" : entry.letter);
    made.dataset.name = entry.name;
    if (reason) made.setAttribute("aria-disabled", "true");
    else if (entry.kind !== "act") made.setAttribute("aria-pressed", "false");
    made.append(icon(entry.name));
    made.addEventListener("click", () => take(entry.name));
    this.buttons.set(entry.name, made);
    return made;
  }

  /** Show which tool is in hand. */
  show(name) {
    for (const entry of ENTRIES) if (entry.kind === "tool") this.press(entry.name, entry.name === name);
    if (this.buttons.has(name)) this.stop(name);
  }

  press(name, on) {
    const button = this.buttons.get(name);
    if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(on));
  }

  /** Where the tab key stops. */
  stop(name) {
    for (const [one, button] of this.buttons) button.tabIndex = one === name ? 0 : -1;
  }

  rove(event) {
    const names = [...this.buttons.keys()];
    const at = names.indexOf(event.target.closest("button")?.dataset.name);
    const ends = { Home: 0, End: names.length - 1 };
    const to = event.key in ends ? ends[event.key] : at + (STEPS[event.key] ?? NaN);
    if (at < 0 || !(to >= 0 && to < names.length)) return;
    this.stop(names[to]);
    this.buttons.get(names[to]).focus();
    event.preventDefault();
    event.stopPropagation();
  }
}
