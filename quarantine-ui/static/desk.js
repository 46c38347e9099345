// What script adds to the pages of the desk; every page works without it:
// lists that renew themselves, decisions that open in place, a few keys.
"use strict";

const byId = (id) => document.getElementById(id);

// --- menu ----------------------------------------------------------------
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

// A chart wider than the screen shows its newest bar.
for (const box of document.querySelectorAll(".scroll")) {
	const bars = [...box.querySelectorAll("rect.bar-fill")].filter((bar) => bar.getBoundingClientRect().height > 0);
	const edge = bars.at(-1)?.getBoundingClientRect().right + 16 || 0;

	box.scrollLeft += Math.max(0, edge - box.getBoundingClientRect().right);
}

// What was just done is said first.
byId("done")?.focus({ preventScroll: true });

// --- decisions: a step of its own, opened in place ------------------------
function openSheet(opener, sheet) {
	closeSheets(null);
	sheet.classList.add("open");
	sheet.classList.remove("closed");
	opener.setAttribute("aria-expanded", "true");
	sheet.focus({ preventScroll: true });
	sheet.scrollIntoView({ block: "nearest" });
}

function closeSheets(focusOn) {
	for (const opener of document.querySelectorAll(".openers a"))
		opener.setAttribute("aria-expanded", "false");
	for (const sheet of document.querySelectorAll(".sheet")) {
		sheet.classList.remove("open");
		sheet.classList.add("closed");
	}
	focusOn?.focus();
}

for (const opener of document.querySelectorAll(".openers a")) {
	const sheet = byId(opener.hash.slice(1));

	opener.setAttribute("role", "button");
	opener.setAttribute("aria-expanded", String(location.hash === opener.hash));
	opener.setAttribute("aria-controls", sheet.id);
	sheet.tabIndex = -1;
	opener.addEventListener("click", (event) => {
		event.preventDefault();
		openSheet(opener, sheet);
	});
	opener.addEventListener("keydown", (event) => {
		if (event.key === " ") {
			event.preventDefault();
			openSheet(opener, sheet);
		}
	});
	sheet.querySelector(".shut").addEventListener("click", (event) => {
		event.preventDefault();
		closeSheets(opener);
	});
	sheet.addEventListener("keydown", (event) => {
		if (event.key === "Escape")
			closeSheets(opener);
	});
}

// A form is sent once, however often its button is pressed.
for (const form of document.querySelectorAll('form[method="post"]')) {
	form.addEventListener("submit", (event) => {
		if (form.dataset.sent)
			event.preventDefault();
		form.dataset.sent = "yes";
	});
}
window.addEventListener("pageshow", () => {
	for (const form of document.querySelectorAll("form[data-sent]"))
		delete form.dataset.sent;
});

// --- the password of a file, shown while it is typed ----------------------
const peek = byId("peek");
if (peek) {
	const field = byId("file-password");

	peek.hidden = false;
	peek.addEventListener("click", () => {
		const shown = field.type === "text";

		field.type = shown ? "password" : "text";
		peek.setAttribute("aria-pressed", String(!shown));
		field.focus();
	});
	// What is sent is no text that a browser offers again.
	field.form.addEventListener("submit", () => { field.type = "password"; });
}

// --- unmasked text: gone after a minute, after a reload, with the page ----
const revealed = byId("revealed");
if (revealed && byId("secret")) {
	const until = Date.now() + 60000;
	const left = byId("left");
	const leave = () => {
		byId("secret")?.remove();
		location.replace(revealed.dataset.leave);
	};

	history.replaceState(null, "", revealed.dataset.leave);
	window.addEventListener("pagehide", () => byId("secret")?.remove());
	setInterval(() => {
		const seconds = Math.ceil((until - Date.now()) / 1000);

		left.textContent = left.dataset.words.replace("#", String(Math.max(seconds, 0)));
		if (seconds <= 0)
			leave();
	}, 1000);
}

// --- pages that renew themselves ------------------------------------------
const RENEWED = ["live", "count", "preview", "search"];
const IDLE_MS = 15 * 60000; // then the session is left to run out
const page = byId("case");
const live = byId("live");
const spacing = page ? 3000 : 500;
let known = live?.dataset.revision || "";
let source = null;
let active = Date.now();
let fetched = Date.now();
let planned = 0;
let pressed = false;
let patience = 10; // looks for a preview that no event tells of

const isIdle = () => Date.now() - active > IDLE_MS;

function listen() {
	if (!live || source || document.hidden || isIdle())
		return;
	source = new EventSource("/events");
	source.onmessage = ({ data }) => {
		if (data !== known)
			plan();
		known = data;
	};
	source.onerror = () => {
		const refused = source.readyState === EventSource.CLOSED;

		if (refused || isIdle())
			hush();
		if (refused)
			setTimeout(listen, 60000);
	};
}

function hush() {
	source?.close();
	source = null;
}

function plan() {
	if (!planned)
		planned = setTimeout(renew, Math.max(300, fetched + spacing - Date.now()));
}

// Looking at a case is on record; so a page of one that only wants to know
// whether it was decided meanwhile asks the list.
const addressToAsk = () => page && !page.dataset.waiting
	? `/?filter=all&q=${page.dataset.case}` : location.href;

async function renew() {
	planned = 0;
	if (document.hidden || isIdle() || pressed) {
		planned = setTimeout(renew, 2000);
		return;
	}
	fetched = Date.now();
	try {
		const answer = await fetch(addressToAsk(), { cache: "no-store" });
		const over = answer.redirected && new URL(answer.url).pathname === "/sign-in";

		if (over)
			location.reload();
		else if (answer.ok)
			take(new DOMParser().parseFromString(await answer.text(), "text/html"));
	} catch {
		// The next event tries again.
	}
}

// This page's case as a page just fetched has it, {} unknown.
const dataIn = (fresh) => (fresh.getElementById("case") || fresh.getElementById(`c-${page.dataset.case}`))?.dataset || {};

// Who waits for a password's result, and is not at something else, sees it at
// once; others are told.
function changed() {
	const busy = document.querySelector(".sheet.open")
		|| [...document.querySelectorAll("textarea, input[type=password]")].some((field) => field.value);

	if (!page.dataset.trying || busy)
		byId("changed").hidden = false;
	else if (location.search)
		location.replace(`${location.pathname}#locks`);
	else
		location.reload();
}

function takeCase(fresh) {
	const { state, locks } = dataIn(fresh);

	if ((state && state !== page.dataset.state) || (locks && locks !== page.dataset.locks))
		changed();
	else if (fresh.getElementById("case"))
		takeParts(fresh);
	else {
		takeLooking(fresh);
		takeSearch(fresh);
	}
}

// How far the search for a password has come, as the list tells it.
function takeSearch(fresh) {
	const mark = fresh.querySelector(`#c-${page.dataset.case} .search`);

	if (!mark || !byId("search-bar") || !byId("search-words"))
		return;
	byId("search-bar").value = Number(mark.dataset.percent);
	byId("search-words").textContent = mark.dataset.words;
}

// Who else has this case open, as the list tells it.
function takeLooking(fresh) {
	const place = byId("live");
	const words = fresh.querySelector(`#c-${page.dataset.case} .looking`)?.dataset.words || "";

	if (!place || place.textContent.trim() === words)
		return;
	place.textContent = "";
	if (words) {
		const note = document.createElement("p");

		note.className = "note info";
		note.id = "looking";
		note.textContent = words;
		place.append(note);
	}
}

function takeParts(fresh) {
	for (const id of RENEWED) {
		const old = byId(id);
		const now = fresh.getElementById(id);

		if (old && now && old.innerHTML !== now.innerHTML && !(page && old.contains(document.activeElement)))
			old.replaceChildren(...document.adoptNode(now).childNodes);
	}
	if (page && !fresh.getElementById("case").dataset.waiting)
		delete page.dataset.waiting;
}

// Put in what is new, and leave focus and view where they are.
function take(fresh) {
	if (page)
		takeCase(fresh);
	else
		takeList(fresh);
}

function takeList(fresh) {
	const focused = document.activeElement?.id;
	const rows = [...document.querySelectorAll("tr.case")];
	const seen = new Set(rows.map((row) => row.id));
	const anchor = rows.find((row) => row.getBoundingClientRect().bottom > 0)?.id;
	const before = anchor && byId(anchor).getBoundingClientRect().top;

	takeParts(fresh);
	const arrived = [...document.querySelectorAll("tr.case")].filter((row) => !seen.has(row.id));

	if (focused && document.activeElement?.id !== focused)
		byId(focused)?.focus({ preventScroll: true });
	if (anchor && byId(anchor) && scrollY > 0)
		scrollBy(0, byId(anchor).getBoundingClientRect().top - before);
	announce(arrived);
}

function announce(arrived) {
	const news = byId("news");

	for (const row of arrived)
		row.classList.add("fresh");
	if (news && arrived.length > 0)
		news.textContent = arrived.length === 1 ? news.dataset.one
			: news.dataset.many.replace("#", String(arrived.length));
}

if (live) {
	const wake = () => {
		active = Date.now();
		listen();
	};

	for (const kind of ["pointerdown", "keydown", "scroll", "focus"])
		window.addEventListener(kind, wake, { passive: true });
	window.addEventListener("pointerdown", () => { pressed = true; });
	for (const kind of ["pointerup", "pointercancel"])
		window.addEventListener(kind, () => { pressed = false; });
	document.addEventListener("visibilitychange", () => {
		if (document.hidden)
			hush();
		else
			wake();
	});
	window.addEventListener("pagehide", hush);
	listen();
	// "4 min ago" does not stay true.
	setInterval(() => {
		const waits = (page?.dataset.waiting || page?.dataset.trying) && patience-- > 0;

		if (waits || (!page && Date.now() - fetched > 100000))
			plan();
	}, 20000);
}

// --- keys -----------------------------------------------------------------
const keys = byId("keys");
const keysOn = () => localStorage.getItem("keys") !== "off";

if (keys) {
	const box = byId("keys-on");

	keys.hidden = false;
	box.checked = keysOn();
	box.addEventListener("change", () => localStorage.setItem("keys", box.checked ? "on" : "off"));
}

function step(by) {
	const links = [...document.querySelectorAll("tr.case .subject")];
	const at = links.indexOf(document.activeElement);

	links[at < 0 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
}

const KEYS = {
	j: () => step(1),
	k: () => step(-1),
	u: () => byId("up")?.click(),
	"/": () => byId("q")?.focus(),
};

document.addEventListener("keydown", (event) => {
	const typing = event.target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select");

	if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing || !keysOn())
		return;
	if (Object.hasOwn(KEYS, event.key)) {
		event.preventDefault();
		KEYS[event.key]();
	}
});
