// What script adds; every page works without it.
"use strict";

const byId = (id) => document.getElementById(id);

// The code of the link stands behind '#', which no server and no proxy sees. It
// is taken out of the address before anything else, then posted.
function openByFragment() {
	const field = byId("code");
	const form = byId("open");
	const code = decodeURIComponent(location.hash.slice(1).replace(/%(?![0-9A-Fa-f]{2})/g, ""));

	if (location.hash)
		history.replaceState(null, "", location.pathname);
	if (!form || !/^[0-9A-Za-z -]{52,80}$/.test(code))
		return;
	field.value = code;
	form.hidden = true;
	byId("busy").hidden = false;
	form.submit();
}

// A page that is made ready before anybody looks at it does nothing.
if (document.prerendering)
	document.addEventListener("prerenderingchange", openByFragment, { once: true });
else
	openByFragment();
// The same page, with another link out of a mail.
addEventListener("hashchange", openByFragment);
// Back from the files: the form is there again, and empty.
addEventListener("pageshow", (event) => {
	if (event.persisted && byId("open")) {
		byId("open").hidden = false;
		byId("busy").hidden = true;
		byId("code").value = "";
	}
});

byId("failure")?.focus({ preventScroll: true });

if (byId("show")) {
	byId("show-row").hidden = false;
	byId("show").addEventListener("change", (event) => {
		byId("password").type = event.target.checked ? "text" : "password";
	});
}

// A download leaves the page as it is: say that something happens.
for (const button of document.querySelectorAll("button.take"))
	button.form.addEventListener("submit", () => {
		byId("live").textContent = byId("started").textContent;
		button.classList.add("begun");
	});

// One press is enough.
for (const id of ["send", "again", "prove"])
	byId(id)?.form.addEventListener("submit", (event) => {
		if (event.target.dataset.sent)
			event.preventDefault();
		event.target.dataset.sent = "1";
		byId(id).setAttribute("aria-disabled", "true");
	});
