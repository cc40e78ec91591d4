/**
 * What the hand does on the map goes to one tool at a time.
 *
 * @typedef {object} Spot where a pointer is
 * @property {any} latlng
 * @property {number} x units from the origin of the outlines
 * @property {number} y
 * @property {number} slot the parcel there, −1 for none
 * @property {boolean} shift
 * @property {boolean} command Ctrl or ⌘
 * @property {boolean} alt
 * @property {boolean} touch
 *
 * @typedef {object} Tool every part may be left out
 * @property {string} name
 * @property {string} [cursor]
 * @property {(core: import("./core.js").Core) => void} [enter]
 * @property {() => void} [leave] takes its preview away
 * @property {(spot: Spot) => void} [click]
 * @property {(spot: Spot) => void} [double]
 * @property {(spot: Spot) => boolean} [down] true takes the drag away from the map, until `up`
 * @property {(spot: Spot | null) => void} [move] null: the pointer left the map
 * @property {(spot: Spot) => void} [up]
 * @property {() => void} [cancel] the drag is none: a second finger came down, and the map is moved with both
 * @property {(spot: Spot) => boolean} [hold] a finger stays where it is; true where the tool has used it
 * @property {(event: KeyboardEvent) => boolean} [key] true where the tool has used it
 */
import { toUnit } from "./geometry.js";

/** How long a finger has to stay [ms], and how far it may stray [px], to be held. */
const HOLD = 550;
const STRAY = 8;

export class Tools {
  /** @param {import("./core.js").Core} core */
  constructor(core) {
    this.core = core;
    /** @type {Tool} */
    this.tool = { name: "" };
    this.held = false;
    this.swallows = false;
    this.fingers = new Set();
    this.timer = 0;
    const { map } = core;
    map.on("click", (event) => this.swallows || this.tool.click?.(this.spot(event)));
    map.on("dblclick", (event) => this.tool.double?.(this.spot(event)));
    map.on("mousemove", (event) => this.held || this.tool.move?.(this.spot(event)));
    map.on("mouseout", () => this.held || this.tool.move?.(null));
    const frame = map.getContainer();
    frame.addEventListener("pointerdown", (event) => this.down(event), true);
    frame.addEventListener("pointermove", (event) => this.move(event));
    frame.addEventListener("pointerup", (event) => this.up(event));
    frame.addEventListener("pointercancel", (event) => this.up(event));
    for (const end of ["pointerup", "pointercancel"]) frame.addEventListener(end, (event) => this.lifted(event), true);
    frame.addEventListener("keydown", (event) => {
      if (!typing(event) && this.tool.key?.(event)) {
        event.preventDefault();
        event.stopPropagation(); // the page has keys of its own
      }
    });
  }

  /** @param {Tool} tool */
  use(tool) {
    this.tool.leave?.();
    this.tool = tool;
    this.core.map.getContainer().dataset.tool = tool.name;
    tool.enter?.(this.core);
    this.core.events.emit("tool", { name: tool.name });
  }

  down(event) {
    if (event.pointerType === "touch" && this.fingers.add(event.pointerId).size > 1) return void this.several();
    this.swallows = false;
    // before Leaflet does it: a focus that scrolls the page would move the map from under the hand
    this.core.map.getContainer().focus({ preventScroll: true });
    if (event.button !== 0 || event.target.closest(".leaflet-control, .cz-zones, .cz-over")) return;
    if (event.pointerType === "touch" && this.tool.hold) this.wait(event);
    if (!this.tool.down?.(this.spotOf(event))) return;
    this.held = true;
    this.core.map.dragging.disable();
    this.core.map.getContainer().setPointerCapture(event.pointerId);
    event.stopPropagation();
  }

  move(event) {
    const { x, y } = this.from ?? {};
    if (this.timer && Math.hypot(event.clientX - x, event.clientY - y) > STRAY) this.stray();
    if (this.held) this.tool.move?.(this.spotOf(event));
  }

  up(event) {
    if (!this.held) return;
    this.release();
    this.tool.up?.(this.spotOf(event));
  }

  release() {
    this.held = false;
    this.swallows = true; // the click that follows is the end of this drag
    this.core.map.dragging.enable();
  }

  lifted(event) {
    this.fingers.delete(event.pointerId);
    this.stray();
  }

  /** With two fingers the map is moved, whatever the first had begun. */
  several() {
    this.stray();
    if (this.held) this.tool.cancel?.();
    this.release();
  }

  /** A finger that stays where it is means something else than a tap. */
  wait(event) {
    const spot = this.spotOf(event);
    this.from = { x: event.clientX, y: event.clientY };
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      if (!this.tool.hold?.(spot)) return;
      if (this.held) this.tool.cancel?.();
      this.release();
    }, HOLD);
  }

  stray() {
    clearTimeout(this.timer);
    this.timer = 0;
  }

  /** @returns {Spot} */
  spotOf(event) {
    const { map } = this.core;
    return this.spot({ latlng: map.mouseEventToLatLng(event), originalEvent: event });
  }

  /** @returns {Spot} */
  spot({ latlng, originalEvent }) {
    const unit = toUnit(latlng.lng, latlng.lat);
    const { geometry } = this.core;
    const [x, y] = geometry.local(...unit);
    return {
      latlng,
      x,
      y,
      slot: geometry.at(...unit),
      shift: Boolean(originalEvent?.shiftKey),
      command: Boolean(originalEvent?.ctrlKey || originalEvent?.metaKey),
      alt: Boolean(originalEvent?.altKey),
      touch: originalEvent?.pointerType === "touch",
    };
  }
}

/** Whether a key belongs to a field that is filled in, or presses a button. */
export function typing(event) {
  const { target, key } = event;
  if (!(target instanceof Element)) return false;
  return Boolean(target.closest("input, select, textarea, dialog") || (target.closest("button, summary") && /^(Enter| )$/.test(key)));
}

/**
 * Look at one parcel: the tool of a page that only shows.
 *
 * @param {import("./core.js").Core} core
 * @returns {Tool}
 */
export function pick(core) {
  return {
    name: "pick",
    click: ({ slot }) => core.choose(slot),
    move: (spot) => core.hover.over(spot),
  };
}
