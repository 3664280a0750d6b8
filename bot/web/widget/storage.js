/** What survives a reload and is shared by the tabs of one site. Where storage is forbidden, this page's memory serves. */
const PREFIX = "tingsu:";
const memory = new Map();

export function recall(name, fallback = null) {
  try {
    const kept = localStorage.getItem(PREFIX + name);
    return kept === null ? fallback : JSON.parse(kept);
  } catch {
    return memory.get(name) ?? fallback;
  }
}

export function keep(name, value) {
  memory.set(name, value);
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Private mode or a full store: memory has it.
  }
}

/** Calls back with the name of what another tab has changed. */
export function watch(changed) {
  const listener = (event) => {
    if (event.storageArea === localStorage && event.key?.startsWith(PREFIX)) changed(event.key.slice(PREFIX.length));
  };
  window.addEventListener("storage", listener);
  return () => window.removeEventListener("storage", listener);
}
