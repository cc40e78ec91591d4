/**
 * Drawing a parcel, and cutting parcels: by a line, into equal parts, by a road. What would come of it is asked for
 * while the hand draws; the act itself is worked out again from the stored outlines.
 */
import { WORLD } from "../blob.js";
import { toUnit } from "../geometry.js";
import { path } from "./path.js";
import { keyOf, unitsInPixel } from "./snap.js";

/** Parcels that a road may be cut through at once. */
const MOST_CUT = 300;
/** Places of each stretch of a line at which is looked what lies there. */
const STEPS = 40;

const refs = (points) => points.map(({ ref }) => ref);
const looked = (points) => points.map(({ ref }) => keyOf(ref)).filter(Boolean);

/** @param {import("./editor.js").Editor} editor */
export function draw(editor) {
  const { core, options } = editor;
  let set = { number: "", trim: true, fill: 0, becomes: "" };
  const kinds = core.context.limit_kinds;
  return path(editor, {
    name: "draw",
    closed: true,
    fields: () => {
      set = { number: "", trim: true, fill: 0, becomes: "" };
      const choices = [{ value: "", label: editor.words.draws_parcel }, ...kinds.map(({ kind, label }) => ({ value: kind, label }))];
      const trim = options.tick("trim_drawn", (on) => (set.trim = on));
      trim.querySelector("input").checked = true;
      const of = [
        options.text("parcel_no", (typed) => (set.number = typed)),
        trim,
        options.number("fill", { value: 0, min: 0, max: 50, step: 0.1, change: (typed) => (set.fill = typed) }),
      ];
      const becomes = options.choice("draws", choices, "", (chosen) => {
        set.becomes = chosen;
        for (const one of of) one.hidden = chosen !== "";
      });
      return [becomes, ...of];
    },
    done(points) {
      const area = kinds.find(({ kind }) => kind === set.becomes);
      if (area) return void editor.act({ do: "draw_area", layer: "constraints", ring: refs(points), values: area.values }, [], {});
      const act = { do: "draw", ring: refs(points) };
      if (set.number) act.values = { parcel_no: set.number };
      if (set.trim) act.trim = true;
      if (set.fill) act.fill_m = set.fill;
      const keys = [...new Set(looked(points))];
      return void editor.act(act, keys.map((key) => core.names.slot(key)), {});
    },
  });
}

/** @param {import("./editor.js").Editor} editor */
export function split(editor) {
  const { core } = editor;
  const act = (points) => {
    const slot = cutBy(core, points);
    return slot < 0 ? null : { do: "split", parcel: core.names.keys[slot], line: refs(points) };
  };
  return cutter(editor, { name: "split", act });
}

/** @param {import("./editor.js").Editor} editor */
export function strip(editor) {
  const { core, options } = editor;
  const set = { width: 12, becomes: "road" };
  const act = (points) => {
    const met = along(core, points, set.width);
    // what is selected elsewhere is not meant
    const chosen = met.filter((slot) => core.selection.has(slot) && crossed(core, points, slot));
    const slots = chosen.length ? chosen : met;
    if (!slots.length || slots.length > MOST_CUT) return null;
    const parcels = slots.map((slot) => core.names.keys[slot]);
    return { do: "strip", parcels, line: refs(points), width_m: set.width, becomes: set.becomes };
  };
  const tool = cutter(editor, {
    name: "strip",
    act,
    fields: () => {
      const kinds = ["road", "parcels", "nothing"].map((value) => ({ value, label: editor.words[`becomes_${value}`] }));
      return [
        options.number("width", { value: set.width, min: 0.1, max: 1000, step: 0.5, change: (typed) => tool.grown((set.width = typed)) }),
        options.choice("becomes", kinds, set.becomes, (chosen) => tool.grown((set.becomes = chosen))),
      ];
    },
  });
  return tool;
}

/**
 * A line that cuts.
 *
 * @param {import("./editor.js").Editor} editor
 * @param {{name: string, act: (points: import("./snap.js").Caught[]) => object | null, fields?: () => HTMLElement[]}} spec
 */
function cutter(editor, { name, act, fields }) {
  const { core } = editor;
  /** @type {object | null} */
  let answer = null;
  const tool = /** @type {any} */ (
    path(editor, {
      name,
      closed: false,
      asks: true,
      fields,
      async grown(points) {
        answer = null;
        if (points.length < 2) return editor.attempts.forget();
        const wanted = act(points);
        if (!wanted) return editor.options.say(editor.words.cuts_nothing, "cz-warned");
        const told = await editor.attempts.ask(wanted);
        if (!told || points !== tool.points) return undefined;
        answer = told;
        editor.attempts.tell(told);
        return tool.redraw();
      },
      done(points) {
        const wanted = act(points);
        if (!wanted) return void editor.refuse(editor.words.cuts_nothing);
        const parcels = wanted.parcels ?? [wanted.parcel];
        const slots = [...new Set([...parcels, ...looked(points)])].map((key) => core.names.slot(key));
        editor.act(wanted, slots, {});
        answer = null;
        editor.options.hint(name);
      },
    })
  );
  tool.over = () => answer && editor.attempts.draw(answer);
  return tool;
}

/** @param {import("./editor.js").Editor} editor */
export function equal(editor) {
  const { core, draft, options, words, attempts } = editor;
  const set = { parts: 2, direction: "longest_side" };
  const act = () => {
    const [slot] = core.selection;
    if (core.selection.size !== 1) return null;
    return { do: "split_equally", parcel: core.names.keys[slot], parts: set.parts, direction: set.direction };
  };
  const look = async () => {
    draft.clear();
    const wanted = act();
    if (!wanted) return void options.say(words.one_first, "cz-warned");
    const told = await attempts.ask(wanted);
    if (!told) return undefined;
    draft.clear();
    attempts.tell(told);
    return void attempts.draw(told);
  };
  const finish = () => {
    const wanted = act();
    if (!wanted) return void options.say(words.one_first, "cz-warned");
    attempts.forget();
    return void editor.act(wanted, [...core.selection], {});
  };
  let ends = () => {};
  return {
    name: "equal",
    walks: true,
    enter() {
      const directions = ["longest_side", "longest_edge"].map((value) => ({ value, label: words[value] }));
      options.show("equal", [
        options.number("parts", { value: set.parts, min: 2, max: 200, step: 1, change: (typed) => look((set.parts = Math.round(typed))) }),
        options.choice("direction", directions, set.direction, (chosen) => look((set.direction = chosen))),
        options.button("finish", finish),
      ]);
      ends = core.on("selection", look);
      look();
    },
    leave() {
      ends();
      attempts.forget();
      draft.clear();
    },
    click: ({ slot }) => core.select(slot < 0 ? [] : [slot]),
    move: (spot) => core.hover.over(spot),
    key(event) {
      if (event.key !== "Enter" || !core.selection.size) return false;
      finish();
      return true;
    },
  };
}

/** Whether a line runs through a parcel. */
function crossed({ geometry }, points, slot) {
  for (let i = 1; i < points.length; i += 1) {
    for (let step = 1; step < STEPS; step += 1) {
      if (geometry.covers(slot, mixed(points, i, "x", step / STEPS), mixed(points, i, "y", step / STEPS))) return true;
    }
  }
  return false;
}

/** The parcel that a line cuts: of those that it runs through the one that is selected, else the longest way. */
function cutBy(core, points) {
  const { selection, geometry } = core;
  const [only] = selection;
  if (selection.size === 1 && crossed(core, points, only)) return only;
  const counts = new Map();
  for (let i = 1; i < points.length; i += 1) {
    for (let step = 1; step < STEPS; step += 1) {
      const [x, y] = [mixed(points, i, "x", step / STEPS), mixed(points, i, "y", step / STEPS)];
      for (const slot of geometry.inBox([x, y, x, y])) {
        if (geometry.covers(slot, x, y)) counts.set(slot, (counts.get(slot) ?? 0) + Math.hypot(points[i].x - points[i - 1].x, points[i].y - points[i - 1].y));
      }
    }
  }
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), [-1, 0])[0];
}

function mixed(points, i, axis, share) {
  return points[i - 1][axis] + (points[i][axis] - points[i - 1][axis]) * share;
}

/** Parcels whose box comes near a line; the server leaves out those that the road misses. */
function along({ geometry, map }, points, width) {
  const reach = width / metresInUnit(map) + unitsInPixel(map);
  const found = new Set();
  for (let i = 1; i < points.length; i += 1) {
    const [a, b] = [points[i - 1], points[i]];
    const box = [Math.min(a.x, b.x) - reach, Math.min(a.y, b.y) - reach, Math.max(a.x, b.x) + reach, Math.max(a.y, b.y) + reach];
    for (const slot of geometry.inBox(/** @type {any} */ (box))) if (geometry.there(slot)) found.add(slot);
  }
  return [...found];
}

/** Length of a unit in the middle of the view [m]. */
function metresInUnit(map) {
  const at = map.getCenter();
  const [x, y] = toUnit(at.lng, at.lat);
  const [u, v] = toUnit(at.lng + 0.001, at.lat);
  return map.distance(at, [at.lat, at.lng + 0.001]) / (Math.hypot(u - x, v - y) * WORLD);
}
