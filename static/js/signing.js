// Signing in again in place, when a session has ended while cells wait.

import { fetchToken, renewTokens, signIn, token } from "./server.js";

export class SignInAgain {
  constructor({ user, address, resume }) {
    Object.assign(this, { user, address, resume });
    this.dialog = document.getElementById("dang-nhap-lai");
    this.dialog.addEventListener("submit", (event) => this.submit(event));
    this.dialog.addEventListener("close", () => this.back());
  }

  ask() {
    if (this.dialog.open) return;
    this.before = document.activeElement;
    this.dialog.showModal();
    this.dialog.querySelector("[name=password]").focus();
  }

  /** Back to the cell that was at hand. */
  back() {
    this.before?.focus();
    this.before?.select?.();
  }

  async submit(event) {
    if (event.submitter?.value === "wait") return;
    event.preventDefault();
    const { username, password } = event.target.elements;
    if (!token()) await fetchToken(this.address);
    const { user, sentence } = await signIn(this.address, username.value, password.value);
    this.dialog.querySelector(".wrong").textContent = sentence ?? "";
    if (!user) return;
    password.value = "";
    // What waits is one person's own: another who signs in here gets a page of their own.
    if (String(user) !== this.user) return void window.location.reload();
    renewTokens();
    this.dialog.close();
    this.resume();
  }
}
