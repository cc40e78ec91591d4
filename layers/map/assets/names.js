/**
 * Keys and labels of the parcels by slot, and the numbers that are written on them from near.
 */
import { nameAt } from "./context.js";
import { toUnit } from "./geometry.js";

const NUMBERS_FROM = 16;
const MOST_NUMBERS = 160;
/** Keys below which looking through all is faster than making an index. */
const FEW = 12;

export class Names {
  /** @param {{keys: string[], labels: string[]}} made */
  constructor({ keys, labels }) {
    this.keys = keys;
    this.labels = labels;
  }

  /** @param {{[slot: string]: [string, string]}} changed key and label */
  patch(changed) {
    for (const [slot, [key, label]] of Object.entries(changed)) {
      this.keys[Number(slot)] = key;
      this.labels[Number(slot)] = label;
    }
  }

  /** Slot of a key, −1 for none. */
  slot(key) {
    return this.keys.indexOf(key);
  }

  /** Slots of keys; those that are no parcels are left out. */
  slots(keys) {
    if (keys.length < FEW) return keys.map((key) => this.slot(key)).filter((slot) => slot >= 0);
    const at = new Map(this.keys.map((key, slot) => [key, slot]));
    return keys.map((key) => at.get(key) ?? -1).filter((slot) => slot >= 0);
  }
}

/**
 * Write the numbers of the parcels in view where there is room for them.
 *
 * @param {any} map
 * @param {any} layer what they are put on
 * @param {import("./geometry.js").Geometry} geometry
 * @param {Names} names
 */
export function number(map, layer, geometry, names) {
  layer.clearLayers();
  if (map.getZoom() < NUMBERS_FROM) return;
  const box = map.getBounds();
  const [west, north] = geometry.local(...toUnit(box.getWest(), box.getNorth()));
  const [east, south] = geometry.local(...toUnit(box.getEast(), box.getSouth()));
  for (const slot of geometry.inBox([west, north, east, south]).slice(0, MOST_NUMBERS)) {
    layer.addLayer(nameAt(geometry.anchor(slot), names.labels[slot], "cz-name cz-number", 0));
  }
}
