// Words typed into a form and not sent: leaving the page asks first.

let isSending = false;
document.addEventListener("submit", () => (isSending = true));
window.addEventListener("beforeunload", (event) => {
  if (!isSending && isTyped()) event.preventDefault();
});

function isTyped() {
  return [...document.querySelectorAll("main textarea")].some((box) => box.value !== box.defaultValue);
}
