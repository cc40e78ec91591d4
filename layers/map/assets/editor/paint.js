/**
 * Giving parcels to a project, and taking them back, with a brush: each click is an act of its own, a drag is one act
 * on all that it went over.
 */

/** A drag is looked at each so many pixels: the pointer reports fewer places than it passes. */
const STEP = 5;
const STROKE = "stroke";

/**
 * @param {import("./editor.js").Editor} editor
 * @param {{name: string, look: import("../looks.js").Look, fields: () => HTMLElement[], ready: () => boolean,
 *   act: (slots: number[]) => object}} brush
 * @returns {import("../tools.js").Tool}
 */
function stroke(editor, { name, look, fields, ready, act }) {
  const { core, options } = editor;
  /** @type {Set<number> | null} */
  let met = null;
  let last = null;

  const meet = (slot) => {
    if (slot < 0 || met.has(slot)) return;
    met.add(slot);
    core.looks.expect(STROKE, [...met], look);
    core.parcels.repaint([slot]);
  };
  const done = () => {
    const slots = [...met];
    met = null;
    core.parcels.repaint(core.looks.settle(STROKE));
    if (slots.length) editor.act(act(slots), slots, look);
  };
  return {
    name,
    cursor: "crosshair",
    walks: true,
    enter: () => options.show(name, fields()),
    down(spot) {
      if (!ready()) return false;
      met = new Set();
      last = spot;
      meet(spot.slot);
      return true;
    },
    move(spot) {
      if (!met) return void core.hover.over(spot);
      for (const slot of between(core, last, spot)) meet(slot);
      last = spot;
      return undefined;
    },
    up: done,
    cancel() {
      met = null;
      core.parcels.repaint(core.looks.settle(STROKE));
    },
    // a key has no down and no up
    pick(slot) {
      if (slot >= 0 && ready()) editor.act(act([slot]), [slot], look);
    },
  };
}

/** The parcels on the way from one spot to another. */
function* between({ map, geometry }, from, to) {
  const [a, b] = [from, to].map(({ latlng }) => map.latLngToContainerPoint(latlng));
  const steps = Math.max(1, Math.ceil(Math.hypot(b.x - a.x, b.y - a.y) / STEP));
  for (let i = 1; i <= steps; i += 1) {
    const [x, y] = [from.x + ((to.x - from.x) * i) / steps, from.y + ((to.y - from.y) * i) / steps];
    const near = geometry.inBox([x, y, x, y]);
    const slot = near.findLast((one) => geometry.covers(one, x, y));
    yield slot ?? -1;
  }
}

/** @param {import("./editor.js").Editor} editor */
export function brush(editor) {
  const { core, options, words } = editor;
  const told = (share) => (share === 100 ? words.share_all : `${share}%`);
  return stroke(editor, {
    name: "brush",
    look: editor.brush.look,
    fields: () => [
      editor.projects.field(),
      options.slider("share", editor.share, told, (share) => (editor.share = share)),
    ],
    ready() {
      if (editor.projects.chosen) return true;
      options.say(words.project_first, "cz-warned");
      return false;
    },
    act(slots) {
      const parcels = slots.map((slot) => core.names.keys[slot]);
      const given = { project: editor.projects.chosen, ...editor.brush.values };
      if (parcels.length === 1 && editor.share === 100) return { do: "assign", parcel: parcels[0], ...given };
      return { do: "assign_many", parcels, share: editor.share / 100, ...given };
    },
  });
}

/** @param {import("./editor.js").Editor} editor */
export function erase(editor) {
  const { core, options } = editor;
  const mode = core.looks.modes.find(({ key }) => key === "assignment");
  let mine = false;
  return stroke(editor, {
    name: "erase",
    look: mode ? { assignment: mode.classes.length - 1 } : {},
    fields: () => {
      mine = false;
      return [editor.projects.field(), options.tick("only_project", (on) => (mine = on))];
    },
    ready: () => true,
    act(slots) {
      const only = mine && editor.projects.chosen ? { project: editor.projects.chosen } : {};
      return { do: "unassign_many", parcels: slots.map((slot) => core.names.keys[slot]), ...only };
    },
  });
}

/** The projects that can be painted with, and what each still wants. */
export class Projects {
  /** @param {import("./editor.js").Editor} editor */
  constructor(editor) {
    this.editor = editor;
    this.chosen = "";
    this.select = null;
    editor.core.on("acted", () => this.select?.isConnected && this.fill());
  }

  /** A choice of them; it fills itself. */
  field() {
    const { options } = this.editor;
    const label = options.choice("project", [], "", (key) => (this.chosen = key));
    this.select = label.querySelector("select");
    this.fill();
    return label;
  }

  async fill() {
    const { words } = this.editor;
    const found = await this.editor.ask("projects");
    if (!found) return;
    const wants = (area) => (area > 0 ? words.wants_more.replace("{area}", Math.round(area).toLocaleString("en-US")) : words.wants_none);
    const options = [
      { key: "", told: words.project_none },
      ...found.projects.map(({ key, name, wants_m2: area }) => ({ key, told: `${name} · ${wants(area)}` })),
    ];
    this.select.replaceChildren(
      ...options.map(({ key, told }) => Object.assign(document.createElement("option"), { value: key, textContent: told })),
    );
    this.select.value = this.chosen;
  }

  /** Choose one from outside. */
  choose(key) {
    this.chosen = key;
    if (this.select) this.select.value = key;
  }
}
