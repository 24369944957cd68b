// Talking to the portal: one posting, and what its answer means for the queue.

const TIMEOUT = 20_000;
const MOST_KEPT_ALIVE = 60_000; // bytes; browsers allow 64 KiB
const MEANINGS = { 401: "signed-out", 403: "signed-out", 404: "gone", 409: "closed" };

/** The token that the portal set last: signing in again gives a new one. */
export function token() {
  const found = document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/);
  return found ? found[1] : (document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "");
}

/** Give every form of the page the token that counts now. */
export function renewTokens() {
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token();
}

/**
 * Post `content`; resolve to {is, answer}, where `is` says what to do: "done"; "offline" (try
 * again); "signed-out"; "closed" (a sentence, nothing was changed); "gone"; "broken" (the portal
 * can't read what was sent). With `isLast` it goes on when the tab is closed.
 */
export async function post(address, content, { isLast = true, patience = TIMEOUT } = {}) {
  const body = new TextEncoder().encode(JSON.stringify(content));
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      body,
      keepalive: isLast && body.length < MOST_KEPT_ALIVE,
      signal: "timeout" in AbortSignal ? AbortSignal.timeout(patience) : undefined,
    });
    const other = response.status < 500 ? "broken" : "offline";
    const is = response.ok ? "done" : (MEANINGS[response.status] ?? other);
    const isTold = response.headers.get("Content-Type")?.startsWith("application/json");
    return { is, answer: isTold ? await response.json() : undefined };
  } catch {
    return { is: "offline" };
  }
}

/** Get the token's cookie where a browser has lost it: signing in needs one. */
export async function fetchToken(address) {
  try {
    await fetch(address);
  } catch {
    // Signing in will say that the portal can't be reached.
  }
}

/** Sign in without leaving the page; resolve to {user}, {code: where it is asked} or {sentence}. */
export async function signIn(address, fields) {
  const body = new FormData();
  for (const [name, text] of Object.entries(fields)) body.set(name, text);
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": token() },
      body,
    });
    return await response.json();
  } catch {
    return { sentence: "Chưa nối được máy chủ. Hãy thử lại sau ít phút; mọi ô đã gõ vẫn còn." };
  }
}
