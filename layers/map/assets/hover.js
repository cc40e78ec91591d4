/**
 * What the pointer is over: an outline and a tip with the parcel's number, use, and what it can still give.
 */
import { element } from "./dom.js";
import { json } from "./wire.js";

/** How long the pointer rests before the server is asked what a parcel can give [ms]. */
const REST = 70;
const MOST_KEPT = 400;

export class Hover {
  /** @param {import("./core.js").Core} core */
  constructor(core) {
    const { L } = window;
    this.core = core;
    this.slot = -1;
    this.layer = L.layerGroup().addTo(core.map);
    this.tip = L.tooltip({ sticky: true, direction: "top", offset: [0, -8], className: "cz-tip" });
    /** @type {Map<string, number | null>} */
    this.amounts = new Map();
    this.timer = 0;
  }

  /** @param {import("./tools.js").Spot | null} spot */
  over(spot) {
    const slot = spot ? spot.slot : -1;
    if (slot !== this.slot) this.turn(slot);
    if (slot >= 0) this.tip.setLatLng(spot.latlng).addTo(this.core.map);
    else this.tip.remove();
  }

  turn(slot) {
    const { core } = this;
    this.slot = slot;
    clearTimeout(this.timer);
    this.layer.clearLayers();
    core.map.getContainer().style.cursor = core.tools.tool.cursor ?? (slot >= 0 ? "pointer" : "");
    if (slot < 0) return;
    const style = { color: "#1e2a32", weight: 1.6, fill: false, interactive: false, pane: "marked" };
    this.layer.addLayer(window.L.polygon(core.geometry.latLngs(slot), style));
    this.tip.setContent(this.told(slot));
    if (this.givesAmounts && !this.amounts.has(this.key(slot))) this.timer = setTimeout(() => this.ask(slot), REST);
  }

  /** A map of what is not yet there colours by that alone, and knows no amounts. */
  get givesAmounts() {
    return this.core.looks.modes.some(({ key }) => key === "available");
  }

  /** What was asked for is known at one revision only. */
  key(slot) {
    return `${this.core.revision} ${slot}`;
  }

  async ask(slot) {
    const key = this.key(slot);
    const amount = await this.core.amount(slot).catch(() => undefined);
    if (amount === undefined) return;
    if (this.amounts.size > MOST_KEPT) this.amounts.clear();
    this.amounts.set(key, amount);
    if (slot === this.slot) this.tip.setContent(this.told(slot));
  }

  told(slot) {
    const { looks, names, geometry, words } = this.core;
    const tip = element("div");
    tip.append(element("strong", "", names.labels[slot]));
    tip.append(element("div", "", looks.classUnder(this.givesAmounts ? "land_use" : looks.mode.key, slot)?.label ?? ""));
    if (!this.givesAmounts) return tip;
    const amount = this.amounts.get(this.key(slot));
    const text = amount === undefined ? "…" : amount === null ? words.unknown : `${Math.round(amount).toLocaleString("en-US")} m²`;
    tip.append(element("div", "", `${words.available} ${text}`));
    if (geometry.schematic(slot)) tip.append(element("div", "cz-faint", words.schematic));
    return tip;
  }
}

/**
 * What a parcel can still give [m²], null where that is unknown.
 *
 * @param {string} address
 * @param {string} key
 * @returns {Promise<number | null>}
 */
export async function amountOf(address, key) {
  return (await json(`${address}&key=${encodeURIComponent(key)}`)).available;
}
