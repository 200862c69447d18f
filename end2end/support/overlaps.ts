import type { Page } from "@playwright/test";

/**
 * Returns the pairs of overlapping controls and status texts in the window, one per line. Content may scroll
 * under fixed bars, so fixed elements are compared with each other, and scrolling ones with each other.
 */
export const overlaps = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const wanted = "button, a[href], input:not([type=hidden]), select, textarea, summary, .chooser, .condition, "
      + ".saved, .badge, .toast > p, .progress, .connection-line > span, .added-photo > span, h1, h2, h3";
    const stays = (element: Element): boolean => {
      for (let at: Element | null = element; at; at = at.parentElement) {
        if (["fixed", "sticky"].includes(getComputedStyle(at).position)) return true;
      }
      return false;
    };
    /** Returns the visible part of an element; nothing if an ancestor clips it completely. */
    const seen = (element: Element): DOMRect | undefined => {
      let { left, top, right, bottom } = element.getBoundingClientRect();
      for (let at = element.parentElement; at; at = at.parentElement) {
        const { overflowX, overflowY, clipPath } = getComputedStyle(at);
        if (overflowX === "visible" && overflowY === "visible" && clipPath === "none") continue;
        const around = at.getBoundingClientRect();
        left = Math.max(left, around.left);
        top = Math.max(top, around.top);
        right = Math.min(right, around.right);
        bottom = Math.min(bottom, around.bottom);
      }
      if (right - left < 2 || bottom - top < 2) return undefined;
      return new DOMRect(left, top, right - left, bottom - top);
    };
    const things = [...document.querySelectorAll(wanted)].flatMap((element) => {
      const style = getComputedStyle(element);
      const words = element.textContent?.trim() || element.getAttribute("aria-label") || "";
      if (element.matches(".saved, h1, h2, h3") && !words) return [];
      // An input over its label forms one control with it.
      if (style.opacity === "0" || !element.checkVisibility({ visibilityProperty: true })) return [];
      if (style.clipPath !== "none" || element.closest(".skip, .visually-hidden")) return [];
      const box = seen(element);
      if (!box) return [];
      return [{ element, box, stays: stays(element), name: `${element.tagName.toLowerCase()} "${words.slice(0, 40)}"` }];
    });
    const found: string[] = [];
    for (const [nth, one] of things.entries()) {
      for (const other of things.slice(nth + 1)) {
        if (one.stays !== other.stays) continue;
        if (one.element.contains(other.element) || other.element.contains(one.element)) continue;
        const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const along = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        if (across > 1 && along > 1) found.push(`${one.name} and ${other.name}`);
      }
    }
    return found;
  });

/** Returns the horizontal scroll distance of the page, in CSS pixels. */
export const sideways = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
