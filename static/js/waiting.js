// Says on the list of reports which of them have figures in this browser that were not sent yet.

import { waiting } from "./store.js";

for (const [submission, count] of waiting(document.getElementById("cua-toi").dataset.user)) {
  const card = document.querySelector(`[data-submission="${CSS.escape(submission)}"]`);
  if (!card) continue;
  const said = document.createElement("p");
  said.className = "small wrong";
  said.textContent = `${count} ô đã gõ trên máy này chưa được gửi: hãy mở báo cáo này.`;
  card.append(said);
}
