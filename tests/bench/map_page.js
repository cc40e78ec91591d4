/** What is measured inside the page of the editor; put into it before it loads. */
window.bench = {
  long: [],

  start() {
    new PerformanceObserver((list) => this.long.push(...list.getEntries())).observe({ type: "longtask", buffered: true });
  },

  /** Until the parcels of the first view are painted. */
  painted() {
    const core = window.chengzai;
    return Boolean(core && core.ready && core.parcels.slices.idle && !core.map._animatingZoom);
  },

  /** Times of the next click: from the hand to the painted picture, and to saved with new figures. */
  click() {
    const core = window.chengzai;
    const took = {};
    const strip = core.furniture.strip.body;
    const line = core.furniture.line;
    return new Promise((done) => {
      core.map.getContainer().addEventListener(
        "pointerdown",
        (event) => {
          const since = event.timeStamp;
          // the brush paints in its own task; the picture is on the screen after the next frame
          requestAnimationFrame(() => {
            const channel = new MessageChannel();
            channel.port1.onmessage = () => (took.painted = performance.now() - since);
            channel.port2.postMessage(null);
          });
          const before = strip.textContent;
          const watch = new MutationObserver(() => {
            if (strip.textContent === before || !line.classList.contains("cz-saved")) return;
            watch.disconnect();
            took.saved = performance.now() - since;
            done(took);
          });
          watch.observe(strip, { childList: true, subtree: true, characterData: true });
          watch.observe(line, { attributes: true, childList: true });
          setTimeout(() => done(took), 10000);
        },
        { once: true, capture: true },
      );
    });
  },

  /** The longest task [ms] since a time. */
  longest(since) {
    return this.long.filter((one) => one.startTime >= since).reduce((most, one) => Math.max(most, one.duration), 0);
  },
};
window.bench.start();
