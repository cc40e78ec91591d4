/**
 * The map in a file of its own, without a server: data and scripts stand in the page, compressed, as text of base64.
 */
import { decode } from "./blob.js";
import { Core } from "./core.js";
import { stateOf } from "./wire.js";

/** @param {any} map the Leaflet map that folium made */
export function start(map) {
  map.getContainer().classList.add("cz-map");
  const core = new Core(map, { say: () => {}, reload: () => {} });
  core.coming = contents();
  core.amount = async (slot) => {
    const [amount] = (await amounts).subarray(slot, slot + 1);
    return Number.isNaN(amount) ? null : amount;
  };
  const amounts = unpacked("available").then((buffer) => new Float32Array(buffer));
  window.chengzai = core;
  const none = { outlines: "", names: "", state: "", context: "", parcel: "", bases: "", acts: "", feed: "", ask: "" };
  return core.receive({ ...none, epoch: "saved", revision: 0, memory: "chengzai-saved", selected: -1, fly: 0 });
}

async function contents() {
  const [made, classes, names, context] = await Promise.all(["outlines", "state", "names", "context"].map(unpacked));
  const text = new TextDecoder();
  return {
    outlines: decode(made),
    state: stateOf(classes),
    names: JSON.parse(text.decode(names)),
    context: JSON.parse(text.decode(context)),
  };
}

/** What an element of the page carries. */
async function unpacked(name) {
  const packed = document.getElementById(`chengzai-${name}`).textContent;
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}
