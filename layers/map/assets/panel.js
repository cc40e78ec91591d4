/**
 * The panel on the map: what parcels are coloured by, the legend of it, and which layers are shown.
 */
import { choice, control, element } from "./dom.js";

const MARKS = ["zones", "parks", "stations", "limits", "backdrop", "grid"];

export class Panel {
  /**
   * @param {object} words texts of the map in the language of the page
   * @param {import("./memory.js").Memory} memory what the viewer chose before
   * @param {{restyle: (key: string) => void, show: (name: string, on: boolean) => void}} act
   * @param {HTMLElement | null} limits the legend of the constraints; null where there are none to show
   */
  constructor(words, memory, act, limits) {
    this.words = words;
    this.memory = memory;
    this.act = act;
    this.limits = limits;
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
   * Draw the choices and the legend again after the parcels changed.
   *
   * @param {import("./looks.js").StyleMode[]} modes
   * @param {import("./looks.js").StyleMode} mode the one in use
   * @param {Uint32Array} counts parcels of each of its classes
   * @param {boolean} schematic whether any parcel is schematic
   */
  show(modes, mode, counts, schematic) {
    this.modes.replaceChildren(
      ...modes.map((one) =>
        choice({
          type: "radio",
          name: "mode",
          text: one.title,
          checked: one.key === mode.key,
          change: () => this.act.restyle(one.key),
        }),
      ),
    );
    const order = [...counts.keys()].filter((number) => counts[number] > 0);
    if (mode.by_count) order.sort((a, b) => counts[b] - counts[a]);
    const rows = order.map((number) => legendRow({ ...mode.classes[number], count: counts[number] }));
    if (schematic) rows.push(legendRow({ label: this.words.schematic, colour: "transparent", dashed: true }));
    this.legend.replaceChildren(...rows);
    const notes = [mode.note, schematic ? this.words.schematic_note : ""].filter(Boolean);
    this.notes.replaceChildren(...notes.map((note) => element("p", "cz-note", note)));
  }

  switches() {
    const box = document.createElement("details");
    box.className = "cz-layers";
    box.append(element("summary", "", this.words.layers));
    for (const name of MARKS.filter((one) => one !== "limits" || this.limits)) {
      box.append(
        choice({
          type: "checkbox",
          name,
          text: this.words[name],
          checked: !this.memory.hidden.includes(name),
          change: (on) => this.turn(name, on),
        }),
      );
    }
    if (this.limits) {
      this.limits.hidden = this.memory.hidden.includes("limits");
      box.append(this.limits);
    }
    return box;
  }

  /** Show a layer or hide it, and its legend with it. */
  turn(name, on) {
    if (name === "limits") this.limits.hidden = !on;
    this.act.show(name, on);
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
