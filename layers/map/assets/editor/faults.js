/**
 * Overlaps, gaps and slivers of the parcels in view, looked for again after each change.
 */
import { element } from "../dom.js";
import { square } from "./attempts.js";

const REST = 300;
const MOST = 5000;
const MOST_LISTED = 60;
/** Told apart by colour, by the dashes of their line, and by the list. */
const LOOKS = {
  overlap: { color: "#8a1c5e", fillColor: "#8a1c5e", dashArray: "" },
  gap: { color: "#a86400", fillColor: "#f0b340", dashArray: "7 4" },
  sliver: { color: "#1f4e9c", fillColor: "#1f4e9c", dashArray: "2 3" },
};

export class Faults {
  /** @param {import("./editor.js").Editor} editor */
  constructor(editor) {
    const { L } = window;
    this.editor = editor;
    this.on = false;
    this.timer = 0;
    this.asked = 0;
    this.layer = L.layerGroup();
    this.list = element("div", "cz-over cz-faults");
    L.DomEvent.disableClickPropagation(this.list);
    L.DomEvent.disableScrollPropagation(this.list);
    editor.core.map.on("moveend", () => this.later());
    editor.core.on("changed", () => this.later());
  }

  toggle() {
    const { core } = this.editor;
    this.on = !this.on;
    if (this.on) {
      this.layer.addTo(core.map);
      core.map.getContainer().append(this.list);
      this.look();
    } else {
      this.layer.remove();
      this.list.remove();
    }
    return this.on;
  }

  later() {
    clearTimeout(this.timer);
    if (this.on) this.timer = setTimeout(() => this.look(), REST);
  }

  async look() {
    const { core, words } = this.editor;
    this.asked += 1;
    const mine = this.asked;
    const slots = this.editor.inView();
    if (slots.length > MOST) return this.empty(words.faults_too_many);
    if (!slots.length) return this.empty(words.faults_none);
    const found = await this.editor.ask("faults", { keys: slots.map((slot) => core.names.keys[slot]) });
    if (found && mine === this.asked && this.on) this.show(found);
    return undefined;
  }

  empty(text) {
    this.layer.clearLayers();
    this.list.replaceChildren(element("strong", "", this.editor.words.tool_faults), element("p", "cz-note", text));
  }

  show({ faults, count }) {
    const { core, words } = this.editor;
    if (!count) return this.empty(words.faults_none);
    this.layer.clearLayers();
    for (const fault of faults) {
      const rings = fault.rings.map((ring) => ring.map(([lon, lat]) => [lat, lon]));
      const look = { weight: 2, fillOpacity: 0.45, interactive: false, pane: "marked", ...LOOKS[fault.kind] };
      this.layer.addLayer(window.L.polygon(rings, look));
      // a sliver may be thinner than a pixel
      this.layer.addLayer(window.L.circleMarker([fault.at[1], fault.at[0]], { ...look, radius: 5, fillOpacity: 0.9 }));
    }
    const rows = faults.slice(0, MOST_LISTED).map((fault) => this.row(fault, core, words));
    this.list.replaceChildren(element("strong", "", `${words.tool_faults} · ${count}`), ...rows);
    return undefined;
  }

  row(fault, core, words) {
    const made = element("button", "cz-fault");
    const mark = element("span", "cz-swatch");
    mark.style.backgroundColor = LOOKS[fault.kind].fillColor;
    const names = fault.keys.map((key) => core.names.labels[core.names.slot(key)] ?? key).join(" / ");
    made.append(mark, element("b", "", words[`fault_${fault.kind}`]), element("span", "cz-text", names), element("span", "cz-count", square(fault.area_m2)));
    made.title = `${words[`fault_${fault.kind}`]} ${names}`;
    made.addEventListener("click", () => core.map.setView([fault.at[1], fault.at[0]], Math.max(18, core.map.getZoom()), { animate: false }));
    return made;
  }
}
