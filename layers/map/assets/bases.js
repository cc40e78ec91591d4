/**
 * Base maps: the choice of one, what it says of itself, and the kilometre grid. None is chosen at first, and without
 * one nothing is asked for.
 *
 * @typedef {object} BaseRow
 * @property {string} key
 * @property {string} title
 * @property {"raster" | "vector"} kind
 * @property {"wgs84" | "gcj02" | "bd09"} datum
 * @property {"allowed" | "blocked"} edits
 * @property {string} note said on the map while the base is shown
 * @property {string} credit
 * @property {string[]} tiles addresses with {z}, {x} and {y}, the lowest layer first
 * @property {[number, number]} zooms
 * @property {[[number, number], [number, number]] | null} bounds
 *
 * @typedef {object} BaseList
 * @property {BaseRow[]} bases
 * @property {string[]} problems why others are not offered
 * @property {import("./gauss.js").Gauss | null} grid
 * @property {Record<string, string>} words
 */
import { choice, element } from "./dom.js";
import { Projection } from "./gauss.js";
import { kilometreGrid } from "./kilometres.js";
import { vectorLayer } from "./vector.js";

export class Bases {
  /**
   * @param {any} map
   * @param {string} memory key under which the choice is kept
   * @param {() => void} [changed] called when names on the map may have to make room
   */
  constructor(map, memory, changed = () => {}) {
    this.map = map;
    this.memory = `${memory}-base`;
    this.changed = changed;
    this.body = element("details", "cz-layers cz-bases");
    this.line = element("div", "cz-base-note");
    this.line.setAttribute("role", "status");
    map.getContainer().append(this.line);
    map.on("zoomend", () => this.say());
    /** @type {BaseRow | null} */
    this.base = null;
    this.layers = [];
    this.grid = null;
    this.kept = remembered(this.memory);
  }

  /** Whether parcels may be changed: not over a base that is only right for the eye. */
  get edits() {
    return this.base?.edits ?? "allowed";
  }

  /**
   * Fetch the list and offer it; a list that does not come leaves the map as it is.
   *
   * @param {string} address
   */
  async load(address) {
    const answer = await fetch(new URL(address, window.location.origin));
    if (!answer.ok) return;
    /** @type {BaseList} */
    const list = await answer.json();
    this.words = list.words;
    this.body.replaceChildren(element("summary", "", list.words.base), ...this.choices(list));
    this.use(list.bases.find((base) => base.key === this.kept.base) ?? null);
    if (list.grid && this.kept.kilometres) this.showGrid(true);
  }

  /** @param {BaseList} list */
  choices(list) {
    const rows = [null, ...list.bases].map((base) => {
      const checked = (base?.key ?? "") === (this.kept.base ?? "");
      const text = base?.title ?? list.words.none;
      const row = choice({ type: "radio", name: "base", text, checked, change: () => this.use(base) });
      row.className = "cz-choice cz-base";
      row.title = base ? [base.title, base.credit].filter(Boolean).join(" · ") : "";
      return row;
    });
    if (list.grid) {
      this.projection = new Projection(list.grid);
      const change = (on) => this.showGrid(on);
      const checked = Boolean(this.kept.kilometres);
      rows.push(choice({ type: "checkbox", name: "kilometres", text: list.words.kilometres, checked, change }));
    }
    if (list.problems.length) {
      rows.push(element("p", "cz-note", list.words.not_offered));
      rows.push(...list.problems.map((problem) => element("p", "cz-note", problem)));
    }
    return rows;
  }

  /** @param {BaseRow | null} base */
  use(base) {
    for (const layer of this.layers) layer.remove();
    this.base = base;
    this.layers = base ? base.tiles.map((address) => this.layer(base, address).addTo(this.map)) : [];
    const frame = this.map.getContainer();
    frame.dataset.base = base?.kind ?? "";
    frame.dataset.edits = this.edits;
    this.keep({ base: base?.key ?? "" });
    this.say();
  }

  /**
   * @param {BaseRow} base
   * @param {string} address
   */
  layer(base, address) {
    const { L } = window;
    if (base.kind === "vector") return vectorLayer(address, { ...base, language: this.words.language });
    return L.tileLayer(address, {
      minZoom: base.zooms[0],
      maxNativeZoom: base.zooms[1],
      maxZoom: 22,
      bounds: base.bounds ?? undefined,
      updateWhenIdle: true,
    });
  }

  showGrid(on) {
    this.grid ??= kilometreGrid(this.map, this.projection, this.changed);
    if (on) this.grid.addTo(this.map);
    else this.grid.remove();
    this.keep({ kilometres: on });
    this.changed();
  }

  /** What there is to know about the base that is shown. */
  say() {
    const { base, words } = this;
    const far = base && this.map.getZoom() < base.zooms[0] + (base.kind === "vector" ? 1 : 0);
    const texts = base ? [base.note, far ? words.too_far : "", base.credit, words.internal] : [];
    this.line.replaceChildren(...texts.filter(Boolean).map((text, i) => element("span", i === 0 && base.note ? "cz-warned" : "", text)));
    this.line.title = base?.note ? words.display_why : "";
    this.changed();
  }

  keep(told) {
    this.kept = { ...this.kept, ...told };
    try {
      sessionStorage.setItem(this.memory, JSON.stringify(this.kept));
    } catch {
      // A browser that keeps nothing begins without a base; the map works all the same.
    }
  }
}

/** @returns {{base?: string, kilometres?: boolean}} */
function remembered(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "{}") ?? {};
  } catch {
    return {};
  }
}
