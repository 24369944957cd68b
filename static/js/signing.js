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

  /** Ask for the code at `address`, after the password; without one, for the password again. */
  askCode(box, address) {
    this.code = address;
    box.value = "";
    box.required = Boolean(address);
    box.closest(".field").hidden = !address;
    if (address) box.focus();
  }

  async submit(event) {
    if (event.submitter?.value === "wait") return;
    event.preventDefault();
    const { username, password, code } = event.target.elements;
    if (!token()) await fetchToken(this.address);
    const answer = this.code
      ? await signIn(this.code, { code: code.value })
      : await signIn(this.address, { username: username.value, password: password.value });
    const { user, sentence } = answer;
    this.dialog.querySelector(".wrong").textContent = sentence ?? "";
    if (answer.code || answer.again) this.askCode(code, answer.code);
    if (!user) return;
    password.value = "";
    this.askCode(code);
    // What waits is one person's own: another who signs in here gets a page of their own.
    if (String(user) !== this.user) return void window.location.reload();
    renewTokens();
    this.dialog.close();
    this.resume();
  }
}
