// While an editor types, the frames beside the form follow: the checks, and the page or the comparison, whichever was
// asked for last. One after the other, because a form sends once at a time. Without script the buttons do the same.
const form = document.getElementById("revision_form");
const buttons = new Map();
for (const button of form.querySelectorAll("[formtarget]")) {
  if (button.hasAttribute("data-follow")) buttons.set(button.getAttribute("formtarget"), button);
  button.addEventListener("click", () => buttons.set(button.getAttribute("formtarget"), button));
}
function look(target) {
  const frame = document.getElementsByName(target)[0];
  const place = frame.contentWindow.scrollY;
  return new Promise((seen) => {
    frame.addEventListener("load", () => { frame.contentWindow.scrollTo(0, place); seen(); }, { once: true });
    form.requestSubmit(buttons.get(target));
  });
}
let looking = Promise.resolve();
function follow() {
  for (const target of buttons.keys()) looking = looking.then(() => look(target));
}
let waiting;
form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(follow, 900);
});
follow();
