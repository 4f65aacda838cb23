// What the pages do better with script: live progress and status, a word before typed settings are left behind.
"use strict";
(() => {
  const live = document.getElementById("live");
  // A page that a form led to is not asked for anew: that would send the form again.
  const place = () => live.dataset.page || location.href;
  const again = () => live.dataset.page ? location.assign(live.dataset.page) : location.reload();
  const swap = async () => {
    const here = new URL(place(), location.href);
    here.searchParams.set("live", "1");
    const answer = await fetch(here);
    if (!answer.ok || answer.redirected) return again();
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("live");
    if (!fresh) return again();
    // What somebody reads or has opened stays as it is; the rest is replaced.
    live.replaceChildren(...fresh.childNodes);
    live.dataset.version = fresh.dataset.version || "";
    if (!fresh.dataset.live) delete live.dataset.live;
  };
  const watch = () => {
    const every = Number(live.dataset.every) || 2000;
    setTimeout(async () => {
      try {
        if (!document.hidden) {
          const answer = await fetch(live.dataset.live);
          if (answer.redirected) return again(); // the session has ended
          const news = answer.ok ? await answer.json() : {};
          if (news.version && news.version !== live.dataset.version) await swap();
        }
      } catch {
        // The machine is away for a moment: asked again.
      }
      if (live.dataset.live) watch();
    }, every);
  };
  if (live && live.dataset.live) watch();
  if (live && live.dataset.reload) setTimeout(() => location.reload(), Number(live.dataset.reload));

  for (const form of document.querySelectorAll("form[data-guard]")) {
    let changed = false;
    form.addEventListener("input", () => { changed = true; });
    form.addEventListener("submit", () => { changed = false; });
    addEventListener("beforeunload", (event) => {
      if (!changed) return;
      event.preventDefault();
      event.returnValue = form.dataset.guard;
    });
  }
})();
