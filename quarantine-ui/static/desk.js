// What script adds to the pages of the desk. Every page works without it.
"use strict";

// The menu closes as menus do.
document.addEventListener("click", (event) => {
	for (const menu of document.querySelectorAll("details.menu[open]"))
		if (!menu.contains(event.target))
			menu.open = false;
});
document.addEventListener("keydown", (event) => {
	const menu = event.key === "Escape" && document.querySelector("details.menu[open]");

	if (menu) {
		menu.open = false;
		menu.querySelector("summary").focus();
	}
});
