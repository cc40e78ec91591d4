/**
 * Selecting: one by a click, more with Ctrl or Shift, many by a box or a loop. A parcel is taken in when the middle of
 * its extent is.
 */
import { within } from "./within.js";

/** Drags shorter than this [px] are clicks. */
const CLICK = 4;
/** A loop gets a point each so many pixels. */
const STEP = 3;

const frame = ([a, b]) => [
  [a.x, a.y],
  [b.x, a.y],
  [b.x, b.y],
  [a.x, b.y],
];

/**
 * @param {import("./editor.js").Editor} editor
 * @param {"select" | "box" | "lasso"} name `select` draws a box with Shift only, so that the map can be dragged
 * @returns {import("../tools.js").Tool}
 */
export function select(editor, name) {
  const { core, draft, options } = editor;
  /** @type {import("../tools.js").Spot[] | null} */
  let spots = null;
  let ends = () => {};
  /** Corners that were put by keyboard; what follows them is where the cross is. */
  let tapped = 0;
  const ring = (of) => (name === "lasso" ? of.map(({ x, y }) => [x, y]) : frame([of[0], of[of.length - 1]]));
  const show = () => {
    draft.layer.clearLayers();
    draft.area([ring(spots).map(([x, y]) => core.geometry.degrees(x, y).reverse())]);
  };
  const cancel = () => {
    spots = null;
    tapped = 0;
    draft.clear();
  };
  /** Select what some corners take in. */
  const take = (corners, { shift, command }) => {
    const found = within(core.geometry, ring(corners));
    cancel();
    core.select((shift && name !== "select") || command ? [...core.selection, ...found] : found);
  };

  return {
    name,
    cursor: name === "select" ? undefined : "crosshair",
    walks: name === "select",
    aims: name !== "select",
    enter() {
      // whoever has selected once knows how: the hint would lie over the map all day
      if (name !== "select") return options.show(name);
      if (editor.selected) return options.hide();
      ends = core.on("selection", ({ slots }) => {
        if (!slots.length) return;
        editor.selected = true;
        options.hide();
      });
      return options.show(name);
    },
    leave() {
      ends();
      cancel();
    },
    click: (spot) => {
      if (name === "select") click(core, spot);
    },
    hold(spot) {
      if (name !== "select" || spot.slot < 0) return false;
      click(core, { ...spot, command: true });
      return true;
    },
    cancel,
    // by keyboard: Enter or the space bar put corners under the cross; the second of a box ends it, of a loop Enter at the last
    tap(spot) {
      const corner = { ...spot, shift: false };
      if (!spots) spots = [corner];
      else if (name === "box") return take([spots[0], corner], spot);
      else spots.push(corner);
      tapped = spots.length;
      return show();
    },
    key(event) {
      if (event.key === "Escape" && spots) {
        cancel();
        return true;
      }
      const spot = event.key === "Enter" && name !== "select" ? editor.walk.under(event) : null;
      if (!spot) return false;
      const last = tapped ? spots[tapped - 1] : null;
      if (name === "lasso" && tapped > 2 && pixels(core, last, spot) < CLICK) take(spots.slice(0, tapped), spot);
      else this.tap(spot);
      return true;
    },
    down(spot) {
      if (name === "select" && !spot.shift) return false;
      tapped = 0;
      spots = [spot];
      return true;
    },
    move(spot) {
      if (!spots) return void core.hover.over(spot);
      const last = spots[spots.length - 1];
      if (!spot || pixels(core, last, spot) < STEP) return undefined;
      if (tapped) spots = [...spots.slice(0, tapped), spot];
      else if (name === "lasso") spots.push(spot);
      else spots = [spots[0], spot];
      return show();
    },
    up(spot) {
      if (pixels(core, spots[0], spot) >= CLICK || spots.length > 3) return take(spots, spot);
      cancel();
      return void click(core, spot);
    },
  };
}

/** One parcel, or one more, or one less. */
function click(core, { slot, shift, command }) {
  if (!shift && !command) return void core.select(slot < 0 ? [] : [slot]);
  if (slot < 0) return undefined;
  const chosen = new Set(core.selection);
  if (!chosen.delete(slot)) chosen.add(slot);
  return void core.select(chosen);
}

function pixels({ map }, one, other) {
  const [a, b] = [one, other].map(({ latlng }) => map.latLngToContainerPoint(latlng));
  return Math.hypot(a.x - b.x, a.y - b.y);
}
