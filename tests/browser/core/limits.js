import { limitLayer, limitLegend } from "/map/limits.js";
import { equal, truth } from "./check.js";

const RING = [[39.8, 116.2], [39.8, 116.3], [39.9, 116.3]];
const PATTERNS = ["rising", "falling", "cross", "level", "upright", "grid", "dots"];

function limit(more) {
  return { name: "", kind: "noise", label: "噪声", outside: false, rings: [RING], colour: "#6b7280", pattern: "dots", gap: 6, ...more };
}

export function a_legend_has_a_row_a_kind_and_effect_and_texts_stay_texts() {
  const said = [limit({ label: "绿隔 · 扣除" }), limit({ label: "绿隔 · 扣除" }), limit({ label: "<b>绿隔</b>" })];
  const rows = [...limitLegend(said).querySelectorAll(".cz-row")];
  equal(rows.map((row) => row.querySelector(".cz-text").textContent), ["绿隔 · 扣除", "<b>绿隔</b>"]);
  truth(!rows[1].querySelector("b"), "no markup");
}

export function every_pattern_draws_marks_of_its_own() {
  const legend = limitLegend(PATTERNS.map((pattern) => limit({ label: pattern, pattern })));
  const drawn = [...legend.querySelectorAll("pattern")].map((one) => one.innerHTML);
  equal(drawn.length, PATTERNS.length);
  equal(new Set(drawn).size, PATTERNS.length, "two patterns look the same");
  truth([...legend.querySelectorAll("pattern")].every((one) => one.querySelectorAll("line, circle").length > 0));
}

export function an_area_that_acts_beyond_its_outline_is_not_filled() {
  const swatch = limitLegend([limit({ outside: true })]).querySelector("svg > rect");
  equal([swatch.getAttribute("fill"), swatch.getAttribute("stroke-dasharray") !== null], ["none", true]);
}

export function areas_become_shapes_in_their_pane_and_none_need_no_canvas() {
  const made = [];
  const group = { addLayer: (one) => made.push(one), on: () => group };
  const L = { layerGroup: () => group, svg: () => ({}), polygon: (rings, options) => ({ rings, options }) };
  const before = window.L;
  window.L = L;
  limitLayer([]);
  equal(made.length, 0);
  limitLayer([limit(), limit({ outside: true })]);
  window.L = before;
  equal(made.map(({ options }) => options.pane), ["limits", "limits", "limits"]);
  truth(made[0].options.fillColor.startsWith("url(#"), "hatched");
  equal(made.slice(1).map(({ options }) => options.fill), [false, false]);
  truth(made.every(({ options }) => options.interactive === false), "clicks go to the parcels");
}
