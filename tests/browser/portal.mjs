// usage: portal.mjs URL SCREENSHOT_DIR|- LINK CODE … - every page of the portal,
// wide and phone (with pictures: in both colour schemes and languages, too), as a recipient comes to it who
// has never seen it. Links (ready, code, code and password, once) with their
// 開封コード are those of the fake vault. Exit status 1 when a page is wider than
// its screen, axe-core finds something, or the way does not lead to the files.
import { complaints, overflow, shot, withBrowser } from "./desk.mjs";

const [url, place, ...words] = process.argv.slice(2);
const shots = place === "-" ? "" : place;
const links = {};
let wrong = 0;

for (const name of ["ready", "code", "password", "once"])
	links[name] = { path: words.shift(), code: words.shift() };

function complain(name, what) {
	console.error(`${name}: ${what}`);
	wrong++;
}

async function check(page, name) {
	await shot(page, shots, `portal-${name}`);
	if (await overflow(page) > 0)
		complain(name, `${await overflow(page)} px too wide`);
	for (const one of await complaints(page))
		complain(name, one);
}

const whole = (link) => new URL(`${link.path}#${link.code}`, url).href;
const atFiles = (page) => page.waitForURL((there) => there.pathname.endsWith("/files"));

// By the link of the mail: the code leaves the address before anything else.
async function follow(page, link) {
	await Promise.all([atFiles(page), page.goto(whole(link))]);
	if (page.url().includes(link.code) || page.url().includes("#"))
		complain(link.path, "the code stays in the address");
}

// By hand, as without script.
async function type(page, link, code) {
	await page.goto(new URL(link.path, url).href);
	await page.fill("#code", code);
	await page.click("#enter");
}

async function press(page, id) {
	await Promise.all([page.waitForNavigation(), page.click(id)]);
}

async function download(page, id, bytes) {
	const [file] = await Promise.all([page.waitForEvent("download"), page.click(id)]);
	const stream = await file.createReadStream();
	let got = 0;

	for await (const chunk of stream)
		got += chunk.length;
	if (bytes && got !== bytes)
		complain(id, `${got} bytes, not ${bytes}`);
	return file.suggestedFilename();
}

async function tour(page, behind) {
	await page.goto(new URL(links.ready.path, url).href);
	await check(page, `open-${behind}`);
	await type(page, links.ready, "abcd-efgh");
	await page.waitForSelector("#failure");
	await check(page, `open-short-${behind}`);
	await type(page, links.ready, links.code.code);
	await page.waitForSelector("#failure");
	await check(page, `open-refused-${behind}`);
	await follow(page, links.password);
	await check(page, `code-send-${behind}`);
	await press(page, "#send");
	await check(page, `code-type-${behind}`);
	await page.fill("#code", "１２３ ４５６");
	await press(page, "#prove");
	await check(page, `password-${behind}`);
	await page.fill("#password", "wrong");
	await press(page, "#prove");
	await check(page, `password-wrong-${behind}`);
	await page.fill("#password", "kaki-no-tane");
	await press(page, "#prove");
	await check(page, `files-${behind}`);
	const name = await download(page, "#take-1", 18434);
	if (name !== "給与支払報告書 2026年分.xlsx")
		complain("name", name);
	await page.waitForFunction(() => document.getElementById("live").textContent !== "");
	await check(page, `files-begun-${behind}`);
	await follow(page, links.once);
	await check(page, `files-once-${behind}`);
	await press(page, "#leave");
	await check(page, `left-${behind}`);
	await page.goto(new URL(`${links.once.path}/files`, url).href);
	await check(page, `no-visit-${behind}`);
	await page.goto(new URL("/nothing", url).href);
	await check(page, `error-${behind}`);
}

const looks = [["wide", true, "en"], ["phone", false, "ja"], ["wide", false, "ja"], ["phone", true, "en"]];

for (const [shape, dark, language] of shots ? looks : looks.slice(0, 2))
	await withBrowser({ shape, dark, language }, (page) =>
		tour(page, `${shape}-${dark ? "dark" : "light"}-${language}`));

// Without script, to the last byte, and all of it as a zip.
await withBrowser({ shape: "phone", script: false }, async (page) => {
	await type(page, links.code, links.code.code.toUpperCase().replaceAll("-", " "));
	await atFiles(page);
	await press(page, "#send");
	await page.fill("#code", "123456");
	await press(page, "#prove");
	await download(page, "#take-2", 300 * 1024 + 17);
	const name = await download(page, "#take-all");
	if (!/^files-\d{4}-\d{2}-\d{2}\.zip$/.test(name))
		complain("zip", name);
});

// A change of language comes back to the same page.
await withBrowser({ language: "ja" }, async (page) => {
	await follow(page, links.ready);
	await press(page, "button[name='language']");
	if (await page.getAttribute("html", "lang") !== "en" || !page.url().endsWith("/files"))
		complain("language", page.url());
});
process.exit(wrong === 0 ? 0 : 1);
