/**
 * Copying. A browser gives the clipboard to pages over https and on the own machine only; on an intranet over http the
 * old way is tried, and where that fails too the text is shown to be copied by hand.
 */
import { asked } from "./dialog.js";

/**
 * @param {import("./editor.js").Editor} editor
 * @param {string} text
 * @returns {Promise<string>} what to say
 */
export async function copied(editor, text) {
  const { words } = editor;
  if (await written(text)) return words.copied_so;
  if (commanded(editor.core.map.getContainer(), text)) return words.copied_so;
  const area = Object.assign(document.createElement("textarea"), { value: text, readOnly: true, rows: 8 });
  await asked(editor, { title: words.copy_by_hand, fields: [area], confirm: "close" });
  return "";
}

async function written(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // no https, or it was not allowed
  }
}

function commanded(frame, text) {
  const area = Object.assign(document.createElement("textarea"), { value: text, className: "cz-unseen" });
  frame.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  frame.focus({ preventScroll: true });
  return done;
}
