// Has the module that brings the page to life fetched once something is shown, or after two seconds: fetched
// before, it would hold that up. The page works without it meanwhile, by its links and forms.
((script, module) => {
  let begun = false;
  // Every request that may change something names the person whose page this is, because another tab of
  // the browser may have signed in somebody else meanwhile.
  const person = document.documentElement.dataset.pagePerson;
  const send = fetch;
  globalThis.fetch = (what, how) => {
    const request = new Request(what, how);
    if (person && request.method !== "GET" && new URL(request.url).origin === location.origin) {
      request.headers.set("x-page-person", person);
    }
    return send(request);
  };
  const begin = async () => {
    if (begun) return;
    begun = true;
    const fetched = fetch(module);
    // Whoever waits for it is told.
    fetched.catch(() => {});
    const page = await import(script);
    await page.default({ module_or_path: page.paced(fetched) });
    if (document.readyState === "loading") {
      await new Promise((done) => addEventListener("DOMContentLoaded", done, { once: true }));
    }
    page.hydrate();
  };
  // What is in the background shows nothing, and a browser may not tell.
  if (document.hidden) {
    begin();
  } else {
    new PerformanceObserver(begin).observe({ type: "paint", buffered: true });
    setTimeout(begin, 2000);
  }
})
