/**
 * The map inside folium's frame. The script that folium writes never changes, so the frame is never mounted again:
 * what is new arrives as a message.
 */
import { Core } from "./core.js";

/** @param {any} map the Leaflet map that folium made */
export function start(map) {
  const core = new Core(map, {
    say: (said) => {
      if (said.nonce) window.Streamlit?.setComponentValue(said);
    },
    reload: () => window.location.reload(),
  });
  window.chengzai = core;
  if (window.chengzaiMessage) core.receive(window.chengzaiMessage);
}
