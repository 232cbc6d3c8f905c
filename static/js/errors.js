// A page that comes back with errors starts at their summary. Without script, the summary is simply first.
document.getElementById("err-sum")?.focus();
