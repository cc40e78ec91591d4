/**
 * Draws parcels on a canvas, in short steps. Parcels of a class go into one path until it holds `BATCH` of them: a
 * software rasteriser takes time that grows with the square of a path.
 *
 * Rings are traced so that holes run against their outer ring; overlapping parcels then do not cancel one another.
 */
import { SCHEMATIC } from "./blob.js";
import { DIMMED, PENDING, SELECTED } from "./looks.js";

const BATCH = 48;
const LINE = "rgba(38, 50, 56, 0.55)";
const FILL = 0.72;
/** Extent [px] below which a parcel is a few dots. */
const DOT = 3;
/** Extent [px] from which outlines are drawn. */
const OUTLINED = 5;
/** Two vertices nearer than this [px] are drawn as one. */
const NEAR = 0.7;
const ACCENT = "#0b3d4a";

/**
 * @typedef {object} Frame
 * @property {number} scale pixels of the canvas in a unit
 * @property {number} left pixels between the origin of the outlines and the canvas
 * @property {number} top
 * @property {number} ratio pixels of the canvas in a pixel of the page
 * @property {[number, number, number, number]} clip west, north, east, south of what is drawn, in pixels of the canvas
 */

/**
 * Draw what a frame shows.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {import("./geometry.js").Geometry} geometry
 * @param {import("./looks.js").Looks} looks
 * @param {Frame} frame
 */
export function* drawn(context, geometry, looks, frame) {
  const slots = geometry.inBox(reach(frame));
  yield;
  const large = yield* dots(context, geometry, looks, frame, slots);
  context.save();
  context.beginPath();
  context.rect(frame.clip[0], frame.clip[1], frame.clip[2] - frame.clip[0], frame.clip[3] - frame.clip[1]);
  context.clip();
  const lit = large.filter((slot) => !(looks.marks[slot] & DIMMED));
  for (const [number, members] of byClass(lit, looks.shown)) {
    const style = looks.mode.classes[number];
    if (!style) continue;
    yield* filled(context, geometry, members, frame, style.colour, FILL);
    if (style.hatch) yield* filled(context, geometry, members, frame, hatch(context, frame.ratio), 1);
  }
  yield* outlined(context, geometry, large, frame);
  yield* marked(context, geometry, large, looks.marks, frame);
  context.restore();
}

/** What a frame covers, in units, and a little more for the width of lines. */
function reach({ scale, left, top, ratio, clip }) {
  const margin = 4 * ratio;
  return [
    (clip[0] + left - margin) / scale,
    (clip[1] + top - margin) / scale,
    (clip[2] + left + margin) / scale,
    (clip[3] + top + margin) / scale,
  ];
}

function extent(geometry, slot) {
  const at = 4 * slot;
  const { boxes } = geometry;
  return Math.max(boxes[at + 2] - boxes[at], boxes[at + 3] - boxes[at + 1]);
}

function byClass(slots, shown) {
  const groups = new Map();
  for (const slot of slots) {
    const group = groups.get(shown[slot]);
    if (group) group.push(slot);
    else groups.set(shown[slot], [slot]);
  }
  return groups;
}

/**
 * Parcels of a pixel or two go straight into the picture.
 *
 * @returns {Generator<unknown, number[]>} the others
 */
function* dots(context, geometry, looks, { scale, left, top, ratio, clip }, slots) {
  const [west, north] = [Math.floor(clip[0]), Math.floor(clip[1])];
  const wide = Math.ceil(clip[2]) - west;
  const high = Math.ceil(clip[3]) - north;
  const least = DOT * ratio;
  const inks = looks.mode.classes.map((style) => ink(style.colour, FILL));
  const accent = ink(ACCENT, 1);
  const { boxes } = geometry;
  const large = [];
  /** @type {Uint32Array | null} */
  let pixels = null;
  let picture = null;
  for (let i = 0; i < slots.length; i += 1) {
    const slot = slots[i];
    if (i % 4000 === 3999) yield;
    if (extent(geometry, slot) * scale >= least) {
      large.push(slot);
      continue;
    }
    if (!pixels) {
      picture = context.createImageData(wide, high);
      pixels = new Uint32Array(picture.data.buffer);
    }
    const at = 4 * slot;
    const x = Math.max(0, Math.floor(boxes[at] * scale - left) - west);
    const y = Math.max(0, Math.floor(boxes[at + 1] * scale - top) - north);
    const right = Math.min(wide, Math.max(x + 1, Math.round(boxes[at + 2] * scale - left) - west));
    const bottom = Math.min(high, Math.max(y + 1, Math.round(boxes[at + 3] * scale - top) - north));
    const colour = looks.marks[slot] ? accent : inks[looks.shown[slot]];
    if (colour === undefined) continue;
    for (let row = y; row < bottom; row += 1) {
      for (let column = x; column < right; column += 1) pixels[row * wide + column] = colour;
    }
  }
  if (picture) context.putImageData(picture, west, north);
  return large;
}

/** A colour as the four bytes of a pixel, on a machine that puts the lowest byte first (all browsers' machines do). */
function ink(hex, alpha) {
  const value = parseInt(hex.slice(1), 16);
  const [red, green, blue] = [(value >> 16) & 255, (value >> 8) & 255, value & 255];
  return ((Math.round(alpha * 255) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

function* filled(context, geometry, slots, frame, style, alpha) {
  for (let start = 0; start < slots.length; start += BATCH) {
    context.globalAlpha = alpha;
    context.fillStyle = style;
    path(context, geometry, slots, start, frame);
    context.fill("nonzero");
    yield;
  }
  context.globalAlpha = 1;
}

function* outlined(context, geometry, slots, frame) {
  const wide = slots.filter((slot) => extent(geometry, slot) * frame.scale >= OUTLINED * frame.ratio);
  if (!wide.length) return;
  const near = frame.scale / frame.ratio;
  context.strokeStyle = LINE;
  context.lineWidth = frame.ratio * (near >= 3.9e-3 ? 1.1 : near >= 9e-4 ? 0.8 : 0.45);
  const dashes = near >= 9e-4 ? [4 * frame.ratio, 3 * frame.ratio] : [];
  for (const [dashed, members] of [
    [false, wide.filter((slot) => !(geometry.flags[slot] & SCHEMATIC))],
    [true, wide.filter((slot) => geometry.flags[slot] & SCHEMATIC)],
  ]) {
    for (let start = 0; start < members.length; start += BATCH) {
      context.setLineDash(dashed ? dashes : []);
      path(context, geometry, members, start, frame);
      context.stroke();
      yield;
    }
  }
  context.setLineDash([]);
}

/** Selected parcels, and those whose change is on its way. */
function* marked(context, geometry, slots, marks, frame) {
  const lines = [
    [SELECTED, "#ffffff", 6, []],
    [SELECTED, ACCENT, 3, []],
    [PENDING, ACCENT, 2, [3, 3]],
  ];
  for (const [bit, colour, width, dash] of lines) {
    const members = slots.filter((slot) => marks[slot] & bit);
    context.strokeStyle = colour;
    context.lineWidth = width * frame.ratio;
    context.lineJoin = "round";
    for (let start = 0; start < members.length; start += BATCH) {
      context.setLineDash(dash.map((length) => length * frame.ratio));
      path(context, geometry, members, start, frame);
      context.stroke();
      yield;
    }
  }
  context.setLineDash([]);
}

function path(context, geometry, slots, start, frame) {
  context.beginPath();
  const end = Math.min(slots.length, start + BATCH);
  for (let i = start; i < end; i += 1) trace(context, geometry, slots[i], frame);
}

function trace(context, geometry, slot, frame) {
  const { ringStart, partFirst, partCount } = geometry;
  const last = ringStart[partFirst[slot] + partCount[slot]];
  for (let ring = ringStart[partFirst[slot]]; ring < last; ring += 1) traceRing(context, geometry, ring, frame);
}

function traceRing(context, { x, y, vertexStart, flipped }, ring, { scale, left, top }) {
  const start = vertexStart[ring];
  const end = vertexStart[ring + 1];
  let px = x[start] * scale - left;
  let py = y[start] * scale - top;
  context.moveTo(px, py);
  for (let k = 1; k < end - start; k += 1) {
    const i = flipped[ring] ? end - k : start + k;
    const cx = x[i] * scale - left;
    const cy = y[i] * scale - top;
    if (Math.abs(cx - px) + Math.abs(cy - py) < NEAR) continue;
    context.lineTo(cx, cy);
    px = cx;
    py = cy;
  }
  context.closePath();
}

const patterns = new Map();

function hatch(context, ratio) {
  if (!patterns.has(ratio)) {
    const size = 7 * ratio;
    const cell = document.createElement("canvas");
    cell.width = size;
    cell.height = size;
    const pen = cell.getContext("2d");
    pen.strokeStyle = "rgba(60, 72, 80, 0.55)";
    pen.lineWidth = ratio;
    for (const shift of [-size, 0, size]) {
      pen.moveTo(shift, size);
      pen.lineTo(shift + size, 0);
    }
    pen.stroke();
    patterns.set(ratio, context.createPattern(cell, "repeat"));
  }
  return patterns.get(ratio);
}
