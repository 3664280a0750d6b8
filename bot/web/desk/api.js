// Calls to the server. A refusal is an ApiError with the server's own code, message and details.

export class ApiError extends Error {
  constructor(status, { code, message, details } = {}) {
    super(message || "请求没有成功");
    Object.assign(this, { status, code, details });
  }
}

let csrf = null;
let signedOut = () => {};

export function authorise(token) { csrf = token; }
export function onSignedOut(listener) { signedOut = listener; }

async function call(method, path, body) {
  const form = body instanceof FormData, headers = body === undefined || form ? {} : { "Content-Type": "application/json" };
  if (csrf && method !== "GET") headers["X-CSRF-Token"] = csrf;
  let answer;
  try {
    answer = await fetch(path, { method, headers, credentials: "same-origin", body: body === undefined || form ? body : JSON.stringify(body) });
  } catch {
    throw new ApiError(0, { code: "offline", message: "网络断开了，请稍后再试。" });
  }
  const content = answer.status === 204 ? null : await answer.json().catch(() => ({}));
  if (answer.ok) return content;
  const error = new ApiError(answer.status, content?.error);
  if (answer.status === 401 && !path.endsWith("/login") && !path.endsWith("/password")) signedOut();
  throw error;
}

const query = (values) => {
  const given = Object.entries(values || {}).filter(([, v]) => v !== null && v !== undefined && v !== "");
  return given.length ? "?" + new URLSearchParams(given) : "";
};

export const get = (path, values) => call("GET", path + query(values));
export const post = (path, body = {}) => call("POST", path, body);
export const put = (path, body) => call("PUT", path, body);
export const patch = (path, body) => call("PATCH", path, body);
export const remove = (path) => call("DELETE", path);
export function upload(path, values) {
  const form = new FormData();
  Object.entries(values).forEach(([name, value]) => form.append(name, value));
  return call("POST", path, form);
}
export const DESK = "/api/v1/desk";
