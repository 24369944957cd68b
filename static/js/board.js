// The board asks for itself anew every half minute (htmx); here it says when it got no answer.

const board = document.getElementById("bang");
const told = document.getElementById("khong-cap-nhat");

board.addEventListener("htmx:afterRequest", ({ detail }) => {
  told.hidden = detail.xhr.status >= 200 && detail.xhr.status < 300;
});
