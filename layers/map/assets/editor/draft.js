/**
 * What is drawn over the parcels while a hand is at work, and stays until the server has answered.
 */
import { nameAt } from "../context.js";
import { element } from "../dom.js";

const CASING = { color: "#ffffff", weight: 5, opacity: 0.9, fill: false };
const INK = { color: "#0b3d4a", weight: 2, fill: false };
const REFUSED = { color: "#8a3b12", weight: 2, dashArray: "4 4", fill: false };
export const FILLED = { color: "#0b3d4a", weight: 2, fillColor: "#c98a1b", fillOpacity: 0.28, fill: true };
const QUIET = { interactive: false, pane: "marked" };

export class Draft {
  /** @param {import("../core.js").Core} core */
  constructor(core) {
    const { L } = window;
    this.core = core;
    this.layer = L.layerGroup().addTo(core.map);
    this.snap = L.layerGroup().addTo(core.map);
    /** @type {Map<string, any>} */
    this.waiting = new Map();
    core.on("acted", ({ settled }) => settled.forEach(({ act }) => this.drop(act.op)));
  }

  clear() {
    this.layer.clearLayers();
    this.snap.clearLayers();
  }

  /** Keep what is drawn until an act is answered. */
  keep(op) {
    this.snap.clearLayers();
    if (!op) return this.clear();
    this.waiting.set(op, this.layer);
    this.layer = window.L.layerGroup().addTo(this.core.map);
    return undefined;
  }

  drop(op) {
    this.waiting.get(op)?.remove();
    this.waiting.delete(op);
  }

  line(points, { refused = false, dashed = false } = {}) {
    const { L } = window;
    this.layer.addLayer(L.polyline(points, { ...QUIET, ...CASING }));
    this.layer.addLayer(L.polyline(points, { ...QUIET, ...(refused ? REFUSED : INK), ...(dashed ? { dashArray: "6 4" } : {}) }));
  }

  area(rings, style = FILLED) {
    this.layer.addLayer(window.L.polygon(rings, { ...QUIET, ...style }));
  }

  dot(at, size = 4) {
    const look = { radius: size, color: "#0b3d4a", weight: 1.5, fillColor: "#ffffff", fillOpacity: 1 };
    this.layer.addLayer(window.L.circleMarker(at, { ...QUIET, ...look }));
  }

  text(at, text) {
    this.layer.addLayer(nameAt(at, text, "cz-name cz-drafted", 9));
  }

  /**
   * Show where a point has caught: a square on a vertex, a cross on an edge.
   *
   * @param {import("./snap.js").Caught | null} caught
   */
  catch(caught) {
    this.snap.clearLayers();
    if (!caught || caught.kind === "free") return;
    const mark = element("span", `cz-caught cz-caught-${caught.kind}`);
    const icon = window.L.divIcon({ className: "cz-anchor", html: mark, iconSize: [0, 0] });
    this.snap.addLayer(window.L.marker(caught.latlng, { pane: "names", interactive: false, keyboard: false, icon }));
  }
}
