/**
 * Measuring length and area, in the plane of the working CRS and on the ellipsoid. The server measures: it knows both.
 */
import { square } from "./attempts.js";
import { copied } from "./clipboard.js";
import { path } from "./path.js";

/** @param {import("./editor.js").Editor} editor */
export function measure(editor) {
  const { options, words } = editor;
  let text = "";
  let asked = 0;

  const told = (line, ring) => {
    const both = (planar, ellipsoidal) => `${words.planar} ${planar} · ${words.ellipsoidal} ${ellipsoidal}`;
    const lines = [`${words.length} ${both(metres(line.length_planar_m), metres(line.length_ellipsoidal_m))}`];
    if (ring) lines.push(`${words.area} ${both(square(ring.area_planar_m2), square(ring.area_ellipsoidal_m2))}`);
    return lines.join("\n");
  };
  const ask = async (found) => {
    asked += 1;
    const mine = asked;
    text = "";
    if (found.length < 2) return;
    const points = found.map(({ ref }) => ref);
    const [line, ring] = await Promise.all([
      editor.ask("measure", { points }),
      points.length > 2 ? editor.ask("measure", { points, closed: true }) : null,
    ]);
    if (mine !== asked || !line) return;
    text = told(line, ring);
    options.say(text);
  };
  const tool = path(editor, {
    name: "measure",
    closed: false,
    fields: () => [options.button("copy", async () => text && options.say(`${text}\n${await copied(editor, text)}`))],
    grown: ask,
    done(points) {
      ask(points); // what was drawn stays on the map until the next is begun
      editor.draft.keep("measured");
    },
  });
  const { click, leave } = tool;
  return Object.assign(tool, {
    click(spot) {
      editor.draft.drop("measured");
      click(spot);
    },
    leave() {
      editor.draft.drop("measured");
      leave();
    },
  });
}

function metres(length) {
  return `${Number(length).toLocaleString("en-US", { maximumFractionDigits: 2 })} m`;
}
