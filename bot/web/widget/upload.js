/** Sends one photo to the server and tells how far it is. */
import { WORDS } from "./wording.js";

export const PHOTO_TYPES = ["image/jpeg", "image/png", "image/webp", "image/gif"];
const LARGEST = 10 * 1024 * 1024;

export class UploadError extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

/** Why this file cannot be sent, or null. */
export function objection(file) {
  if (!PHOTO_TYPES.includes(file.type)) return WORDS.photoType;
  if (file.size > LARGEST) return WORDS.photoTooBig;
  return null;
}

/** @returns {{done: Promise<{url, type, name, id}>, abort(): void}} */
export function upload(file, { url, token, onProgress }) {
  const request = new XMLHttpRequest();
  const done = new Promise((resolve, reject) => {
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? Math.round((loaded / total) * 100) : 0);
    request.onload = () => {
      const answer = parsed(request.responseText);
      if (request.status < 300 && answer.id) resolve(answer);
      else reject(new UploadError(answer.error?.message ?? WORDS.uploadFailed, request.status));
    };
    request.onerror = request.ontimeout = () => reject(new UploadError(WORDS.uploadFailed));
  });
  request.open("POST", url);
  request.timeout = 120000;
  const form = new FormData();
  form.append("token", token);
  form.append("file", file, file.name || "photo");
  request.send(form);
  return { done, abort: () => request.abort() };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
