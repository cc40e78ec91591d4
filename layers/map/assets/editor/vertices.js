/**
 * Moving vertices. A vertex that several parcels share moves in all of them; a new one comes out of the middle of an
 * edge; a double click or Del takes one out.
 */
import { caught, eachRing, free, nearestVertex, reachOf, squared } from "./snap.js";

/** Parcels around the pointer whose vertices are shown. */
const MOST_SHOWN = 12;

/**
 * @typedef {object} Grip what the hand would take
 * @property {"move" | "insert"} step
 * @property {any[]} ref
 * @property {number} x
 * @property {number} y
 * @property {number} slot
 * @property {[number, number]} latlng
 */

/** @param {import("./editor.js").Editor} editor */
export function vertices(editor) {
  const { core, draft, options, words } = editor;
  /** @type {Grip | null} */
  let held = null;
  /** @type {Grip | null} */
  let over = null;
  let to = null;

  const aim = (spot) => (spot.shift ? squared(core, held, spot) : caught(core, spot, { moved: held }));
  const show = (spot) => {
    draft.layer.clearLayers();
    over = gripAt(core, spot);
    if (spot.slot >= 0 || over) handles(core, draft, near(core, spot), over);
  };
  const preview = () => {
    draft.layer.clearLayers();
    const parcels = sharing(core, held);
    for (const slot of parcels) draft.area(bent(core, slot, held, to));
    draft.dot(to.latlng, 5);
    options.say(words.moves.replace("{count}", String(parcels.length)));
  };
  const drop = () => {
    const [from, place] = [held, to];
    held = null;
    if (Math.hypot(place.x - from.x, place.y - from.y) < 1) return draft.clear();
    if (editor.busy(place.slot)) {
      draft.clear();
      return options.say(core.words.saving, "cz-warned");
    }
    const step = from.step === "move" ? { step: "move", vertex: from.ref, to: place.ref } : { step: "insert", edge: from.ref, to: place.ref };
    editor.act({ do: "vertices", steps: [step] }, met(core, from, place), {});
    return options.hint("vertices");
  };
  const remove = () => {
    if (over?.step !== "move" || sharing(core, over).some((slot) => editor.busy(slot))) return false;
    editor.act({ do: "vertices", steps: [{ step: "drop", vertex: over.ref }] }, sharing(core, over), {});
    over = null;
    return true;
  };
  const cancel = () => {
    held = null;
    over = null;
    draft.clear();
  };
  const grip = (spot) => {
    const found = gripAt(core, spot);
    if (found && sharing(core, found).some((slot) => editor.busy(slot))) {
      options.say(core.words.saving, "cz-warned");
      return null;
    }
    to = found && free(core, found.x, found.y);
    return found;
  };
  let ends = () => {};
  return {
    name: "vertices",
    cursor: "default",
    aims: true,
    enter() {
      core.map.doubleClickZoom.disable();
      options.show("vertices");
      ends = core.on("changed", ({ shaped }) => {
        if (shaped.length) over = null; // vertices may have other numbers now
      });
    },
    leave() {
      ends();
      core.map.doubleClickZoom.enable();
      held = null;
      draft.clear();
    },
    down(spot) {
      held = grip(spot);
      return Boolean(held ?? gripAt(core, spot)); // where it has to wait, the map is not dragged instead
    },
    move(spot) {
      if (!spot) return undefined;
      if (!held) return show(spot);
      to = aim(spot);
      draft.catch(to);
      return preview();
    },
    up(spot) {
      if (!held) return;
      to = aim(spot);
      drop();
    },
    double(spot) {
      over = grip(spot);
      remove();
    },
    // by keyboard: the space bar takes what is under the cross, and puts it down again
    tap(spot) {
      if (held) return drop();
      held = grip(spot);
      return held ? preview() : undefined;
    },
    cancel,
    hold(spot) {
      over = gripAt(core, spot);
      return remove();
    },
    holds: () => (held ? [...sharing(core, held), to.slot] : []),
    drop: cancel,
    key(event) {
      if (event.key === "Escape" && held) {
        cancel();
        return true;
      }
      if (event.key !== "Delete" && event.key !== "Backspace") return false;
      return remove() || event.key === "Backspace";
    },
  };
}

/** @returns {Grip | null} a vertex, else the middle of an edge */
function gripAt(core, spot) {
  const reach = reachOf(core.map, spot);
  const vertex = nearestVertex(core, spot, reach);
  if (vertex) return { step: "move", ref: vertex.ref.vertex, x: vertex.x, y: vertex.y, slot: vertex.slot, latlng: vertex.latlng };
  let [best, least] = [null, reach];
  for (const slot of near(core, spot)) {
    for (const middle of middles(core.geometry, slot)) {
      const away = Math.hypot(middle.x - spot.x, middle.y - spot.y);
      if (away < least) [best, least] = [{ slot, ...middle }, away];
    }
  }
  if (!best) return null;
  const { latlng } = free(core, best.x, best.y);
  return { step: "insert", ref: [core.names.keys[best.slot], best.part, best.ring, best.index, 0.5], x: best.x, y: best.y, slot: best.slot, latlng };
}

function near(core, { x, y, ...spot }) {
  const reach = reachOf(core.map, spot);
  return [...core.geometry.inBox([x - reach, y - reach, x + reach, y + reach])].slice(0, MOST_SHOWN);
}

function* middles(geometry, slot) {
  const found = [];
  eachRing(geometry, slot, (part, ring, start, end) => {
    for (let i = start; i < end; i += 1) {
      const j = i + 1 < end ? i + 1 : start;
      found.push({ part, ring, index: i - start, x: (geometry.x[i] + geometry.x[j]) / 2, y: (geometry.y[i] + geometry.y[j]) / 2 });
    }
  });
  yield* found;
}

function handles(core, draft, slots, over) {
  const { geometry } = core;
  const at = (x, y) => geometry.degrees(x, y).reverse();
  for (const slot of slots) {
    draft.area(geometry.latLngs(slot).flat(), { color: "#0b3d4a", weight: 1.5, fill: false });
    eachRing(geometry, slot, (_part, _ring, start, end) => {
      for (let i = start; i < end; i += 1) draft.dot(at(geometry.x[i], geometry.y[i]), 3.5);
    });
    for (const { x, y } of middles(geometry, slot)) draft.dot(at(x, y), 2);
  }
  if (over) draft.dot(over.latlng, 6);
}

/** Parcels that have a vertex, or lie along an edge, at a place. */
function sharing({ geometry }, { x, y, slot: own, step }) {
  const slack = step === "insert" ? 2 : 0;
  const found = [...geometry.inBox([x - slack, y - slack, x + slack, y + slack])].filter((slot) => {
    if (slot === own) return true;
    let here = false;
    eachRing(geometry, slot, (_part, _ring, start, end) => {
      for (let i = start; i < end && !here; i += 1) {
        const j = i + 1 < end ? i + 1 : start;
        here = step === "insert" ? along(geometry, i, j, x, y, slack) : geometry.x[i] === x && geometry.y[i] === y;
      }
    });
    return here;
  });
  return found;
}

function along(geometry, i, j, x, y, slack) {
  const [dx, dy] = [geometry.x[j] - geometry.x[i], geometry.y[j] - geometry.y[i]];
  const long = Math.hypot(dx, dy);
  const share = ((x - geometry.x[i]) * dx + (y - geometry.y[i]) * dy) / (long * long);
  const away = Math.abs((x - geometry.x[i]) * dy - (y - geometry.y[i]) * dx) / long;
  return share >= 0 && share <= 1 && away <= slack;
}

/** Every parcel that an act on a vertex looks at. */
function met(core, grip, place) {
  return [...new Set([...sharing(core, grip), ...(place.slot >= 0 ? [place.slot] : [])])];
}

/** Rings of a parcel with a vertex at another place, or with a new one. */
function bent({ geometry }, slot, grip, to) {
  const rings = [];
  eachRing(geometry, slot, (_part, _ring, start, end) => {
    const points = [];
    for (let i = start; i < end; i += 1) {
      const j = i + 1 < end ? i + 1 : start;
      const here = grip.step === "move" && geometry.x[i] === grip.x && geometry.y[i] === grip.y;
      points.push(here ? to.latlng : geometry.degrees(geometry.x[i], geometry.y[i]).reverse());
      if (grip.step === "insert" && along(geometry, i, j, grip.x, grip.y, 2)) points.push(to.latlng);
    }
    rings.push(points);
  });
  return rings;
}
