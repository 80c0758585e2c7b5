// The phone-order form: typing a product's name leaves its rows; Enter goes to the first one's number.
const field = document.querySelector(".filter");
const input = field?.querySelector("input");
const rows = [...document.querySelectorAll(".phone-rows tbody tr")];
const none = document.querySelector(".none");

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function narrow() {
  const words = plain(input.value).split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const name = plain(row.dataset.name);
    row.hidden = !words.every((word) => name.includes(word));
    shown += row.hidden ? 0 : 1;
  }
  none.hidden = shown > 0;
}

if (input) {
  field.hidden = false;
  input.addEventListener("input", narrow);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const number = rows.find((row) => !row.hidden)?.querySelector("input");
    number?.focus();
    number?.select();
  });
  // From a number Enter goes back to the next product, so that an order is typed without the mouse.
  for (const row of rows) {
    row.querySelector("input").addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      input.value = "";
      narrow();
      input.focus();
    });
  }
}
