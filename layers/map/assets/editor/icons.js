/**
 * Icons of the tools: lines on a square of 20, drawn by hand so that they need no file and no font.
 */
const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  select: ["M5 3 L15 10 L10.5 11 L8.5 16 Z"],
  box: ["M3 4 H17 V16 H3 Z|dash", "M8 8 L14 12 L11 12.6 L9.8 15 Z"],
  lasso: ["M10 4 C16 4 18 7 17 10 C16 13 11 14 7 13 C2 11 3 4 10 4 Z|dash", "M7 13 C5 14 6 17 9 16.5"],
  brush: ["M16 3 L9 10 L11 12 L17.5 4.5 Z", "M9 10 C5 10 6 15 2.5 16.5 C8 18 11 16 11 12"],
  erase: ["M11 4 L17 10 L10 16 H6.5 L3 12.5 Z", "M7 8 L13 14", "M10 16 H17"],
  draw: ["M4 15 L3 6 L11 3 L17 8 L14 16 Z", "M4 15 h.1|dot", "M3 6 h.1|dot", "M11 3 h.1|dot", "M17 8 h.1|dot", "M14 16 h.1|dot"],
  split: ["M4 5 H16 V15 H4 Z", "M12 2 L8 18|dash"],
  equal: ["M3 5 H17 V15 H3 Z", "M7.7 5 V15", "M12.3 5 V15"],
  strip: ["M6 17 L9 3", "M14 17 L11 3", "M10 15 V13 M10 10.5 V9 M10 6.5 V5.5"],
  vertices: ["M4 14 L10 5 L16 14", "M2.5 12.5 H5.5 V15.5 H2.5 Z|fill", "M8.5 3.5 H11.5 V6.5 H8.5 Z|fill", "M14.5 12.5 H17.5 V15.5 H14.5 Z|fill"],
  merge: ["M3 5 H17 V15 H3 Z", "M10 5 V7 M10 13 V15", "M5 10 H8.5 M15 10 H11.5", "M7 8 L9 10 L7 12", "M13 8 L11 10 L13 12"],
  trim: ["M3 3 H12 V12 H3 Z", "M8 8 H17 V17 H8 Z|dash"],
  delete: ["M4 6 H16", "M8 6 V4 H12 V6", "M5.5 6 L6.5 17 H13.5 L14.5 6", "M8.5 9 V14 M11.5 9 V14"],
  measure: ["M2.5 12.5 L12.5 2.5 L17.5 7.5 L7.5 17.5 Z", "M5 10 L7 12 M7.5 7.5 L9 9 M10 5 L12 7"],
  points: ["M7 7 H17 V17 H7 Z", "M13 7 V3 H3 V13 H7", "M10 11 H14 M10 14 H14"],
  faults: ["M10 3 L18 16.5 H2 Z", "M10 8 V12", "M10 14.4 h.1|dot"],
};

/** @param {string} name of a tool */
export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 20 20");
  drawing.setAttribute("aria-hidden", "true");
  for (const told of PATHS[name]) {
    const [d, kind = "line"] = told.split("|");
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    path.setAttribute("class", `cz-ink-${kind}`);
    drawing.append(path);
  }
  return drawing;
}
