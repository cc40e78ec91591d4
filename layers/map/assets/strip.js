/**
 * Figures of the whole workspace over the map; they follow every act and every change by others at once.
 *
 * @typedef {{name: string, label: string, value: string, css: string}} Figure
 */
import { element } from "./dom.js";

export class Strip {
  constructor() {
    this.body = element("div", "cz-strip");
  }

  /** @param {Figure[]} figures */
  show(figures) {
    this.body.replaceChildren(
      ...figures.map(({ name, label, value, css }) => {
        const cell = element("div", `cz-figure ${css}`);
        cell.dataset.figure = name;
        cell.append(element("span", "", label), element("b", "", value));
        return cell;
      }),
    );
  }
}
