// Loads the module that hydrates the page after the first paint, or after two seconds, because
// loading it earlier would delay the paint. Until then the page works through its links and forms.
((script, module) => {
  let begun = false;
  // Adds the page's person to every request that may change data, because another tab of the
  // browser may have signed in somebody else meanwhile.
  const person = document.documentElement.dataset.pagePerson;
  const send = fetch;
  globalThis.fetch = async (what, how) => {
    const request = new Request(what, how);
    if (person && request.method !== "GET" && new URL(request.url).origin === location.origin) {
      request.headers.set("x-page-person", person);
    }
    const answer = await send(request);
    return isOutdated(request, answer) ? new Promise(() => location.reload()) : answer;
  };
  // Reloads the page when the server runs a different build, because each side would misread the other's
  // data. The outbox keeps typed text. The page is reloaded once per build, because two builds may answer in
  // turn behind a proxy.
  const { edition } = document.documentElement.dataset;
  const isOutdated = (request, answer) => {
    const { origin, pathname } = new URL(request.url);
    const theirs = answer.headers.get("x-edition");
    if (origin !== location.origin || !pathname.startsWith("/api/")) return false;
    if (!theirs || theirs === edition || sessionStorage.getItem("edition") === theirs) return false;
    sessionStorage.setItem("edition", theirs);
    return true;
  };
  const begin = async () => {
    if (begun) return;
    begun = true;
    const fetched = fetch(module);
    // The error is reported where the response is awaited.
    fetched.catch(() => {});
    const page = await import(script);
    await page.default({ module_or_path: page.paced(fetched) });
    if (document.readyState === "loading") {
      await new Promise((done) => addEventListener("DOMContentLoaded", done, { once: true }));
    }
    page.hydrate();
  };
  // A hidden page is not painted, and the browser may report no paint for it.
  if (document.hidden) {
    begin();
  } else {
    new PerformanceObserver(begin).observe({ type: "paint", buffered: true });
    setTimeout(begin, 2000);
  }
})
