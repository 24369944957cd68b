// Going through reports by single keys: what carries data-key is what its key does. A key is never
// taken from somebody who types, nor from a browser's own shortcut; and all of it can be switched off.

const OFF = "review-keys-off";
const isOn = document.getElementById("dung-phim-tat");

document.documentElement.classList.add("js");
if (isOn) {
  isOn.checked = !localStorage.getItem(OFF);
  isOn.addEventListener("change", () => {
    if (isOn.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
}

document.addEventListener("keydown", (event) => {
  if (localStorage.getItem(OFF) || isTaken(event)) return;
  const wanted = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!wanted) return;
  event.preventDefault();
  // What changes a report is only led to: pressing it is a second act.
  if (wanted.matches("button")) wanted.focus();
  else wanted.click();
});

function isTaken(event) {
  return (
    event.defaultPrevented ||
    event.isComposing ||
    event.repeat ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    event.target.closest?.("input:not([type=checkbox]), textarea, select, dialog, [contenteditable]")
  );
}
