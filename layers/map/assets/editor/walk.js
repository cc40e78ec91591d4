/**
 * Hands off the mouse: arrows go from parcel to parcel, or move a cross with which points are put.
 */
import { element } from "../dom.js";
import { toUnit } from "../geometry.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** How far the cross goes at once [px]; with Ctrl it goes by single pixels. */
const STRIDE = 12;
/** The cross stays so far from the edge of the map [px]. */
const RIM = 24;
/** Sides of the square in which the next parcel is looked for [px]. */
const REACHES = [120, 400, 1600];

export class Walk {
  /** @param {import("./editor.js").Editor} editor */
  constructor(editor) {
    this.editor = editor;
    this.slot = -1;
    /** @type {{x: number, y: number} | null} */
    this.at = null;
    this.mark = null;
    const { core } = editor;
    core.map.getContainer().addEventListener("pointermove", (event) => this.hide(event), true);
    core.on("tool", () => this.hide(null));
  }

  /** @returns {boolean} whether the key was used */
  key(event) {
    const { tool } = this.editor.core.tools;
    if (tool.walks) return this.walk(event, tool);
    return tool.aims ? this.aim(event, tool) : false;
  }

  walk(event, tool) {
    const { core } = this.editor;
    const way = ARROWS[event.key];
    if (way) this.go(this.next(way));
    else if ((event.key === "Enter" || event.key === " ") && this.slot >= 0) {
      if (tool.pick) tool.pick(this.slot);
      else tool.click?.(this.spot(core.map.latLngToContainerPoint(core.geometry.anchor(this.slot)), event));
    } else return false;
    return true;
  }

  go(slot) {
    const { core } = this.editor;
    if (slot < 0) return;
    this.slot = slot;
    const anchor = core.geometry.anchor(slot);
    if (!core.map.getBounds().pad(-0.05).contains(anchor)) core.map.panTo(anchor, { animate: false });
    core.hover.turn(slot);
    core.hover.tip.setLatLng(anchor).addTo(core.map);
    this.editor.status.announce(core.names.labels[slot]);
  }

  /** The nearest parcel in a direction, straight ahead before aside. */
  next([right, down]) {
    const { core } = this.editor;
    const { map, geometry } = core;
    const known = geometry.there(this.slot) ? this.slot : [...core.selection][0];
    const from = known === undefined ? map.getSize().divideBy(2) : map.latLngToContainerPoint(geometry.anchor(known));
    for (const reach of REACHES) {
      const corners = [map.containerPointToLatLng([from.x - reach, from.y - reach]), map.containerPointToLatLng([from.x + reach, from.y + reach])];
      const [[west, north], [east, south]] = corners.map(({ lat, lng }) => geometry.local(...toUnit(lng, lat)));
      let [best, least] = [-1, Infinity];
      for (const slot of geometry.inBox([west, north, east, south])) {
        if (slot === known || !geometry.there(slot)) continue;
        const to = map.latLngToContainerPoint(geometry.anchor(slot));
        const ahead = (to.x - from.x) * right + (to.y - from.y) * down;
        const aside = Math.abs((to.x - from.x) * down) + Math.abs((to.y - from.y) * right);
        if (ahead <= 1 || aside > 2 * ahead || ahead + 2 * aside >= least) continue;
        [best, least] = [slot, ahead + 2 * aside];
      }
      if (best >= 0) return best;
    }
    return -1;
  }

  aim(event, tool) {
    const { map } = this.editor.core;
    const way = ARROWS[event.key];
    if (way) {
      const stride = event.ctrlKey ? 1 : STRIDE;
      const from = this.at ?? map.getSize().divideBy(2);
      this.at = this.kept({ x: from.x + way[0] * stride, y: from.y + way[1] * stride });
      this.show();
      tool.move?.(this.spot(this.at, event));
    } else if (this.at && (event.key === " " || (event.key === "Enter" && tool.tap))) {
      const spot = this.spot(this.at, event);
      if (tool.tap) tool.tap(spot);
      else tool.click(spot);
    } else return false;
    return true;
  }

  /** A place of the cross, brought into the view where it would leave it. */
  kept({ x, y }) {
    const { map } = this.editor.core;
    const size = map.getSize();
    const over = (at, most) => Math.min(0, at - RIM) + Math.max(0, at - most + RIM);
    const [right, down] = [over(x, size.x), over(y, size.y)];
    if (right || down) map.panBy([right, down], { animate: false });
    return { x: x - right, y: y - down };
  }

  /** What is under the cross, null where there is none. */
  under(event) {
    return this.at && this.spot(this.at, event);
  }

  spot(point, event) {
    const { core } = this.editor;
    return core.tools.spot({ latlng: core.map.containerPointToLatLng([point.x, point.y]), originalEvent: event });
  }

  show() {
    if (!this.mark) {
      this.mark = element("div", "cz-cross");
      this.editor.core.map.getContainer().append(this.mark);
    }
    this.mark.style.left = `${this.at.x}px`;
    this.mark.style.top = `${this.at.y}px`;
  }

  hide(event) {
    if (event && !event.movementX && !event.movementY) return;
    this.mark?.remove();
    this.mark = null;
    this.at = null;
  }
}
