// The board asks for itself anew every half minute (htmx); here it says when it could not.

const board = document.getElementById("bang");
const told = document.getElementById("khong-cap-nhat");

for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  board?.addEventListener(failure, () => {
    told.hidden = false;
  });
}
board?.addEventListener("htmx:afterSwap", () => {
  told.hidden = true;
});
