/**
 * Constraints over the map: hatched by kind, so that they are told apart without colour, and a legend of the kinds.
 */
import { element } from "./dom.js";

/**
 * @typedef {object} Limit
 * @property {string} name
 * @property {string} kind
 * @property {string} label kind, effect and side in the language of the page
 * @property {boolean} outside whether it acts beyond its outline
 * @property {[number, number][][]} rings
 * @property {string} colour
 * @property {"rising" | "falling" | "cross" | "level" | "upright" | "grid" | "dots"} pattern
 * @property {number} gap distance between lines or dots [px]
 */

const SVG = "http://www.w3.org/2000/svg";
const LINES = {
  rising: (n) => [[0, n, n, 0]],
  falling: (n) => [[0, 0, n, n]],
  cross: (n) => [[0, n, n, 0], [0, 0, n, n]],
  level: (n) => [[0, n / 2, n, n / 2]],
  upright: (n) => [[n / 2, 0, n / 2, n]],
  grid: (n) => [[0, n / 2, n, n / 2], [n / 2, 0, n / 2, n]],
};

/** The areas, as a layer that is switched on and off. An area that acts beyond its outline is an outline with a rim. */
export function limitLayer(limits) {
  const { L } = window;
  const group = L.layerGroup();
  if (!limits.length) return group;
  const renderer = L.svg({ pane: "limits", padding: 0.5 });
  group.on("add", () => {
    const root = renderer.getPane()?.querySelector("svg");
    if (root && !root.querySelector("defs")) root.prepend(definitions(limits));
  });
  for (const limit of limits) {
    const common = { interactive: false, pane: "limits", renderer, color: limit.colour };
    if (limit.outside) {
      group.addLayer(L.polygon(limit.rings, { ...common, fill: false, weight: 7, opacity: 0.25 }));
      group.addLayer(L.polygon(limit.rings, { ...common, fill: false, weight: 1.6, dashArray: "9 3 2 3" }));
    } else {
      const fillColor = `url(#${nameOf(limit)})`;
      group.addLayer(L.polygon(limit.rings, { ...common, weight: 1.4, fillColor, fillOpacity: 1 }));
    }
  }
  return group;
}

/** One row a kind and effect: the hatching and what it is. */
export function limitLegend(limits) {
  const box = element("div", "cz-limits");
  const seen = new Map(limits.map((limit) => [limit.label, limit]));
  for (const [label, limit] of seen) {
    const row = element("div", "cz-row");
    const swatch = document.createElementNS(SVG, "svg");
    swatch.setAttribute("class", "cz-limit");
    swatch.setAttribute("width", "26");
    swatch.setAttribute("height", "14");
    swatch.append(...(limit.outside ? [] : [definitions([limit], "legend-")]), patch(limit));
    row.append(swatch, element("span", "cz-text", label));
    row.title = label;
    box.append(row);
  }
  return box;
}

function patch(limit) {
  const box = document.createElementNS(SVG, "rect");
  const said = { x: 1, y: 1, width: 24, height: 12, stroke: limit.colour, "stroke-width": 1.4 };
  for (const [name, value] of Object.entries(said)) box.setAttribute(name, String(value));
  box.setAttribute("fill", limit.outside ? "none" : `url(#legend-${nameOf(limit)})`);
  if (limit.outside) box.setAttribute("stroke-dasharray", "6 2 2 2");
  return box;
}

const nameOf = (limit) => `cz-limit-${limit.pattern}-${limit.gap}-${limit.colour.slice(1)}`;

function definitions(limits, before = "") {
  const out = document.createElementNS(SVG, "defs");
  for (const limit of new Map(limits.map((one) => [nameOf(one), one])).values()) out.append(hatching(limit, before));
  return out;
}

function hatching(limit, before) {
  const pattern = document.createElementNS(SVG, "pattern");
  const side = String(limit.gap);
  const said = { id: before + nameOf(limit), width: side, height: side, patternUnits: "userSpaceOnUse" };
  for (const [name, value] of Object.entries(said)) pattern.setAttribute(name, value);
  const ground = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({ width: side, height: side, fill: limit.colour, "fill-opacity": "0.06" })) {
    ground.setAttribute(name, value);
  }
  pattern.append(ground, ...marks(limit));
  return pattern;
}

function marks({ pattern, gap, colour }) {
  if (pattern === "dots") {
    const dot = document.createElementNS(SVG, "circle");
    const said = { cx: gap / 2, cy: gap / 2, r: 1.3, fill: colour };
    for (const [name, value] of Object.entries(said)) dot.setAttribute(name, String(value));
    return [dot];
  }
  return LINES[pattern](gap).map(([x1, y1, x2, y2]) => {
    const line = document.createElementNS(SVG, "line");
    const said = { x1, y1, x2, y2, stroke: colour, "stroke-width": 1.1 };
    for (const [name, value] of Object.entries(said)) line.setAttribute(name, String(value));
    return line;
  });
}
