// An anchor of another page, as in index.html#marion2025/fig7/contour-edge, leads there.
function follow() {
  const id = decodeURIComponent(location.hash.slice(1)), name = id.split("/")[0];
  const link = [...document.querySelectorAll("header nav a")].find(a => a.pathname.endsWith(`/${name}.html`));
  if (link && document.querySelector(".home[aria-current]")) location.replace(`${link.href}#${id}`);
}
addEventListener("hashchange", follow);
follow();

// A picture opens at its full size; a click or Escape closes it.
const dialog = document.querySelector("dialog");
document.querySelectorAll("a.enlarge").forEach(link => link.addEventListener("click", event => {
  event.preventDefault();
  Object.assign(dialog.firstChild, { src: link.href, alt: link.firstChild.alt });
  dialog.showModal();
}));
dialog?.addEventListener("click", () => dialog.close());

// Verdicts are filtered by what is chosen; the page's address may choose, as in ?paper=marion2025.
const form = document.querySelector("form.filter");
if (form) {
  const rows = [...document.querySelectorAll("li.verdict")], chosen = form.elements;
  const filter = () => {
    const words = chosen.words.value.toLowerCase();
    for (const row of rows) {
      const fits = ["paper", "figure", "verdict", "whose"].every(
        key => !chosen[key].value || chosen[key].value === row.dataset[key]);
      row.hidden = !fits || !row.textContent.toLowerCase().includes(words);
    }
    const left = rows.filter(row => !row.hidden).length;
    form.querySelector("output").value = `${left} of ${rows.length} statements`;
  };
  for (const [key, value] of new URLSearchParams(location.search)) if (chosen[key]) chosen[key].value = value;
  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", event => event.preventDefault());
  filter();
}
