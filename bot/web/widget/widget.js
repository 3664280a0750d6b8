/**
 * The one tag: <script src="https://…/widget.js" data-order="…" data-store="…" async></script>
 *
 * Puts <tingsu-chat> on the page and offers window.Tingsu. Any element with `data-tingsu-open` opens the chat.
 * Everything else is loaded from the folder beside this file, so the page needs nothing more.
 */
(() => {
  if (window.Tingsu) return;
  const script = document.currentScript ?? document.querySelector('script[src*="widget.js"]');
  const source = new URL(script.src);
  const home = new URL(source.pathname.endsWith("/widget/widget.js") ? "./" : "widget/", source);

  const ready = Promise.all([import(new URL("tingsu-chat.js", home)), documentBody()]).then(() => {
    const chat = document.createElement("tingsu-chat");
    Object.assign(chat.dataset, script.dataset, { server: new URL("..", home).href });
    document.body.append(chat);
    return chat;
  });
  ready.catch((reason) => console.error("Tingsu: the chat could not be loaded.", reason));

  window.Tingsu = Object.freeze({
    open: (context) => ready.then((chat) => chat.open(context)),
    close: () => ready.then((chat) => chat.close()),
    send: (text) => ready.then((chat) => chat.send(text)),
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-tingsu-open]");
    if (!opener) return;
    event.preventDefault();
    const { order, store } = opener.dataset;
    window.Tingsu.open({ order, store });
  });

  function documentBody() {
    if (document.body) return undefined;
    return new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve, { once: true }));
  }
})();
