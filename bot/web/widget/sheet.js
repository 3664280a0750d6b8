/** How the open panel behaves: floating on a wide screen; on a phone it covers the page, holds the focus and the scroll. */
const PHONE = "(max-width: 520px)";
const CAN_FOCUS = "button:not([disabled]), textarea, a[href], input:not([type=file])";

export class Sheet {
  #panel;
  #phone = matchMedia(PHONE);
  #pageOverflow = null;

  constructor(panel, { close }) {
    this.#panel = panel;
    panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) {
        event.stopPropagation();
        close();
      }
      if (event.key === "Tab" && this.#phone.matches) this.#trap(event);
    });
    this.#phone.addEventListener("change", () => this.#hold(!panel.hidden));
    window.visualViewport?.addEventListener("resize", () => this.#fit());
    window.visualViewport?.addEventListener("scroll", () => this.#fit());
  }

  show(open) {
    this.#panel.hidden = !open;
    this.#hold(open);
    this.#fit();
  }

  #hold(open) {
    const cover = open && this.#phone.matches;
    const page = document.documentElement.style;
    this.#panel.setAttribute("aria-modal", String(cover));
    if (cover && this.#pageOverflow === null) {
      this.#pageOverflow = page.overflow;
      page.overflow = "hidden";
    } else if (!cover && this.#pageOverflow !== null) {
      page.overflow = this.#pageOverflow;
      this.#pageOverflow = null;
    }
  }

  /** Above the phone's keyboard, not behind it. */
  #fit() {
    const view = window.visualViewport;
    if (!view) return;
    this.#panel.style.setProperty("--view-height", `${view.height}px`);
    this.#panel.style.setProperty("--view-top", `${view.offsetTop}px`);
  }

  #trap(event) {
    const stops = [...this.#panel.querySelectorAll(CAN_FOCUS)].filter((node) => node.offsetParent !== null);
    const at = stops.indexOf(this.#panel.getRootNode().activeElement);
    const edge = event.shiftKey ? 0 : stops.length - 1;
    if (at !== edge && at >= 0) return;
    event.preventDefault();
    stops.at(event.shiftKey ? -1 : 0)?.focus();
  }
}
