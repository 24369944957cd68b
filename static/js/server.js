// Talking to the portal: one posting, and what its answer means for the queue.

const TIMEOUT = 20_000;

/** The token that the portal set last: signing in again gives a new one. */
export function token() {
  const found = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  return found ? found[1] : (document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "");
}

/** Give every form of the page the token that counts now. */
export function renewTokens() {
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token();
}

/**
 * Post `content`; resolve to {is, answer}, where `is` says what to do: "done"; "offline" (try
 * again); "signed-out"; "refused" (a sentence, nothing changed); "gone".
 */
export async function post(address, content) {
  const body = JSON.stringify(content);
  let response;
  try {
    response = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      body,
      keepalive: body.length < 60_000, // goes on when the tab is closed; browsers allow 64 KiB
      signal: timeout(),
    });
    if (response.ok) return { is: "done", answer: await response.json() };
    if (response.status === 401 || response.status === 403) return { is: "signed-out" };
    if (response.status === 404) return { is: "gone" };
    if (response.status === 409 || response.status === 400)
      return { is: "refused", answer: await response.json() };
  } catch {
    return { is: "offline" };
  }
  return { is: "offline" };
}

function timeout() {
  return "timeout" in AbortSignal ? AbortSignal.timeout(TIMEOUT) : undefined;
}

/** Sign in without leaving the page; resolve to {user} or {sentence}. */
export async function signIn(address, name, password) {
  const body = new FormData();
  body.set("username", name);
  body.set("password", password);
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
