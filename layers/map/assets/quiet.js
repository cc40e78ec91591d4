/**
 * A quiet look for vector tiles of any schema: what a feature is, is guessed from the name of its layer and its class.
 *
 * It knows ground, green, water, buildings, roads, railways, boundaries and names; it has no icons, no shields and no
 * names along curves, and a name that would cross the edge of its tile is left out. A base is there to find one's way.
 */

const CLASSES = ["class", "kind", "pmap:kind", "fclass", "highway", "type", "subclass"];
const GROUNDS = [
  [/building/, "#e2ded7", 5],
  [/water|ocean|sea|river|lake|reservoir|basin/, "#cddfe9", 4],
  [/park|wood|forest|grass|green|garden|golf|cemetery|scrub|farm|meadow|orchard/, "#e1ebda", 3],
  [/industrial|commercial|retail|quarry|railway/, "#ebe8e4", 2],
  [/land|earth|residential|school|hospital|place/, "#f2f1ed", 1],
];
const ROADS = [
  [/motorway|freeway|expressway|trunk|highway$/, 3.4, 5, "#f7e3b5"],
  [/primary|major/, 2.8, 6, "#fbf0d4"],
  [/secondary|medium/, 2.2, 8, "#ffffff"],
  [/tertiary/, 1.8, 10, "#ffffff"],
  [/path|foot|track|steps|cycle|pedestrian/, 0.6, 15, "#e6e0d6"],
  [/./, 1.2, 12, "#ffffff"],
];
const ANY_ROAD = /road|street|highway|transport/;
const RAIL = /rail|subway|metro|tram|transit/;
const LINE_WATER = /water|river|stream|canal/;

/** What a feature is: the name of its layer and of its class, in small letters. */
export function kindOf(layer, tags) {
  const word = CLASSES.map((name) => tags[name]).find((one) => typeof one === "string") ?? "";
  return `${layer} ${word}`.toLowerCase();
}

/**
 * How a feature is drawn, null for not at all.
 *
 * @param {1 | 2 | 3} type
 * @param {string} kind
 * @param {number} zoom
 * @returns {{order: number, fill?: string, line?: string, width?: number, casing?: string, dash?: number[]} | null}
 */
export function lookOf(type, kind, zoom) {
  if (type === 3) {
    const [, fill, order] = GROUNDS.find(([words]) => words.test(kind)) ?? [null, "#efeeea", 0];
    return order === 5 && zoom < 14 ? null : { order, fill };
  }
  if (type !== 2) return null;
  if (RAIL.test(kind)) return { order: 20, line: "#a9a9a9", width: 1.1, dash: [6, 3] };
  if (ANY_ROAD.test(kind)) {
    const word = kind.slice(kind.indexOf(" ") + 1) || "road";
    const [, width, from, line] = ROADS.find(([words]) => words.test(word));
    const grown = width * Math.min(4, Math.max(0.6, 2 ** ((zoom - 14) / 2)));
    return zoom < from ? null : { order: 19 - width, line, width: grown, casing: "#cbc5ba" };
  }
  if (LINE_WATER.test(kind)) return { order: 6, line: "#b4cedd", width: zoom > 13 ? 2 : 1 };
  if (/bound|admin/.test(kind)) return { order: 21, line: "#9b8fa8", width: 1, dash: [5, 4] };
  return { order: 7, line: "#d5d1c9", width: 0.8 };
}

/** The name of a feature in a language. */
export function nameOf(tags, language) {
  const names = language === "en" ? ["name:en", "name_en", "name:latin", "name"] : ["name:zh-Hans", "name:zh", "name"];
  const found = names.map((name) => tags[name]).find((one) => typeof one === "string" && one !== "");
  return found ? String(found).slice(0, 60) : "";
}

/**
 * Draw the layers of a tile.
 *
 * @param {CanvasRenderingContext2D} pen
 * @param {import("./mvt.js").Layer[]} layers
 * @param {{size: number, scale: number, left: number, top: number, zoom: number, language: string}} view
 *   side of the picture [px], sides of the tile that fill it, and what of it is cut off
 */
export function draw(pen, layers, view) {
  const items = [];
  for (const layer of layers) {
    const unit = (view.size * view.scale) / layer.extent;
    const place = ([x, y]) => [x * unit - view.left, y * unit - view.top];
    for (const feature of layer.features) {
      const kind = kindOf(layer.name, feature.tags);
      items.push({ feature, place, kind, look: lookOf(feature.type, kind, view.zoom) });
    }
  }
  const seen = items.filter((item) => item.look).sort((a, b) => a.look.order - b.look.order);
  for (const item of seen) if (item.look.fill) fill(pen, item);
  for (const item of seen) if (item.look.casing) stroke(pen, item, item.look.casing, item.look.width + 1.4);
  for (const item of seen) if (item.look.line) stroke(pen, item, item.look.line, item.look.width, item.look.dash);
  write(pen, items, view);
}

function trace(pen, { feature, place }) {
  pen.beginPath();
  for (const part of feature.parts) {
    part.forEach((point, i) => (i ? pen.lineTo(...place(point)) : pen.moveTo(...place(point))));
  }
}

function fill(pen, item) {
  trace(pen, item);
  pen.fillStyle = item.look.fill;
  pen.fill("evenodd");
}

function stroke(pen, item, colour, width, dash = []) {
  trace(pen, item);
  pen.setLineDash(dash);
  pen.lineJoin = "round";
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.stroke();
  pen.setLineDash([]);
}

/** Names that fit into the tile and cover no other. */
function write(pen, items, view) {
  const taken = [];
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.lineWidth = 3;
  pen.strokeStyle = "rgba(255, 255, 255, 0.9)";
  pen.fillStyle = "#5f686d";
  for (const { feature, place, kind } of items) {
    const name = feature.type === 3 ? "" : nameOf(feature.tags, view.language);
    if (!name || (feature.type === 2 && view.zoom < 14) || (/poi/.test(kind) && view.zoom < 15)) continue;
    pen.font = `${/place|city|town/.test(kind) ? "600 13px" : "11px"} "Noto Sans CJK SC", "Microsoft YaHei", sans-serif`;
    const half = pen.measureText(name).width / 2 + 3;
    const spot = feature.type === 1 ? { at: place(feature.parts[0]?.[0] ?? [-9e9, 0]), turn: 0 } : middle(feature, place, half);
    if (spot && fits(spot, half, view.size, taken)) letter(pen, name, spot);
  }
}

function middle(feature, place, half) {
  const part = feature.parts.reduce((best, one) => (one.length > best.length ? one : best), []);
  for (let i = 1; i < part.length; i += 1) {
    const [[ax, ay], [bx, by]] = [place(part[i - 1]), place(part[i])];
    if (Math.hypot(bx - ax, by - ay) > 2 * half) {
      const turn = Math.atan2(by - ay, bx - ax);
      const upright = Math.abs(turn) > Math.PI / 2 ? turn - Math.sign(turn) * Math.PI : turn;
      return { at: [(ax + bx) / 2, (ay + by) / 2], turn: upright };
    }
  }
  return null;
}

function fits({ at: [x, y], turn }, half, size, taken) {
  const wide = Math.abs(Math.cos(turn)) * half + 8;
  const high = Math.abs(Math.sin(turn)) * half + 8;
  const box = [x - wide, y - high, x + wide, y + high];
  if (box[0] < 0 || box[1] < 0 || box[2] > size || box[3] > size) return false;
  if (taken.some((one) => one[0] < box[2] && box[0] < one[2] && one[1] < box[3] && box[1] < one[3])) return false;
  taken.push(box);
  return true;
}

function letter(pen, name, { at: [x, y], turn }) {
  pen.save();
  pen.translate(x, y);
  pen.rotate(turn);
  pen.strokeText(name, 0, 0);
  pen.fillText(name, 0, 0);
  pen.restore();
}
