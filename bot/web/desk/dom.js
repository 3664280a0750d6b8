// Building elements. Text only ever becomes a text node.

export function h(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name || "div");
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "value" || key === "checked" || key === "disabled") element[key] = value;
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function fill(parent, ...children) {
  parent.replaceChildren(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return parent;
}

export function button(label, onclick, { kind = "plain", key = null, title = null, disabled = false } = {}) {
  return h(`button.btn.${kind}`, { type: "button", onclick, title, disabled, "aria-keyshortcuts": key }, label,
    key ? h("kbd", { "aria-hidden": "true" }, key) : null);
}

export function chip(text, kind = "") {
  return h(`span.chip${kind ? "." + kind : ""}`, {}, text);
}

export function severity(level, names = {}) {
  return h(`span.level.${String(level).toLowerCase()}`, { title: names[level] || level }, level);
}

export function field(label, input, hint = null) {
  return h("label.field", {}, h("span", {}, label), input, hint ? h("small", {}, hint) : null);
}

export function select(options, value = "", attributes = {}) {
  const element = h("select", attributes, Object.entries(options).map(([code, name]) => h("option", { value: code }, name)));
  element.value = value;
  return element;
}

export const empty = (text) => h("p.empty", {}, text);
