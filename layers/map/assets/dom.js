/**
 * Elements made by hand. Text of the workspace reaches the page by `textContent` only: it is never markup.
 */

/**
 * @param {string} tag
 * @param {string} [className]
 * @param {string} [text]
 * @returns {HTMLElement}
 */
export function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

/**
 * A Leaflet control around an element of ours; clicks and wheel on it do not reach the map.
 *
 * @param {string} position
 * @param {HTMLElement} content
 * @param {boolean} [still] whether clicks and wheel stay on the control
 */
export function control(position, content, still = true) {
  const { L } = window;
  if (still) {
    L.DomEvent.disableClickPropagation(content);
    L.DomEvent.disableScrollPropagation(content);
  }
  const Holder = L.Control.extend({ onAdd: () => content });
  return new Holder({ position });
}

/**
 * A labelled check box or radio button.
 *
 * @param {{type: "checkbox" | "radio", name: string, text: string, checked: boolean, change: (on: boolean) => void}} spec
 * @returns {HTMLElement}
 */
export function choice(spec) {
  const label = element("label", `cz-choice cz-${spec.type}`);
  const input = /** @type {HTMLInputElement} */ (document.createElement("input"));
  input.type = spec.type;
  input.name = spec.name;
  input.checked = spec.checked;
  input.addEventListener("change", () => spec.change(input.checked));
  label.append(input, element("span", "", spec.text));
  return label;
}

/**
 * @param {string} css
 * @param {string} text
 * @param {"button" | "submit"} type
 * @param {(() => void) | null} [press]
 */
export function button(css, text, type, press = null) {
  const made = /** @type {HTMLButtonElement} */ (element("button", css, text));
  made.type = type;
  if (press) made.addEventListener("click", press);
  return made;
}
