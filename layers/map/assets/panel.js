/**
 * The panel on the map: what parcels are coloured by, the legend of it, and which layers are shown.
 */
import { choice, control, element } from "./dom.js";

const MARKS = ["zones", "parks", "stations", "backdrop", "grid"];

export class Panel {
  /**
   * @param {object} words texts of the map in the language of the page
   * @param {{mode: string, hidden: string[], folded: boolean}} memory what the viewer chose before
   * @param {{restyle: (key: string) => void, show: (name: string, on: boolean) => void}} act
   */
  constructor(words, memory, act) {
    this.words = words;
    this.memory = memory;
    this.act = act;
    this.body = element("div", "cz-panel");
    this.modes = element("div", "cz-modes");
    this.legend = element("div", "cz-legend");
    this.notes = element("div");
    this.body.append(this.modes, this.legend, this.notes, this.switches());
  }

  addTo(map) {
    control("topright", this.body).addTo(map);
  }

  /**
   * Draw the choices and the legend again after the state of the parcels changed.
   *
   * @param {import("./parcels.js").StyleMode[]} modes
   * @param {string} current
   * @param {boolean} schematic whether any parcel is schematic
   */
  show(modes, current, schematic) {
    this.modes.replaceChildren(
      ...modes.map((mode) =>
        choice({
          type: "radio",
          name: "mode",
          text: mode.title,
          checked: mode.key === current,
          change: () => this.act.restyle(mode.key),
        }),
      ),
    );
    const mode = modes.find((one) => one.key === current);
    if (!mode) return;
    const rows = mode.classes.filter((kind) => kind.count > 0).map(legendRow);
    if (schematic) rows.push(legendRow({ label: this.words.schematic, colour: "transparent", dashed: true }));
    this.legend.replaceChildren(...rows);
    const notes = [mode.note, schematic ? this.words.schematic_note : ""].filter(Boolean);
    this.notes.replaceChildren(...notes.map((note) => element("p", "cz-note", note)));
  }

  switches() {
    const box = document.createElement("details");
    box.className = "cz-layers";
    box.append(element("summary", "", this.words.layers));
    for (const name of MARKS) {
      box.append(
        choice({
          type: "checkbox",
          name,
          text: this.words[name],
          checked: !this.memory.hidden.includes(name),
          change: (on) => this.act.show(name, on),
        }),
      );
    }
    return box;
  }
}

function legendRow(kind) {
  const row = element("div", "cz-row");
  const swatch = element("span", "cz-swatch");
  swatch.style.backgroundColor = kind.colour;
  if (kind.hatch) swatch.classList.add("cz-hatch");
  if (kind.dashed) swatch.classList.add("cz-dashed");
  row.append(swatch, element("span", "cz-text", kind.label));
  row.title = kind.label;
  if (kind.count !== undefined) row.append(element("span", "cz-count", String(kind.count)));
  return row;
}
