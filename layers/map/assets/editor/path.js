/**
 * A tool that takes points one after the other: clicks put them, Backspace takes the last back, Enter or a double
 * click ends, Esc drops all. Shift keeps to eighths of a turn, Alt catches nothing. Without a mouse, points are put with
 * the cross of `walk.js`, or typed.
 *
 * @typedef {import("./snap.js").Caught} Caught
 *
 * @typedef {object} Line what a line is drawn for
 * @property {string} name of the tool
 * @property {boolean} closed whether it is a ring
 * @property {boolean} [asks] whether a double click waits for Enter, with what would come of it in sight
 * @property {() => HTMLElement[]} [fields] what the bar offers
 * @property {(points: Caught[]) => void} done
 * @property {(points: Caught[]) => void} [grown] points came or went
 */
import { caught, named, squared } from "./snap.js";

/** Two clicks nearer than this [px] are one place. */
const NEAR = 6;

/**
 * @param {import("./editor.js").Editor} editor
 * @param {Line} line
 * @returns {import("../tools.js").Tool & {points: Caught[], redraw: (next?: Caught) => void, grown: () => void, finish: () => void}}
 */
export function path(editor, line) {
  const { core, draft, options } = editor;
  const least = line.closed ? 3 : 2;
  let ended = false;

  const place = (spot) => {
    const last = tool.points[tool.points.length - 1];
    return spot.shift && last ? squared(core, last, spot) : caught(core, spot);
  };
  const away = (at) => !ended && !(tool.points.length && close(core, tool.points[tool.points.length - 1], at));
  const put = (at) => {
    tool.points.push(at);
    grown();
  };
  const typed = () =>
    options.place(async (text) => {
      const last = tool.points[tool.points.length - 1];
      const found = await editor.ask("place", { text, ...(last && { after: last.ref }) });
      if (!found || core.tools.tool !== tool) return false;
      const at = named(core, found);
      if (!core.map.getBounds().contains(at.latlng)) core.map.panTo(at.latlng, { animate: false });
      put(at);
      return true;
    });
  const grown = () => {
    ended = false;
    tool.redraw();
    line.grown?.(tool.points);
  };
  const tool = {
    name: line.name,
    cursor: "crosshair",
    aims: true,
    /** @type {Caught[]} */
    points: [],
    enter() {
      core.map.doubleClickZoom.disable();
      options.show(line.name, [...(line.fields?.() ?? []), typed(), options.button("finish", tool.finish), options.button("cancel", tool.drop)]);
    },
    leave() {
      core.map.doubleClickZoom.enable();
      tool.points = [];
      draft.clear();
    },
    click(spot) {
      if (ended) return;
      const at = place(spot);
      if (!away(at)) return;
      if (line.closed && tool.points.length >= least && close(core, tool.points[0], at)) return void tool.finish();
      put(at);
    },
    double() {
      if (!line.asks) tool.finish();
      else if (tool.points.length >= least) {
        ended = true;
        tool.redraw();
      }
    },
    move(spot) {
      if (ended || !spot) return;
      const at = place(spot);
      tool.redraw(at);
      draft.catch(at);
    },
    key(event) {
      const cross = event.key === "Enter" && editor.walk.under(event);
      if (cross && away(place(cross))) {
        tool.click(cross);
        return true;
      }
      const act = { Enter: tool.finish, Escape: tool.drop, Backspace: tool.back }[event.key];
      if (!act || !tool.points.length) return false;
      act();
      return true;
    },
    holds: () => tool.points.map(({ slot }) => slot),
    back() {
      tool.points.pop();
      grown();
    },
    drop() {
      tool.points = [];
      grown();
      options.hint(line.name);
    },
    grown,
    finish() {
      if (tool.points.length < least) return;
      if (tool.points.some(({ slot }) => editor.busy(slot))) return void options.say(core.words.saving, "cz-warned");
      const { points } = tool;
      tool.points = [];
      ended = false;
      line.done(points);
    },
    redraw(next = null) {
      draft.layer.clearLayers();
      const points = [...tool.points, ...(next && !ended ? [next] : [])].map((one) => one.latlng);
      if (line.closed && points.length > 2) draft.area([points]);
      else if (points.length > 1) draft.line(points);
      for (const one of tool.points) draft.dot(one.latlng, 3.5);
      tool.over?.();
    },
    /** @type {(() => void) | null} draws what would come of it, over the line */
    over: null,
  };
  return tool;
}

function close({ map }, one, other) {
  const [a, b] = [one, other].map(({ latlng }) => map.latLngToContainerPoint(latlng));
  return Math.hypot(a.x - b.x, a.y - b.y) < NEAR;
}
