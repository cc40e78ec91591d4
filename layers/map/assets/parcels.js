/**
 * The parcel layer: canvas tiles that are drawn in slices. A change of some parcels repaints what it touches at once;
 * a change of all repaints every tile behind the picture and then shows it.
 */
import { WORLD } from "./blob.js";
import { drawn } from "./pen.js";
import { Slices } from "./slices.js";

const TILE = 512;
/** Parcels that change together up to which they are painted at once. */
const FEW = 64;
/** Parcels around a change up to which it is painted at once. */
const CROWD = 400;
/** Pixels around a parcel that its outline may cover. */
const RIM = 5;

/**
 * @param {import("./geometry.js").Geometry} geometry
 * @param {import("./looks.js").Looks} looks
 */
export function parcelLayer(geometry, looks) {
  const { L } = window;
  const slices = new Slices();
  const Layer = L.GridLayer.extend({
    slices,

    createTile(coords, done) {
      const tile = document.createElement("canvas");
      const ratio = Math.min(2, window.devicePixelRatio || 1);
      tile.width = TILE * ratio;
      tile.height = TILE * ratio;
      tile.frame = frameOf(geometry, coords, ratio, tile.width);
      tile.painted = false;
      slices.add(tile, drawn(tile.getContext("2d"), geometry, looks, tile.frame), () => {
        tile.painted = true;
        done(null, tile);
      });
      return tile;
    },

    /** Paint everything again. */
    repaintAll() {
      for (const { el } of Object.values(this._tiles)) later(el);
    },

    /**
     * Paint some parcels again, at once unless they are many.
     *
     * @param {ArrayLike<number>} slots
     * @param {Int32Array[]} [before] boxes that they covered before
     */
    repaint(slots, before = []) {
      const boxes = [...before];
      for (let i = 0; i < slots.length && i <= FEW; i += 1) {
        const box = geometry.boxes.subarray(4 * slots[i], 4 * slots[i] + 4);
        if (box[0] <= box[2]) boxes.push(box);
      }
      for (const { el } of Object.values(this._tiles)) {
        if (slots.length > FEW) later(el);
        else touch(el, boxes);
      }
    },
  });

  /** Paint a tile behind the picture, then show it. */
  function later(tile) {
    if (!tile.painted) return restart(tile);
    const behind = document.createElement("canvas");
    behind.width = tile.width;
    behind.height = tile.height;
    slices.add(tile, drawn(behind.getContext("2d"), geometry, looks, tile.frame), () => {
      const context = tile.getContext("2d");
      context.clearRect(0, 0, tile.width, tile.height);
      context.drawImage(behind, 0, 0);
    });
  }

  /** A tile that is not shown yet begins anew. */
  function restart(tile) {
    const waiting = slices.waiting.get(tile);
    if (!waiting) return;
    const context = tile.getContext("2d");
    context.reset();
    slices.add(tile, drawn(context, geometry, looks, tile.frame), waiting.done);
  }

  function touch(tile, boxes) {
    const clips = boxes.map((box) => clipOf(tile, box)).filter(Boolean);
    if (!clips.length) return;
    if (slices.has(tile)) later(tile);
    if (!tile.painted) return;
    const context = tile.getContext("2d");
    for (const clip of clips) {
      const frame = { ...tile.frame, clip };
      if (crowd(geometry, frame) > CROWD) return void later(tile);
      context.clearRect(clip[0], clip[1], clip[2] - clip[0], clip[3] - clip[1]);
      for (const _ of drawn(context, geometry, looks, frame)); // every step of it, now
    }
  }

  return new Layer({ tileSize: TILE, keepBuffer: 1, updateWhenIdle: false, pane: "parcels", maxZoom: 21, minZoom: 3 }).on(
    "tileunload",
    (event) => slices.drop(event.tile),
  );
}

/** @returns {import("./pen.js").Frame} */
function frameOf(geometry, coords, ratio, size) {
  const scale = (256 * 2 ** coords.z * ratio) / WORLD;
  return {
    scale,
    left: coords.x * size - geometry.origin[0] * scale,
    top: coords.y * size - geometry.origin[1] * scale,
    ratio,
    clip: [0, 0, size, size],
  };
}

/** The pixels of a tile that a box covers, null where it covers none. */
function clipOf({ frame, width }, box) {
  const rim = RIM * frame.ratio;
  const clip = [
    Math.max(0, Math.floor(box[0] * frame.scale - frame.left - rim)),
    Math.max(0, Math.floor(box[1] * frame.scale - frame.top - rim)),
    Math.min(width, Math.ceil(box[2] * frame.scale - frame.left + rim)),
    Math.min(width, Math.ceil(box[3] * frame.scale - frame.top + rim)),
  ];
  return clip[0] < clip[2] && clip[1] < clip[3] ? clip : null;
}

function crowd(geometry, { scale, left, top, clip }) {
  const box = [(clip[0] + left) / scale, (clip[1] + top) / scale, (clip[2] + left) / scale, (clip[3] + top) / scale];
  return geometry.inBox(box).length;
}
