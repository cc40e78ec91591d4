/**
 * What stands on the map around the parcels: controls, legend, and a line that says what became of the last act.
 */
import { Bases } from "./bases.js";
import { control, element } from "./dom.js";
import { foot } from "./grid.js";
import { limitLegend } from "./limits.js";
import { Panel } from "./panel.js";
import { Strip } from "./strip.js";

const MANY_ZONES = 7;
const SAID_FOR = 4000;

/** @param {import("./core.js").Core} core */
export function furnish(core) {
  const { L } = window;
  const { map, words } = core;
  L.control.zoom({ position: "topleft", zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
  const home = element("button", "cz-home", "◎");
  home.title = words.whole;
  home.setAttribute("aria-label", words.whole);
  home.addEventListener("click", () => core.fit(core.context.bounds));
  const bar = element("div", "leaflet-bar cz-bar");
  bar.append(home);
  control("topleft", bar).addTo(map);
  shortcuts(core);
  foot(map, words);
  const panel = new Panel(words, core.memory, {
    restyle: (key) => core.turn(key),
    show: (name, on) => core.show(name, on),
  }, core.context.limits.length ? limitLegend(core.context.limits) : null);
  core.bases = new Bases(map, core.latest.memory, () => core.ready && core.label());
  panel.body.append(core.under.body, core.bases.body);
  panel.addTo(map);
  return new Furniture(core, panel);
}

/** One button a zone, which brings it into view. */
function shortcuts(core) {
  const { L } = window;
  const { map, context } = core;
  const row = element("div", "cz-zones");
  for (const zone of context.zones) {
    const button = element("button", "", zone.name);
    button.addEventListener("click", () => core.fit(L.latLngBounds(zone.rings.flat())));
    row.append(button);
  }
  L.DomEvent.disableClickPropagation(row);
  // with many zones a row of buttons would cover the map; the search box finds their parcels
  if (context.zones.length && context.zones.length <= MANY_ZONES) map.getContainer().append(row);
}

class Furniture {
  constructor(core, panel) {
    this.words = core.words;
    this.events = core.events;
    this.panel = panel;
    this.strip = new Strip();
    this.line = element("div", "cz-said");
    this.line.setAttribute("role", "status");
    this.here = element("div", "cz-people");
    core.map.getContainer().append(this.strip.body, this.line, this.here);
    this.timer = 0;
  }

  /** Acts that are on their way; broken: the server does not answer. */
  waiting(count, broken) {
    this.events.emit("waiting", { count, broken });
    if (broken) this.tell("cz-refused", this.words.no_answer.replace("{count}", String(count)));
    else if (count) this.tell("", this.words.saving);
  }

  /** @param {import("./outbox.js").Result[]} results */
  answered(results) {
    const refused = results.filter((one) => one.status !== "ok" && one.status !== "duplicate");
    const last = refused[refused.length - 1];
    if (last) this.tell("cz-refused", [last.message, last.cure].filter(Boolean).join(" · "));
    else {
      this.tell("cz-saved", this.words.saved);
      this.timer = setTimeout(() => this.tell("", ""), SAID_FOR);
    }
  }

  tell(css, text) {
    clearTimeout(this.timer);
    this.line.className = `cz-said ${css}`;
    this.line.textContent = text;
  }

  /** @param {import("./feed.js").Person[]} people others who look at the same branch */
  people(people) {
    const named = people.map((one) => (one.own ? this.words.own_window : one.name));
    const text = named.join(this.words.list);
    if (text === this.shown) return;
    this.shown = text;
    this.events.emit("people", { names: named });
    this.here.replaceChildren(...named.map((name) => element("span", "cz-person", name)));
    this.here.title = text ? this.words.also_here.replace("{names}", text) : "";
  }
}
