/**
 * The map of the product. Python sends one small message a run; all data comes over signed addresses.
 *
 * The script that folium writes never changes, so the frame is never mounted again: a change of the workspace
 * arrives as a new address of `state`, and only the colours of the parcels are painted again.
 */
import { clearOf, contextLayers, declutter, nameAt, sizeStations } from "./context.js";
import { element, control } from "./dom.js";
import { Geometry, toUnit } from "./geometry.js";
import { foot, graticule } from "./grid.js";
import { Panel } from "./panel.js";
import { parcelLayer } from "./parcels.js";

/**
 * @typedef {object} Message
 * @property {string} geometry address of the outlines
 * @property {string} context address of zones, parks, stations and backdrop
 * @property {string} state address of the styles at one revision
 * @property {string} memory key under which the view is kept
 * @property {number} selected row of the selected parcel, −1 for none
 * @property {number} fly counts wishes to bring the selected parcel into view
 */

const PANES = { grid: 250, backdrop: 300, ground: 310, parcels: 350, outlines: 420, marked: 450, names: 620 };
/** Width that the panel takes from the map [px]. */
const PANEL = 200;
const NUMBERS_FROM = 16;
const MOST_NUMBERS = 160;
const MANY_ZONES = 7;

/** @param {any} map the Leaflet map that folium made */
export function start(map) {
  const view = new CapacityMap(map);
  window.chengzai = view;
  if (window.chengzaiMessage) view.receive(window.chengzaiMessage);
}

class CapacityMap {
  constructor(map) {
    const { L } = window;
    this.map = map;
    this.clicks = 0;
    this.session = Math.random().toString(36).slice(2);
    this.latest = null;
    this.ready = false;
    this.flown = 0;
    for (const [name, order] of Object.entries(PANES)) {
      const pane = map.createPane(name);
      pane.style.zIndex = String(order);
      if (name !== "parcels") pane.style.pointerEvents = "none";
    }
    this.marks = L.layerGroup().addTo(map);
    this.hover = L.layerGroup().addTo(map);
    this.numbers = L.layerGroup().addTo(map);
    this.tip = L.tooltip({ sticky: true, direction: "top", offset: [0, -8], className: "cz-tip" });
  }

  /** @param {Message} message */
  async receive(message) {
    const before = this.latest;
    this.latest = message;
    if (before && (before.geometry !== message.geometry || before.context !== message.context)) {
      window.location.reload(); // other outlines or another language: begin anew, with the view that is kept
      return;
    }
    if (!this.ready) {
      if (!this.loading) this.loading = this.load(message);
      await this.loading;
    } else if (before?.state !== message.state) {
      await this.restyle(message);
    }
    if (message === this.latest) this.mark(message);
  }

  async load(message) {
    const [geometry, context, state] = await Promise.all([message.geometry, message.context, message.state].map(fetched));
    this.geometry = new Geometry(geometry);
    this.words = context.words;
    this.context = context;
    this.memory = { mode: "land_use", hidden: [], view: null, ...remembered(message.memory) };
    this.settle();
    this.layers = { ...contextLayers(context), grid: graticule(this.map) };
    this.parcels = parcelLayer(this.geometry).addTo(this.map);
    for (const [name, layer] of Object.entries(this.layers)) {
      if (!this.memory.hidden.includes(name)) layer.addTo(this.map);
    }
    this.furnish();
    this.take(state);
    this.listen();
    this.ready = true;
    this.label();
    if (this.latest.state !== message.state) await this.restyle(this.latest);
  }

  async restyle(message) {
    const state = await fetched(message.state);
    if (message.state === this.latest.state) this.take(state);
  }

  take(state) {
    this.state = state;
    this.paint(this.memory.mode);
    this.revision = state.revision;
  }

  paint(key) {
    const mode = this.state.modes.find((one) => one.key === key) ?? this.state.modes[0];
    this.memory.mode = mode.key;
    this.parcels.restyle(mode);
    this.panel.show(this.state.modes, mode.key, this.geometry.schematic.includes(1));
    this.remember();
  }

  /** Controls; their texts come from the context, which knows the language. */
  furnish() {
    const { L } = window;
    const { map, words } = this;
    L.control.zoom({ position: "topleft", zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
    const home = element("button", "cz-home", "◎");
    home.title = words.whole;
    home.setAttribute("aria-label", words.whole);
    home.addEventListener("click", () => this.fit(this.context.bounds));
    const bar = element("div", "leaflet-bar cz-bar");
    bar.append(home);
    control("topleft", bar).addTo(map);
    this.shortcuts();
    foot(map, words);
    this.panel = new Panel(words, this.memory, {
      restyle: (key) => this.paint(key),
      show: (name, on) => this.show(name, on),
    });
    this.panel.addTo(map);
  }

  /** One button a zone, which brings it into view. */
  shortcuts() {
    const { L } = window;
    const row = element("div", "cz-zones");
    for (const zone of this.context.zones) {
      const button = element("button", "", zone.name);
      button.addEventListener("click", () => this.fit(L.latLngBounds(zone.rings.flat())));
      row.append(button);
    }
    L.DomEvent.disableClickPropagation(row);
    // with many zones a row of buttons would cover the map; the search box finds their parcels
    if (this.context.zones.length && this.context.zones.length <= MANY_ZONES) this.map.getContainer().append(row);
  }

  /** Bring bounds into view beside the panel, not under it. */
  fit(bounds, options = {}) {
    const aside = this.map.getSize().x > 560 ? PANEL : 18;
    this.map.fitBounds(bounds, { paddingTopLeft: [46, 46], paddingBottomRight: [aside, 34], ...options });
  }

  show(name, on) {
    if (on) this.layers[name].addTo(this.map);
    else this.layers[name].remove();
    this.memory.hidden = this.memory.hidden.filter((one) => one !== name).concat(on ? [] : [name]);
    this.remember();
    this.label();
  }

  /** The view that the viewer left, else everything; the frame may still be growing to its height. */
  settle() {
    const { map } = this;
    const place = () => {
      this.placing = true;
      map.invalidateSize({ animate: false, pan: false });
      const kept = this.memory.view;
      if (kept) map.setView(kept.centre, kept.zoom, { animate: false });
      else if (this.context.bounds) this.fit(this.context.bounds, { animate: false });
      this.placing = false;
    };
    place();
    new ResizeObserver(place).observe(map.getContainer());
  }

  listen() {
    const { map } = this;
    map.on("click", (event) => this.click(event.latlng));
    map.on("mousemove", (event) => this.over(event.latlng));
    map.on("mouseout", () => this.over(null));
    map.on("moveend zoomend resize", () => {
      if (!this.placing) {
        const centre = map.getCenter();
        this.memory.view = { centre: [centre.lat, centre.lng], zoom: map.getZoom() };
        this.remember();
      }
      this.label();
    });
  }

  at(latlng) {
    return this.geometry.at(...toUnit(latlng.lng, latlng.lat));
  }

  click(latlng) {
    const row = this.at(latlng);
    this.clicks += 1;
    this.outline(row);
    window.Streamlit.setComponentValue({
      kind: "select",
      tag: this.geometry.tag,
      row,
      nonce: `${this.session}-${this.clicks}`,
    });
  }

  over(latlng) {
    const row = latlng ? this.at(latlng) : -1;
    if (row !== this.hovered) {
      this.hovered = row;
      this.hover.clearLayers();
      if (row >= 0) this.hover.addLayer(this.ring(row, { color: "#1e2a32", weight: 1.6 }));
      this.map.getContainer().style.cursor = row >= 0 ? "pointer" : "";
      if (row >= 0) this.tip.setContent(this.tipOf(row));
    }
    if (row >= 0) this.tip.setLatLng(latlng).addTo(this.map);
    else this.tip.remove();
  }

  tipOf(row) {
    const use = this.state.modes.find((mode) => mode.key === "land_use");
    const left = this.state.available[row];
    const tip = element("div");
    tip.append(element("strong", "", this.geometry.labels[row]));
    if (use) tip.append(element("div", "", use.classes[use.of[row]]?.label ?? ""));
    const text = left === null ? this.words.unknown : `${left.toLocaleString("en-US")} m²`;
    tip.append(element("div", "", `${this.words.available} ${text}`));
    if (this.geometry.schematic[row]) tip.append(element("div", "cz-faint", this.words.schematic));
    return tip;
  }

  /** @param {Message} message */
  mark(message) {
    this.outline(message.selected);
    if (message.selected >= 0 && message.fly > this.flown) {
      this.flown = message.fly;
      const box = window.L.latLngBounds(this.geometry.bounds(message.selected));
      const inside = this.map.getBounds().pad(-0.05).contains(box);
      if (!inside || this.map.getZoom() < 14) {
        this.map.setView(box.getCenter(), Math.max(15, this.map.getZoom()), { animate: false });
      }
    }
  }

  outline(row) {
    this.marks.clearLayers();
    if (row < 0 || row >= this.geometry.count) return;
    this.marks.addLayer(this.ring(row, { color: "#ffffff", weight: 7, opacity: 0.95 }));
    this.marks.addLayer(this.ring(row, { color: "#0b3d4a", weight: 3 }));
  }

  ring(row, style) {
    const rings = this.geometry.latLngs(row);
    return window.L.polygon(rings, { fill: false, interactive: false, pane: "marked", lineJoin: "round", ...style });
  }

  /** Names that fit at this zoom, and parcel numbers where there is room for them. */
  label() {
    const zoom = this.map.getZoom();
    const frame = this.map.getContainer();
    frame.dataset.scale = zoom >= 15 ? "near" : zoom >= 13 ? "middle" : "far";
    sizeStations(this.layers.stations, zoom);
    this.numbers.clearLayers();
    if (zoom >= NUMBERS_FROM) {
      const box = this.map.getBounds();
      const [west, north] = toUnit(box.getWest(), box.getNorth());
      const [east, south] = toUnit(box.getEast(), box.getSouth());
      for (const row of this.geometry.inBox(west, north, east, south).slice(0, MOST_NUMBERS)) {
        this.numbers.addLayer(nameAt(this.geometry.anchor(row), this.geometry.labels[row], "cz-name cz-number", 0));
      }
    }
    const controls = frame.querySelectorAll(".leaflet-control, .cz-zones");
    const taken = [...controls].map((one) => one.getBoundingClientRect());
    declutter(this.map.getPane("names"), taken);
    clearOf(this.map.getPane("grid"), ".cz-degree", taken);
  }

  remember() {
    try {
      sessionStorage.setItem(this.latest.memory, JSON.stringify(this.memory));
    } catch {
      // A browser that keeps nothing forgets the view; the map works all the same.
    }
  }

  /** Where a parcel is on the screen of the frame [px]; for tests and for keyboard focus later. */
  pixel(row) {
    const point = this.map.latLngToContainerPoint(this.geometry.anchor(row));
    return [point.x, point.y];
  }
}

function remembered(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "{}");
  } catch {
    return {};
  }
}

/** @param {string} address */
async function fetched(address) {
  const answer = await fetch(new URL(address, window.location.origin));
  if (!answer.ok) throw new Error(`map data: ${answer.status}`);
  return answer.json();
}
