/**
 * A question that has to be answered before anything is done.
 */
import { element } from "../dom.js";

/**
 * @param {import("./editor.js").Editor} editor
 * @param {{title: string, fields: HTMLElement[], confirm: string}} spec `confirm` is the word on the button
 * @returns {Promise<boolean>} whether it was confirmed
 */
export function asked({ core, words }, { title, fields, confirm }) {
  const dialog = /** @type {HTMLDialogElement} */ (element("dialog", "cz-over cz-dialog"));
  const yes = /** @type {HTMLButtonElement} */ (element("button", "cz-option-button cz-strong", words[confirm]));
  const no = element("button", "cz-option-button", words.cancel);
  const row = element("div", "cz-dialog-row");
  row.append(yes, ...(confirm === "close" ? [] : [no]));
  dialog.append(element("strong", "", title), ...fields, row);
  dialog.setAttribute("aria-label", title);
  window.L.DomEvent.disableClickPropagation(dialog);
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  core.map.getContainer().append(dialog);
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      core.map.getContainer().focus({ preventScroll: true });
      done(dialog.returnValue === "yes");
    });
    yes.addEventListener("click", () => dialog.close("yes"));
    no.addEventListener("click", () => dialog.close(""));
  });
}
