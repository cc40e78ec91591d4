/**
 * A base of vector tiles on canvas. Beyond the last zoom of the file its tiles are drawn larger, as sharp as before.
 */
import { layersOf } from "./mvt.js";
import { draw } from "./quiet.js";

const SIDE = 512;
const KEPT = 80;

/**
 * @param {string} address of a tile, with {z}, {x} and {y}
 * @param {{zooms: [number, number], bounds: any, language: string}} spec
 */
export function vectorLayer(address, spec) {
  const { L } = window;
  const tiles = new Map();
  const [low, high] = spec.zooms;

  /** Layers of a tile; nothing where there is none or it is damaged. */
  function fetched(z, x, y) {
    const key = `${z}/${x}/${y}`;
    if (!tiles.has(key)) {
      tiles.set(key, read(L.Util.template(address, { z, x, y })));
      if (tiles.size > KEPT) tiles.delete(tiles.keys().next().value);
    }
    return tiles.get(key);
  }

  const Layer = L.GridLayer.extend({
    createTile(coords, done) {
      const canvas = document.createElement("canvas");
      const ratio = Math.min(2, window.devicePixelRatio || 1);
      canvas.width = canvas.height = SIDE * ratio;
      // a picture of 512 pixels shows a tile of the zoom before
      const zoom = coords.z - 1;
      const up = Math.max(0, zoom - high);
      const [x, y] = [coords.x >> up, coords.y >> up];
      fetched(zoom - up, x, y).then((layers) => {
        const pen = canvas.getContext("2d");
        pen.scale(ratio, ratio);
        const scale = 2 ** up;
        const cut = { left: (coords.x - x * scale) * SIDE, top: (coords.y - y * scale) * SIDE };
        draw(pen, layers, { size: SIDE, scale, ...cut, zoom: coords.z, language: spec.language });
        done(null, canvas);
      }, done);
      return canvas;
    },
  });
  return new Layer({ tileSize: SIDE, minZoom: low + 1, maxZoom: 22, bounds: spec.bounds ?? undefined, updateWhenIdle: true });
}

async function read(address) {
  try {
    const answer = await fetch(new URL(address, window.location.origin));
    return answer.status === 200 ? layersOf(await answer.arrayBuffer()) : [];
  } catch {
    return []; // a base that is damaged or away leaves the parcels as they are
  }
}
