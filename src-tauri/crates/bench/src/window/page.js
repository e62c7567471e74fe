// What is asked of the page. Times are from the key's own moment to the second frame after the page has settled: by then the
// first one is on the screen.
window.bench ??= (() => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  /** After all that is due has run: what a person does comes between two frames, not inside one. */
  const turn = () =>
    new Promise((done) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = done;
      port2.postMessage(null);
    });
  const one = (selector) => document.querySelector(selector);

  /** What is shown now, told apart from what is shown otherwise; null while something is still awaited. */
  const shown = {
    chat: () => one("[role=log] [data-message-id]")?.dataset.messageId ?? null,
    filter: () => (one("[data-chat]") ? (one("[role=group] > [aria-pressed=true]")?.textContent ?? null) : null),
    search: () => {
      const found = one("[role=listbox][aria-busy=false]");
      return found?.querySelector("[role=option]") || one(".none[role=status]") ? one("input[role=combobox]").value : null;
    },
  };

  /** Milliseconds from the next key to the paint of what it brings. */
  const arm = (what) => {
    const before = shown[what]();
    bench.armed = new Promise((done) => {
      const pressed = (event) => {
        if (["Alt", "Control", "Shift"].includes(event.key)) return;
        removeEventListener("keydown", pressed, true);
        const begun = Math.min(event.timeStamp, performance.now());
        const look = async () => {
          const now = shown[what]();
          if (now === null || now === before) return;
          observer.disconnect();
          await frame();
          await frame();
          done(performance.now() - begun);
        };
        const observer = new MutationObserver(look);
        observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
      };
      addEventListener("keydown", pressed, true);
    });
  };

  /** Is what is seen of the box covered by its rows, from edge to edge but for what is no row's place? */
  const covered = (box, rows, spare) => {
    const { top, bottom } = box.getBoundingClientRect();
    let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const row of rows) {
      const place = row.getBoundingClientRect();
      if (place.height === 0 || !row.textContent) return false;
      first = Math.min(first, place.top);
      last = Math.max(last, place.bottom);
    }
    return first <= top + spare && last >= bottom - spare;
  };

  /** Scrolls by `step` a frame until `ends`, or until so many rows were seen. */
  const scroll = async (box, row, step, spare, ends, most) => {
    const told = { frames: 0, blank: 0, waited: 0, rows: 0, slowest: 0, frameTimes: [] };
    const seen = new Set();
    let last = await frame();
    while (!ends() && seen.size < most) {
      await turn();
      const from = box.scrollTop;
      box.scrollTop += step;
      const at = await frame();
      const rows = [...box.querySelectorAll(row)];
      if (box.scrollTop === from) told.waited += 1;
      else if (!covered(box, rows, spare)) told.blank += 1;
      for (const { dataset } of rows) seen.add(dataset.chat ?? dataset.messageId);
      told.rows = Math.max(told.rows, document.querySelectorAll("[data-chat], [data-message-id]").length);
      told.frames += 1;
      told.frameTimes.push(at - last);
      last = at;
    }
    told.frameTimes.sort((a, b) => a - b);
    told.p95 = told.frameTimes[Math.floor(told.frameTimes.length * 0.95)] ?? 0;
    told.slowest = told.frameTimes.at(-1) ?? 0;
    told.seen = seen.size;
    delete told.frameTimes;
    return told;
  };

  const scrollChats = (most) => {
    const box = one("[role=listbox]:has([data-chat])");
    box.scrollTop = 0;
    const atEnd = () => box.scrollTop + box.clientHeight >= box.scrollHeight - 1;
    const whole = () => one("[data-chat]")?.getAttribute("aria-setsize") !== "-1";
    return scroll(box, "[data-chat]", box.clientHeight, 1, () => atEnd() && whole(), most);
  };

  const scrollMessages = (most) => {
    const box = one("[role=log]");
    let still = 0;
    // The beginning is reached when nothing comes in above for a while.
    const atBeginning = () => {
      still = box.scrollTop === 0 ? still + 1 : 0;
      return still > 600;
    };
    return scroll(box, "[data-message-id]", -box.clientHeight, 64, atBeginning, most);
  };

  const startedAt = () => {
    const [mark] = performance.getEntriesByName("interactive");
    return mark ? performance.timeOrigin + mark.startTime : null;
  };

  return { arm, scrollChats, scrollMessages, startedAt };
})();
