// The address of the page can be read and copied by hand. With script there is a button that does it.
const field = document.getElementById("address");
if (field && navigator.clipboard) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-quiet";
  button.textContent = "Copy the link";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    button.textContent = "Copied";
  });
  field.after(button);
}
