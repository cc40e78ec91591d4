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
  const ring = () => (name === "lasso" ? spots.map(({ x, y }) => [x, y]) : frame([spots[0], spots[spots.length - 1]]));

  return {
    name,
    cursor: name === "select" ? undefined : "crosshair",
    walks: true,
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
      draft.clear();
    },
    click: (spot) => {
      if (name === "select") click(core, spot);
    },
    down(spot) {
      if (name === "select" && !spot.shift) return false;
      spots = [spot];
      return true;
    },
    move(spot) {
      if (!spots) return void core.hover.over(spot);
      const last = spots[spots.length - 1];
      if (!spot || pixels(core, last, spot) < STEP) return undefined;
      if (name === "lasso") spots.push(spot);
      else spots = [spots[0], spot];
      draft.layer.clearLayers();
      draft.area([ring().map(([x, y]) => core.geometry.degrees(x, y).reverse())]);
      return undefined;
    },
    up(spot) {
      const drawn = ring();
      const short = pixels(core, spots[0], spot) < CLICK && spots.length < 4;
      spots = null;
      draft.clear();
      if (short) return void click(core, spot);
      const more = spot.shift && name !== "select";
      const found = within(core.geometry, drawn);
      core.select(more || spot.command ? [...core.selection, ...found] : found);
      return undefined;
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
