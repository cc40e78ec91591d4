/**
 * The parcel layer: canvas tiles over typed arrays. A restyle repaints tiles and keeps the view.
 */

const TILE = 512;
/** Outlines in one path: a software rasteriser takes time that grows with the square of it. */
const BATCH = 48;
const LINE = "rgba(38, 50, 56, 0.55)";

/**
 * @typedef {{label: string, colour: string, hatch: boolean, count: number}} StyleClass
 * @typedef {{key: string, title: string, note: string, classes: StyleClass[], of: number[]}} StyleMode
 */

/** @param {import("./geometry.js").Geometry} geometry */
export function parcelLayer(geometry) {
  const { L } = window;
  const Layer = L.GridLayer.extend({
    /** @param {StyleMode} mode */
    restyle(mode) {
      this.mode = mode;
      for (const tile of Object.values(this._tiles)) paint(tile.el, geometry, this.mode);
    },

    createTile(coords) {
      const tile = document.createElement("canvas");
      const ratio = Math.min(2, window.devicePixelRatio || 1);
      tile.width = TILE * ratio;
      tile.height = TILE * ratio;
      tile.coords = coords;
      tile.ratio = ratio;
      paint(tile, geometry, this.mode);
      return tile;
    },
  });
  return new Layer({ tileSize: TILE, keepBuffer: 1, updateWhenIdle: false, pane: "parcels", maxZoom: 21, minZoom: 3 });
}

function paint(tile, geometry, mode) {
  const context = tile.getContext("2d");
  const frame = frameOf(tile);
  context.clearRect(0, 0, tile.width, tile.height);
  if (!mode) return;
  const margin = 3 / frame.scale;
  const rows = geometry.inBox(
    frame.left / frame.scale - margin,
    frame.top / frame.scale - margin,
    (frame.left + tile.width) / frame.scale + margin,
    (frame.top + tile.height) / frame.scale + margin,
  );
  for (const [kind, members] of byClass(rows, mode.of)) {
    const style = mode.classes[kind];
    if (!style) continue;
    fill(context, geometry, members, frame, style.colour, 0.72);
    if (style.hatch) fill(context, geometry, members, frame, hatch(context, tile.ratio), 1);
  }
  outline(context, geometry, rows, frame, tile);
}

function frameOf(tile) {
  return {
    scale: 256 * 2 ** tile.coords.z * tile.ratio,
    left: tile.coords.x * tile.width,
    top: tile.coords.y * tile.height,
  };
}

function byClass(rows, of) {
  const groups = new Map();
  for (const row of rows) {
    const group = groups.get(of[row]);
    if (group) group.push(row);
    else groups.set(of[row], [row]);
  }
  return groups;
}

function fill(context, geometry, rows, frame, paintWith, alpha) {
  context.globalAlpha = alpha;
  context.fillStyle = paintWith;
  inBatches(context, geometry, rows, frame, () => context.fill("evenodd"));
  context.globalAlpha = 1;
}

function outline(context, geometry, rows, frame, tile) {
  const { z } = tile.coords;
  if (z < 12) return;
  context.strokeStyle = LINE;
  context.lineWidth = tile.ratio * (z >= 16 ? 1.1 : z >= 14 ? 0.8 : 0.45);
  const drawn = { solid: [], dashed: [] };
  for (const row of rows) (geometry.schematic[row] ? drawn.dashed : drawn.solid).push(row);
  const stroke = () => context.stroke();
  inBatches(context, geometry, drawn.solid, frame, stroke);
  if (z >= 14) context.setLineDash([4 * tile.ratio, 3 * tile.ratio]);
  inBatches(context, geometry, drawn.dashed, frame, stroke);
  context.setLineDash([]);
}

function inBatches(context, geometry, rows, frame, act) {
  for (let start = 0; start < rows.length; start += BATCH) {
    context.beginPath();
    for (const row of rows.slice(start, start + BATCH)) trace(context, geometry, row, frame);
    act();
  }
}

function trace(context, geometry, row, { scale, left, top }) {
  const { x, y, ringStart, vertexStart } = geometry;
  for (let ring = ringStart[row]; ring < ringStart[row + 1]; ring += 1) {
    const start = vertexStart[ring];
    context.moveTo(x[start] * scale - left, y[start] * scale - top);
    for (let i = start + 1; i < vertexStart[ring + 1]; i += 1) context.lineTo(x[i] * scale - left, y[i] * scale - top);
    context.closePath();
  }
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
