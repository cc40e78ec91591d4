/**
 * What stands beside the map of the editor: search, form, table and query, undo, and a line that says what is saved.
 *
 * @typedef {object} Given what the page says of the viewer
 * @property {{undo: string, redo: string}} tops what undo and redo would take
 * @property {{edit: boolean, assign: boolean, undo: boolean}} may
 */
import { element } from "../dom.js";
import { Clashes } from "./clash.js";
import { Form } from "./form.js";
import { Query } from "./query.js";
import { Search } from "./search.js";
import { Status } from "./status.js";
import { Table } from "./table.js";
import { Undo } from "./undo.js";

const SHAPE = "chengzai-side";

export class Side {
  /**
   * @param {import("../core.js").Core} core
   * @param {Given} given
   * @param {HTMLElement} whole the editor: map and side
   * @param {(told: object) => void} say to the page
   */
  constructor(core, given, whole, say) {
    const { words } = core;
    this.core = core;
    this.whole = whole;
    this.body = element("aside", "cz-side");
    this.body.setAttribute("aria-label", words.side);
    this.form = new Form(core, given.may, (key) => say({ kind: "why", keys: [key], nonce: crypto.randomUUID() }));
    this.table = new Table(core, given.may);
    this.query = new Query(core, (slots) => this.table.found(slots));
    this.status = new Status(core);
    this.undo = new Undo(core, given);
    this.clashes = new Clashes(core, whole);
    this.search = new Search(core);
    this.parts = { form: this.form, table: this.table, query: this.query };
    this.head = element("div", "cz-side-head");
    this.taker = this.button("cz-take", "⤓", words.side_take, () => this.take_away(say));
    this.stop = core.on("selection", ({ keys }) => this.takes(keys.length));
    this.takes(core.selection.size);
    this.head.append(this.search.body, this.taker, this.button("cz-widen", "⇔", words.side_widen, () => this.shape("wide")));
    this.head.append(this.button("cz-hide", "»", words.side_hide, () => this.shape("hidden")));
    this.opener = this.button("cz-open", "«", words.side_show, () => this.shape("hidden"));
    this.tabs = element("div", "cz-tabs");
    this.tabs.setAttribute("role", "tablist");
    this.body.append(this.head, this.tabs, ...Object.entries(this.parts).map(([name, part]) => this.tab(name, part)));
    whole.append(this.body, this.opener, this.status.body);
    this.shaped(kept());
  }

  /** What is selected can be taken away as a file: the page asks in which format. */
  take_away(say) {
    const { core } = this;
    say({ kind: "take", keys: [...core.selection].map((slot) => core.names.keys[slot]), nonce: crypto.randomUUID() });
  }

  takes(count) {
    this.taker.disabled = !count;
  }

  button(css, text, title, press) {
    const made = element("button", css, text);
    made.type = "button";
    made.title = title;
    made.setAttribute("aria-label", title);
    made.addEventListener("click", press);
    return made;
  }

  tab(name, part) {
    const tab = element("button", "cz-tab", this.core.words[`side_${name}`]);
    tab.type = "button";
    tab.id = `cz-tab-${name}`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", `cz-part-${name}`);
    tab.addEventListener("click", () => this.turn(name));
    tab.addEventListener("keydown", (event) => this.along(event, name));
    this.tabs.append(tab);
    const panel = element("section", "cz-part");
    panel.id = `cz-part-${name}`;
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    panel.append(part.body);
    return panel;
  }

  along(event, name) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const names = Object.keys(this.parts);
    const next = names[(names.indexOf(name) + step + names.length) % names.length];
    this.turn(next);
    this.tabs.querySelector(`#cz-tab-${next}`).focus();
  }

  /** Show one of the tabs. */
  turn(name) {
    for (const one of Object.keys(this.parts)) {
      const on = one === name;
      const tab = this.tabs.querySelector(`#cz-tab-${one}`);
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      this.body.querySelector(`#cz-part-${one}`).hidden = !on;
    }
    this.table.show(name === "table" && !this.state.hidden);
    this.keep({ tab: name });
  }

  /** Hide, show, widen or narrow the side. */
  shape(name) {
    this.shaped({ ...this.state, [name]: !this.state[name] });
  }

  shaped(state) {
    this.state = state;
    this.whole.classList.toggle("cz-side-hidden", state.hidden);
    this.whole.classList.toggle("cz-side-wide", state.wide);
    this.turn(state.tab);
  }

  keep(changed) {
    this.state = { ...this.state, ...changed };
    try {
      sessionStorage.setItem(SHAPE, JSON.stringify(this.state));
    } catch {
      // A browser that keeps nothing shows the side as it was made.
    }
  }

  /** The page was drawn anew. */
  take(given) {
    this.undo.show(given.tops);
  }

  leave() {
    this.stop();
    for (const part of [this.form, this.table, this.query, this.undo, this.status, this.clashes, this.search]) part.leave?.();
    for (const one of [this.body, this.opener, this.status.body]) one.remove();
  }
}

function kept() {
  const fresh = { tab: "form", hidden: false, wide: false };
  try {
    const { tab, hidden, wide } = { ...fresh, ...JSON.parse(sessionStorage.getItem(SHAPE) ?? "{}") };
    return { tab: ["form", "table", "query"].includes(tab) ? tab : "form", hidden: Boolean(hidden), wide: Boolean(wide) };
  } catch {
    return fresh;
  }
}
