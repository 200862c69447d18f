// Restores the scroll position and the focus of a page on Back. The browser's own restoration runs
// too early for pages whose content is loaded afterwards.
(() => {
  const key = () => `plumbline-position:${location.pathname}${location.search}`;
  let here = key();
  let top = 0;
  let stop = () => {};

  // Returns a selector for the element on a reloaded page, and its index among the matches.
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
      // When storage is full or blocked, Back shows the top of the page.
    }
  };
  const saved = (at) => {
    try {
      return JSON.parse(sessionStorage.getItem(at) ?? "null");
    } catch {
      return null;
    }
  };

  // Waits for the page to load; stops when the person scrolls or types meanwhile.
  const restore = (position, left) => {
    stop();
    const until = performance.now() + 10000;
    const stopping = new AbortController();
    stop = () => stopping.abort();
    for (const type of ["wheel", "touchstart", "pointerdown", "keydown"]) {
      addEventListener(type, stop, { capture: true, passive: true, signal: stopping.signal });
    }
    const { top: to, focus } = position;
    // The router starts after some frames, and parts of the page may still change for a while after that.
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
  // Runs before the router navigates.
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
  // After a full page load, the browser restores the scroll position itself.
  addEventListener("DOMContentLoaded", () => {
    const [navigation] = performance.getEntriesByType("navigation");
    const position = navigation?.type === "back_forward" && saved(here);
    if (position?.focus) restore(position);
  });
})();
