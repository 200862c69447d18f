// Brings Back to where a page was left: how far it was scrolled and what had the focus. Browsers do it too
// early for pages whose content is fetched.
(() => {
  const key = () => `plumbline-position:${location.pathname}${location.search}`;
  let here = key();
  let top = 0;
  let stop = () => {};

  // A selector that finds an element again on the same page, made anew, and which of its matches it is.
  const describe = (element) => {
    if (!element || element.localName === "main" || !element.closest("main")) return undefined;
    const text = (name) => {
      const value = element.getAttribute(name);
      return value ? `[${name}="${CSS.escape(value)}"]` : "";
    };
    const around = element.closest("[data-entry]");
    const within = around ? `[data-entry="${CSS.escape(around.dataset.entry)}"] ` : "main ";
    const own = element.id
      ? `#${CSS.escape(element.id)}`
      : within + element.localName + (text("href") || text("name") + text("value"));
    return [own, [...document.querySelectorAll(own)].indexOf(element)];
  };
  const save = (at) => {
    const focus = describe(document.activeElement);
    try {
      sessionStorage.setItem(at, JSON.stringify({ top, focus }));
    } catch {
      // A full or forbidden storage: Back then leads to the top of the page.
    }
  };
  const saved = (at) => {
    try {
      return JSON.parse(sessionStorage.getItem(at) ?? "null");
    } catch {
      return null;
    }
  };

  // Waits until the page is there, but not against a person who goes on meanwhile.
  const restore = (position, left) => {
    stop();
    const until = performance.now() + 10000;
    const stopping = new AbortController();
    stop = () => stopping.abort();
    for (const type of ["wheel", "touchstart", "pointerdown", "keydown"]) {
      addEventListener(type, stop, { capture: true, passive: true, signal: stopping.signal });
    }
    const { top: to, focus } = position;
    // The router takes some frames to begin; afterwards parts of the page still come and go for a while.
    let frames = 0;
    let steady = 0;
    const step = () => {
      if (stopping.signal.aborted) return;
      const isThere = ++frames > 6 && !left?.isConnected && !document.querySelector("main [aria-busy=true], main .skeleton");
      const room = document.documentElement.scrollHeight - innerHeight;
      const element = focus && document.querySelectorAll(focus[0])[focus[1]];
      const isLate = performance.now() > until;
      if (isLate || (isThere && room >= to - 1 && (element || !focus))) {
        if (element && element !== document.activeElement) element.focus({ preventScroll: true });
        const wanted = Math.min(to, room);
        steady = Math.abs(scrollY - wanted) > 1 ? 0 : steady + 1;
        scrollTo(scrollX, wanted);
        if (isLate || steady > 60) return stop();
      }
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  };

  addEventListener("scroll", () => (top = scrollY), { passive: true });
  // Before the router goes elsewhere.
  addEventListener("click", () => { top = scrollY; save(here); }, { capture: true });
  for (const name of ["pushState", "replaceState"]) {
    const change = history[name];
    history[name] = function (...state) {
      change.apply(this, state);
      if (key() !== here) stop();
      here = key();
      top = scrollY;
    };
  }
  addEventListener("pagehide", () => save(here));
  addEventListener("popstate", () => {
    const [before, now] = [here, key()];
    if (before === now) return;
    save(before);
    here = now;
    const position = saved(now);
    const path = (at) => at.split("?")[0];
    const left = path(before) === path(now) ? undefined : document.querySelector("main > *");
    if (position) restore(position, left);
  });
  // Where the whole page was loaded anew, the browser scrolls by itself.
  addEventListener("DOMContentLoaded", () => {
    const [navigation] = performance.getEntriesByType("navigation");
    const position = navigation?.type === "back_forward" && saved(here);
    if (position?.focus) restore(position);
  });
})();
