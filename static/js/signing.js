// Signing in again in place, when a session has ended while cells wait.

import { renewTokens, signIn } from "./server.js";

export class SignInAgain {
  constructor({ user, address, resume }) {
    Object.assign(this, { user, address, resume });
    this.dialog = document.getElementById("dang-nhap-lai");
    this.dialog.addEventListener("submit", (event) => this.submit(event));
  }

  ask() {
    if (!this.dialog.open) this.dialog.showModal();
    this.dialog.querySelector("[name=password]").focus();
  }

  async submit(event) {
    if (event.submitter?.value === "wait") return;
    event.preventDefault();
    const { username, password } = event.target.elements;
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
