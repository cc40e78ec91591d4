/**
 * What is done once with the parcels that are selected: merged, trimmed, deleted, their boundary points copied.
 */
import { element } from "../dom.js";
import { copied } from "./clipboard.js";
import { asked } from "./dialog.js";

/** @param {import("./editor.js").Editor} editor */
export async function merge(editor) {
  const { core, words, attempts } = editor;
  const slots = [...core.selection];
  if (slots.length < 2) return editor.refuse(words.two_first);
  const act = { do: "merge", parcels: keysOf(core, slots) };
  const told = await attempts.ask(act, 0);
  if (!told) return undefined;
  if (told.may) return void editor.act(act, slots, {});
  if (told.code !== "figures_differ") return editor.refuse(told);
  const figures = await chosen(editor, act.parcels, told);
  return figures ? void editor.act({ ...act, figures }, slots, {}) : undefined;
}

/**
 * Let the viewer say what the merged parcel is to have where the parcels differ.
 *
 * @returns {Promise<Record<string, any> | null>}
 */
async function chosen(editor, keys, told) {
  const { words } = editor;
  const forms = await Promise.all(keys.map((key) => editor.ask("form", { keys: [key] })));
  if (forms.includes(null)) return null;
  const figures = {};
  const fields = told.columns.map((name) => {
    const column = forms[0].columns.find((one) => one.name === name);
    const values = [...new Set(forms.map(({ values: row }) => row[name]?.value ?? null))];
    const label = element("label", "cz-option");
    const select = document.createElement("select");
    select.name = name;
    values.forEach((value, i) => {
      const option = column?.options.find((one) => one.value === value);
      const text = value === null ? words.empty_value : (option?.label ?? String(value));
      select.append(Object.assign(document.createElement("option"), { value: String(i), textContent: text }));
    });
    figures[name] = values[0];
    select.addEventListener("change", () => (figures[name] = values[Number(select.value)]));
    label.append(element("span", "", [column?.label ?? name, column?.unit].filter(Boolean).join(" ")), select);
    return label;
  });
  const said = element("p", "cz-note", words.merge_differs);
  return (await asked(editor, { title: words.tool_merge, fields: [said, ...fields], confirm: "merge_so" })) ? figures : null;
}

/** @param {import("./editor.js").Editor} editor */
export async function trim(editor) {
  const { core, words, attempts } = editor;
  const slots = [...core.selection];
  if (!slots.length) return editor.refuse(words.some_first);
  const act = { do: "trim", parcels: keysOf(core, slots) };
  const told = await attempts.ask(act, 0);
  if (!told) return undefined;
  if (!told.may) return editor.refuse(told);
  if (!told.rows.length) return editor.core.furniture.tell("", words.nothing_overlaps);
  return void editor.act(act, slots, {});
}

/**
 * Delete parcels, each by an act of its own; what carries buildings is asked about first.
 *
 * @param {import("./editor.js").Editor} editor
 */
export async function remove(editor) {
  const { core, words, attempts } = editor;
  const slots = [...core.selection];
  if (!slots.length) return editor.refuse(words.some_first);
  for (const slot of slots) {
    const key = core.names.keys[slot];
    let act = { do: "delete", layer: "parcels", key };
    const plain = await attempts.ask(act, 0);
    if (!plain) return undefined;
    if (!plain.may) {
      const built = { ...act, with_buildings: true };
      const told = await attempts.ask(built, 0);
      if (!told?.may) return editor.refuse(told ?? plain);
      const title = words.carries_buildings.replace("{parcel}", core.names.labels[slot]);
      if (!(await asked(editor, { title, fields: [], confirm: "delete_so" }))) return undefined;
      act = built;
    }
    editor.act(act, [slot], {});
  }
  return undefined;
}

/**
 * Copy the boundary points of a parcel.
 *
 * @param {import("./editor.js").Editor} editor
 */
export async function points(editor) {
  const { core, words } = editor;
  if (core.selection.size !== 1) return editor.refuse(words.one_first);
  const [slot] = core.selection;
  const found = await editor.ask("points", { parcel: core.names.keys[slot] });
  if (!found) return undefined;
  const said = await copied(editor, found.text);
  if (!said) return undefined;
  const told = words.points_copied.replace("{parcel}", found.label).replace("{count}", String(found.count)).replace("{crs}", found.crs);
  return editor.core.furniture.tell("cz-saved", told);
}

function keysOf({ names }, slots) {
  return slots.map((slot) => names.keys[slot]);
}
