/**
 * Another was faster: what is mine, theirs and what was before, and the choice between them. It stays until one is made.
 */
import { element } from "../dom.js";
import { filled, plain, square } from "./numbers.js";

export class Clashes {
  /**
   * @param {import("../core.js").Core} core
   * @param {HTMLElement} whole
   */
  constructor(core, whole) {
    this.core = core;
    this.whole = whole;
    /** @type {{act: object, result: object}[]} */
    this.waiting = [];
    this.box = null;
    this.stop = core.on("acted", ({ settled }) => {
      this.waiting.push(...settled.filter(({ result }) => result.status === "conflict"));
      this.next();
    });
  }

  next() {
    if (this.box || !this.waiting.length) return;
    const told = this.waiting[0];
    const { words } = this.core;
    const box = /** @type {HTMLDialogElement} */ (element("dialog", "cz-clash"));
    const clashes = told.result.clashes ?? [];
    for (const clash of clashes) box.append(...this.told(clash));
    if (!clashes.length) box.append(element("p", "", [told.result.message, told.result.cure].filter(Boolean).join(" ")));
    const row = element("div", "cz-choices");
    row.append(this.choice(words.keep_theirs, "theirs", "cz-keep-theirs"));
    // undo and redo say nothing of their own that could be sent once more
    if (!["undo", "redo"].includes(told.act.do)) {
      row.append(this.choice(words.use_mine, "mine", "cz-use-mine"), this.choice(words.edit_again, "edit", "cz-edit-again"));
    }
    box.append(row);
    box.addEventListener("cancel", (event) => event.preventDefault());
    this.box = box;
    this.whole.append(box);
    box.showModal();
  }

  told(clash) {
    const { words } = this.core;
    const head = element("h3", "", filled(clash.own ? words.clash_title_own : words.clash_title, { label: clash.label }));
    const at = new Date(clash.at);
    const time = Number.isNaN(at.getTime()) ? clash.at : at.toLocaleString();
    const by = element("p", "cz-faint", filled(words.clash_by, { by: clash.own ? words.own_window : clash.by, at: time }));
    const table = element("table");
    const top = element("tr");
    top.append(...[words.clash_column, words.clash_mine, words.clash_theirs, words.clash_ancestor].map((text) => element("th", "", text)));
    table.append(top);
    const sides = [clash.mine, clash.theirs, clash.ancestor];
    for (const name of new Set(sides.flatMap((side) => Object.keys(side ?? {})))) {
      const row = element("tr");
      row.append(element("th", "", name === "geometry" ? words.drawn_area : (clash.columns?.[name] ?? name)));
      for (const side of sides) row.append(element("td", "", side === null ? words.clash_gone : valued(name, side[name]) || words.empty));
      table.append(row);
    }
    const sketched = sides.some((side) => side?.geometry !== undefined) ? [sketch(clash.outlines ?? {}, words)] : [];
    return [head, by, ...sketched, table];
  }

  choice(text, kept, css) {
    const button = element("button", css, text);
    button.type = "button";
    button.addEventListener("click", () => this.decide(kept));
    return button;
  }

  decide(kept) {
    const { act, result } = this.waiting.shift();
    this.box.close();
    this.box.remove();
    this.box = null;
    const { op, seen, ...wish } = act;
    const names = this.core.names;
    const rows = [wish.key, wish.parcel, wish.assignment, ...(wish.keys ?? []), ...(wish.parcels ?? [])].filter(Boolean);
    let again = "";
    if (kept === "mine") again = this.core.act(wish, { rows, slots: names.slots(rows), look: {} });
    this.core.events.emit("resolved", { act, kept, again, revision: result.revision });
    this.next();
  }

  leave() {
    this.stop();
    this.box?.remove();
  }
}

function valued(name, value) {
  return name === "geometry" && typeof value === "number" ? `${square(value)} m²` : plain(value);
}

const SVG = "http://www.w3.org/2000/svg";
/** Sides of the sketch [px], and what is left free around the outlines. */
const [WIDE, HIGH, RIM] = [260, 150, 8];

/** The outlines one over the other, told apart by colour and by the dashes of their line. */
function sketch(outlines, words) {
  const points = Object.values(outlines).flat(2);
  const [most, top] = [0, 1].map((axis) => Math.max(1, ...points.map((point) => point[axis])));
  const scale = Math.min((WIDE - 2 * RIM) / most, (HIGH - 2 * RIM) / top);
  const at = ([x, y]) => `${(RIM + x * scale).toFixed(1)} ${(RIM + (top - y) * scale).toFixed(1)}`;
  const box = element("figure", "cz-sketch");
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", `0 0 ${WIDE} ${Math.ceil(top * scale) + 2 * RIM}`);
  drawing.setAttribute("aria-hidden", "true");
  const said = element("figcaption");
  for (const side of ["ancestor", "theirs", "mine"]) {
    // an act that only looked at the outline has none of its own
    if (!outlines[side] || (side === "mine" && String(outlines.mine) === String(outlines.ancestor))) continue;
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", outlines[side].map((ring) => `M${ring.map(at).join("L")}Z`).join(""));
    path.setAttribute("class", `cz-of-${side}`);
    drawing.append(path);
    said.append(element("span", `cz-of-${side}`, words[`clash_${side}`]));
  }
  box.append(drawing, said);
  return box;
}
