/**
 * The map of the product: parcels on canvas tiles over typed arrays, what lies around them, and acts that are painted
 * at once and then answered by the server. It knows no host: `main.js` puts it into folium, `component.js` into a page.
 *
 * @typedef {object} Message what the page says on each of its runs
 * @property {string} outlines addresses of data
 * @property {string} names
 * @property {string} state
 * @property {string} context
 * @property {string} parcel
 * @property {string} bases
 * @property {string} acts addresses to which acts go, and where changes by others are asked for; may be empty
 * @property {string} feed
 * @property {string} ask address of questions
 * @property {string} epoch board that slots belong to
 * @property {number} revision that the page shows
 * @property {string} memory key under which the view is kept
 * @property {number} selected slot of the selected parcel, −1 for none
 * @property {number} fly counts wishes to bring the selected parcel into view
 * @property {string} [mode] what parcels are coloured by as long as the page says so
 * @property {string} [grades] grades of suitability, or classes of the mode that the page wants, for this viewer: a byte for each slot, in base64
 * @property {string} [labels] what these grades are called, a line each
 * @property {string} [note] what the legend says of them
 * @property {string} [under] address of quiet layers under the parcels
 * @property {string} [wanted] names of those that are shown, with commas
 *
 * @typedef {object} Host
 * @property {(said: object) => void} say tells the page something
 * @property {() => void} reload begins anew, with the view that is kept
 */
import { clearOf, contextLayers, declutter, sizeStations } from "./context.js";
import { Events } from "./events.js";
import { Feed } from "./feed.js";
import { furnish } from "./furniture.js";
import { Geometry } from "./geometry.js";
import { graticule } from "./grid.js";
import { Hover, amountOf } from "./hover.js";
import { Looks, OWN, SELECTED } from "./looks.js";
import { Memory } from "./memory.js";
import { Names, number } from "./names.js";
import { Outbox } from "./outbox.js";
import { parcelLayer } from "./parcels.js";
import { Tools, pick } from "./tools.js";
import { Under } from "./under.js";
import * as wire from "./wire.js";

const PANES = { grid: 250, backdrop: 300, ground: 310, parcels: 350, limits: 400, outlines: 420, marked: 450, names: 620 };
/** Width that the panel takes from the map [px]. */
const PANEL = 200;
/** Width that the tools take [px]. */
const TOOLS = 110;

export class Core {
  /**
   * @param {any} map a Leaflet map
   * @param {Host} host
   */
  constructor(map, host) {
    const { L } = window;
    this.map = map;
    this.host = host;
    this.session = Math.random().toString(36).slice(2);
    this.said = 0;
    /** @type {Message | null} */
    this.latest = null;
    this.ready = false;
    this.labelling = false;
    /** What is on its way already when the map begins. */
    this.coming = null;
    /** What is in view first, where the page wants something else than everything. */
    this.frame = null;
    /** Whether it was taken off the page, perhaps before all was loaded. */
    this.gone = false;
    this.flown = 0;
    /** @type {import("./editor/editor.js").Editor | null} */
    this.editor = null;
    this.revision = 0;
    /** @type {Set<number>} */
    this.selection = new Set();
    this.events = new Events();
    for (const [name, order] of Object.entries(PANES)) {
      const pane = map.createPane(name);
      pane.style.zIndex = String(order);
      if (name !== "parcels") pane.style.pointerEvents = "none";
    }
    this.preview = L.layerGroup().addTo(map);
    this.numbers = L.layerGroup().addTo(map);
  }

  /** @param {Message} message */
  async receive(message) {
    const before = this.latest;
    this.latest = message;
    if (before && (this.stale || before.epoch !== message.epoch || !sameContext(before, message))) {
      this.host.reload(); // another board or another language, or more news than a patch can bring
      return;
    }
    if (!this.loading) this.loading = this.load(message);
    await this.loading;
    if (this.gone || message !== this.latest) return;
    if (message.revision > this.revision) this.feed?.now();
    if (before && before.bases !== message.bases) this.bases.load(message.bases);
    this.mark(message);
    this.grade(message);
    await this.under.want(message.under ?? "", (message.wanted ?? "").split(",").filter(Boolean), message.revision);
  }

  /** Colour as the page wants, with the grades that it gives. */
  grade({ mode = "", grades = "", labels = "", note = "" }) {
    const key = OWN.includes(mode) ? mode : "suitability";
    const said = JSON.stringify([grades, labels, note]);
    const turned = mode !== (this.wanted ?? "");
    const graded = said !== (this.grades ?? '["","",""]');
    if (graded || turned) {
      const bytes = grades ? Uint8Array.from(atob(grades), (letter) => letter.charCodeAt(0)) : null;
      for (const other of [...OWN, "suitability"]) if (other !== key) this.looks.own(other, null, "");
      this.looks.own(key, bytes, note || (key === "suitability" ? this.words.rated_here : ""), labels ? labels.split("\n") : []);
    }
    this.wanted = mode;
    this.grades = said;
    if (turned) this.looks.turn(mode || this.memory.mode);
    if (turned || (graded && this.looks.mode.key === key)) {
      this.parcels.repaintAll();
      this.legend();
    }
  }

  async load(message) {
    try {
      const found = await (this.coming ?? wire.loaded(message));
      if (!this.gone) this.take(found);
    } catch (error) {
      if (!(error instanceof wire.Outdated)) throw error;
      this.outdated();
    }
  }

  /** Put everything that was loaded on the map. */
  take({ outlines, state, names, context }) {
    this.geometry = new Geometry(outlines);
    this.geometry.reach(state.count);
    this.looks = new Looks(state.modes, state.of, this.geometry.count);
    this.names = new Names(names);
    this.words = context.words;
    this.context = context;
    this.revision = Math.min(this.latest.revision, state.revision);
    this.memory = new Memory(this.latest.memory);
    this.tools = new Tools(this);
    this.hover = new Hover(this);
    this.settle();
    this.layers = { ...contextLayers(context), grid: graticule(this.map) };
    this.looks.turn(this.memory.mode);
    this.parcels = parcelLayer(this.geometry, this.looks).addTo(this.map);
    for (const [name, layer] of Object.entries(this.layers)) {
      if (!this.memory.hidden.includes(name)) layer.addTo(this.map);
    }
    this.under = new Under(this.map, () => this.outdated());
    this.furniture = furnish(this);
    this.tools.use(pick(this));
    this.listen();
    this.connect();
    this.ready = true;
    this.legend();
    this.label();
    if (this.latest.bases) this.bases.load(this.latest.bases);
    this.host.say({ kind: "ready" });
  }

  /** Follow what others do, and send what the viewer does. */
  connect() {
    if (this.latest.feed) {
      this.feed = new Feed(() => this.latest.feed, {
        seen: () => ({ epoch: this.latest.epoch, revision: this.revision, client: this.memory.client }),
        take: (answer) => this.heard(answer),
        outdated: () => this.outdated(),
      });
      this.feed.now();
    }
    if (!this.latest.acts) return;
    const page = {
      send: (acts) => wire.sent(this.latest.acts, { epoch: this.latest.epoch, revision: this.revision, acts }),
      paint: (op, { slots, look }) => {
        this.looks.expect(op, slots, look);
        this.parcels.repaint(slots);
      },
      settle: (answer, settled) => this.settled(answer, settled),
      waiting: (count, broken) => this.furniture.waiting(count, broken),
      outdated: () => this.outdated(),
    };
    this.outbox = new Outbox(page, window.sessionStorage, `${this.latest.memory}-acts`);
    this.outbox.resume();
  }

  /**
   * Do something to the workspace: painted now, saved soon. Over a base that is right for the eye only, nothing is done.
   *
   * @param {object} act kind and values; `layers/live/acts.py` says which there are
   * @param {import("./outbox.js").Effect} effect
   * @returns {string} op, empty for none
   */
  act(act, effect) {
    if (this.bases.edits === "blocked") {
      this.furniture.tell("cz-refused", this.bases.base.note);
      return "";
    }
    return this.outbox.add({ seen: this.revision, ...act }, effect);
  }

  /**
   * Ask something that `layers/live/asking.py` answers.
   *
   * @param {string} kind
   * @param {object} [said]
   */
  ask(kind, said = {}) {
    return wire.sent(this.latest.ask, { ask: kind, ...said });
  }

  /** Hear what happens; `events.js` says what there is to hear. */
  on(name, listen) {
    return this.events.on(name, listen);
  }

  /** The server said what is new. */
  heard({ changes, people, figures, tops }) {
    if (changes) this.patch(changes);
    if (tops) this.events.emit("tops", tops);
    if (figures) this.furniture.strip.show(figures);
    this.furniture.people(people);
  }

  settled(answer, settled) {
    if (answer.changes) this.patch(answer.changes);
    if (answer.figures) this.furniture.strip.show(answer.figures);
    if (answer.tops) this.events.emit("tops", answer.tops);
    const slots = settled.flatMap(({ result }) => this.looks.settle(result.op));
    this.parcels.repaint(slots);
    this.furniture.answered(settled.map(({ result }) => result));
    this.host.say({ kind: "acted", revision: answer.revision, settled });
    this.events.emit("acted", { settled });
  }

  /** @param {import("./feed.js").Patch} patch */
  patch(patch) {
    if (patch.whole) {
      this.stale = true;
      return this.outdated();
    }
    if (patch.revision < this.revision) return undefined;
    this.revision = patch.revision;
    if (patch.state) this.restate();
    const before = [];
    if (patch.shaped?.length) {
      for (const slot of patch.shaped) if (slot < this.geometry.count) before.push(this.geometry.boxes.slice(4 * slot, 4 * slot + 4));
      this.geometry.patch(patch.shaped, wire.unpacked(patch.outlines));
    }
    this.geometry.reach(patch.count);
    this.looks.reach(this.geometry.count);
    for (const mode of patch.modes ?? []) Object.assign(this.looks.modes.find((one) => one.key === mode.key), mode);
    this.looks.patch(patch.slots, patch.of);
    if (patch.names) this.names.patch(patch.names);
    const touched = [...new Set([...patch.slots, ...(patch.shaped ?? [])])];
    this.parcels.repaint(touched, before.filter((box) => box[0] <= box[2]));
    this.hover.turn(this.hover.slot);
    if (touched.length) this.legend();
    if (patch.names || patch.shaped) this.label();
    const left = [...this.selection].filter((slot) => this.geometry.there(slot));
    if (left.length < this.selection.size) this.select(left);
    this.host.say({ kind: "changed", revision: this.revision });
    this.events.emit("changed", { revision: this.revision, slots: touched, shaped: patch.shaped ?? [] });
    return undefined;
  }

  /** Load all classes again: too many changed for a patch. */
  async restate() {
    const { modes, of, count } = await wire.state(this.latest.state);
    this.geometry.reach(count);
    this.looks.replace(modes, of, this.geometry.count);
    this.parcels.repaintAll();
    this.legend();
  }

  /** The server does not know our slots any more: the page gives new addresses, and the map begins anew. */
  outdated() {
    this.say({ kind: "outdated" });
  }

  /** Say something that the page hears once. */
  say(said) {
    this.said += 1;
    this.host.say({ ...said, nonce: `${this.session}-${this.said}` });
  }

  /** Colour by another mode. */
  turn(key) {
    this.looks.turn(key);
    this.memory.keep({ mode: this.looks.mode.key });
    this.parcels.repaintAll();
    this.legend();
  }

  legend() {
    const counts = this.looks.counts((slot) => this.geometry.there(slot));
    const mode = { ...this.looks.mode, note: this.looks.note, classes: this.looks.called(this.looks.mode) };
    this.furniture.panel.show(this.looks.offered, mode, counts, this.geometry.flags.includes(1));
  }

  show(name, on) {
    if (on) this.layers[name].addTo(this.map);
    else this.layers[name].remove();
    this.memory.keep({ hidden: this.memory.hidden.filter((one) => one !== name).concat(on ? [] : [name]) });
    this.label();
  }

  /** Bring bounds into view beside the panel, not under it. */
  fit(bounds, options = {}) {
    const aside = this.map.getSize().x > 560 ? PANEL : 18;
    this.map.fitBounds(bounds, { paddingTopLeft: [this.editor ? TOOLS : 46, 46], paddingBottomRight: [aside, 34], ...options });
  }

  /** The view that the viewer left, else everything; the frame may still be growing to its height. */
  settle() {
    const { map } = this;
    const place = () => {
      this.placing = true;
      map.invalidateSize({ animate: false, pan: false });
      const kept = this.memory.view;
      if (kept) map.setView(kept.centre, kept.zoom, { animate: false });
      else if (this.frame ?? this.context.bounds) this.fit(this.frame ?? this.context.bounds, { animate: false });
      this.placing = false;
    };
    place();
    this.sizes = new ResizeObserver(place);
    this.sizes.observe(map.getContainer());
  }

  listen() {
    this.map.on("moveend zoomend resize", () => {
      if (!this.placing) {
        const centre = this.map.getCenter();
        this.memory.keep({ view: { centre: [centre.lat, centre.lng], zoom: this.map.getZoom() } });
      }
      this.relabel();
    });
  }

  /** Write names anew after the next frame, which has laid the page out: measuring them now would have to do it too. */
  relabel() {
    if (this.labelling) return;
    this.labelling = true;
    requestAnimationFrame(() =>
      setTimeout(() => {
        this.labelling = false;
        if (this.map.getPane("names")?.isConnected) this.label();
      }),
    );
  }

  /** The viewer chose a parcel, −1 for none. */
  choose(slot) {
    this.select(slot < 0 ? [] : [slot]);
    this.say({ kind: "select", key: slot < 0 ? null : this.names.keys[slot] });
  }

  /**
   * Mark parcels as selected, and no others.
   *
   * @param {Iterable<number>} slots
   */
  select(slots) {
    const wanted = new Set(slots);
    const turned = [...this.selection].filter((slot) => !wanted.has(slot));
    for (const slot of turned) this.looks.marks[slot] &= ~SELECTED;
    for (const slot of wanted) {
      if (!this.selection.has(slot)) turned.push(slot);
      this.looks.marks[slot] |= SELECTED;
    }
    this.selection = wanted;
    this.parcels.repaint(turned);
    const list = [...wanted];
    this.events.emit("selection", { slots: list, keys: list.map((slot) => this.names.keys[slot]) });
  }

  /** @param {Message} message */
  mark(message) {
    if (message.selected !== this.marked) this.select(message.selected >= 0 ? [message.selected] : []);
    this.marked = message.selected;
    if (message.selected >= 0 && message.fly > this.flown) {
      this.flown = message.fly;
      this.fly(message.selected);
    }
  }

  /** Bring a parcel into view if it is not. */
  fly(slot) {
    const box = window.L.latLngBounds(this.geometry.bounds(slot));
    const inside = this.map.getBounds().pad(-0.05).contains(box);
    if (!inside || this.map.getZoom() < 14) {
      this.map.setView(box.getCenter(), Math.max(15, this.map.getZoom()), { animate: false });
    }
  }

  /** Names that fit at this zoom, and parcel numbers where there is room for them. */
  label() {
    if (this.gone) return;
    const zoom = this.map.getZoom();
    const frame = this.map.getContainer();
    frame.dataset.scale = zoom >= 15 ? "near" : zoom >= 13 ? "middle" : "far";
    sizeStations(this.layers.stations, zoom);
    number(this.map, this.numbers, this.geometry, this.names);
    const controls = frame.querySelectorAll(".leaflet-control, .cz-zones");
    const taken = [...controls].map((one) => one.getBoundingClientRect());
    declutter(this.map.getPane("names"), taken);
    clearOf(this.map.getPane("grid"), ".cz-degree", taken);
  }

  /** What a parcel can still give [m²], null where that is unknown. */
  amount(slot) {
    return amountOf(this.latest.parcel, this.names.keys[slot]);
  }

  /** The map is taken off the page. */
  leave() {
    this.gone = true;
    this.feed?.stop();
    this.outbox?.stop();
    this.sizes?.disconnect();
    this.map.stop();
    this.map.remove();
  }

  /** Where a parcel is on the screen of the frame [px]; for tests and for keyboard focus later. */
  pixel(slot) {
    const point = this.map.latLngToContainerPoint(this.geometry.anchor(slot));
    return [point.x, point.y];
  }

  /** Slot of the parcel with a label, −1 for none. */
  labelled(label) {
    return this.names.labels.indexOf(label);
  }
}

/** Addresses are renewed every few hours; what they name is the same as long as tag and language are. */
function sameContext(one, other) {
  const [a, b] = [one, other].map(({ context }) => new URLSearchParams(context.split("?")[1]));
  return a.get("of") === b.get("of") && a.get("language") === b.get("language");
}
