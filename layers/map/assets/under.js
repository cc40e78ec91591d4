/**
 * Quiet layers under the parcels that the page wants shown: fetched when they are, and again when the page is at
 * another revision. What they are stands in the legend; what a facility is, under the pointer.
 *
 * @typedef {{title: string, look: object, shapes: {name: string, at?: [number, number], closed?: boolean, parts?: any[]}[]}} Layer
 */
import { element } from "./dom.js";
import { Outdated, json } from "./wire.js";

const PANE = "under";

export class Under {
  /**
   * @param {any} map
   * @param {() => void} outdated what to do when the address is too old
   */
  constructor(map, outdated) {
    this.map = map;
    this.outdated = outdated;
    this.body = element("div", "cz-legend cz-quiet");
    /** @type {Map<string, {revision: number, layer: any, row: HTMLElement}>} */
    this.shown = new Map();
    /** @type {string[]} */
    this.wanted = [];
    const pane = map.createPane(PANE);
    pane.style.zIndex = "330";
    this.lines = window.L.canvas({ pane: PANE });
  }

  /**
   * Show some layers and no others.
   *
   * @param {string} address
   * @param {string[]} keys
   * @param {number} revision of the page
   */
  async want(address, keys, revision) {
    this.wanted = address ? keys : [];
    for (const [key, { layer }] of this.shown) {
      if (this.wanted.includes(key)) continue;
      layer.remove();
      this.shown.delete(key);
    }
    this.legend();
    const lacking = this.wanted.filter((key) => this.shown.get(key)?.revision !== revision);
    await Promise.all(lacking.map((key) => this.fetch(address, key, revision)));
    this.legend();
  }

  async fetch(address, key, revision) {
    try {
      const found = await json(`${address}&key=${encodeURIComponent(key)}`);
      if (!this.wanted.includes(key)) return; // the page has changed its mind meanwhile
      this.shown.get(key)?.layer.remove();
      const layer = window.L.layerGroup(found.shapes.map((shape) => this.drawn(shape, found.look))).addTo(this.map);
      this.shown.set(key, { revision, layer, row: legendRow(found) });
    } catch (error) {
      if (error instanceof Outdated) this.outdated();
      else throw error;
    }
  }

  drawn(shape, look) {
    const { L } = window;
    const options = { ...look, pane: PANE, interactive: false, smoothFactor: 0.4 };
    if (shape.at) {
      return L.circleMarker(shape.at, { ...options, pane: "outlines" });
    }
    if (shape.closed) return L.polygon(shape.parts, options);
    return L.polyline(shape.parts, { ...options, renderer: this.lines });
  }

  legend() {
    this.body.replaceChildren(...this.wanted.flatMap((key) => this.shown.get(key)?.row ?? []));
  }
}

/** @param {Layer} layer */
function legendRow({ title, look }) {
  const row = element("div", "cz-row");
  const swatch = element("span", "cz-swatch");
  swatch.style.borderColor = look.color;
  swatch.style.borderStyle = look.dashArray ? "dashed" : "solid";
  if (look.fillColor) swatch.style.backgroundColor = `${look.fillColor}${opacity(look.fillOpacity)}`;
  row.append(swatch, element("span", "cz-text", title));
  row.title = title;
  return row;
}

/** Two hexadecimal digits. */
function opacity(share) {
  return Math.round(255 * (share ?? 1)).toString(16).padStart(2, "0");
}
