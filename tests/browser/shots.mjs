// usage: shots.mjs URL CASE_ID SCREENSHOT_DIR|- [NAME…] - every page of the desk
// in both widths, languages and colour schemes. Exit status 1 when a page is
// wider than its screen or axe-core finds something. NAMEs choose pages. It
// signs in as approver1, taro (who sent the case), auditor1 and admin1, on a
// test site or at a desk over the fake vault.
import { complaints, overflow, setLanguage, shot, signIn, signOut, withBrowser } from "./desk.mjs";

const [url, id, place, ...chosen] = process.argv.slice(2);
const shots = place === "-" ? "" : place;
const password = "correct horse battery staple";
let wrong = 0;

function complain(name, what) {
	console.error(`${name}: ${what}`);
	wrong++;
}

async function check(page, name, settings = {}) {
	await shot(page, shots, name, !settings.screen);
	if (await overflow(page) > 0)
		complain(name, `${await overflow(page)} px too wide`);
	// What lies below an open menu is covered, and that is no fault.
	for (const one of settings.covered ? [] : await complaints(page))
		complain(name, one);
}

async function reveal(page) {
	if (!await page.$("#open-reveal"))
		return; // approver1 is no handler here
	await page.click("#open-reveal");
	await page.fill("#reveal-reason", "本人からの照会のため");
	await page.click("#reveal");
	await page.waitForSelector("#secret");
}

// Only where the case has it.
async function open(page, what) {
	if (await page.$(what))
		await page.click(what);
}

// The pages of an approver: address, and what to do there before the look.
const PAGES = {
	inbox: ["/?filter=all"],
	todo: ["/"],
	empty: ["/?filter=todo&q=nothing"],
	done: [`/?done=approve&case=${id}`],
	case: [`/cases/${id}`],
	approve: [`/cases/${id}`, (page) => page.click("#open-approve"), { screen: true }],
	return: [`/cases/${id}`, (page) => page.click("#open-return"), { screen: true }],
	reveal: [`/cases/${id}`, reveal],
	menu: ["/", (page) => page.click("#menu"), { screen: true, covered: true }],
	account: ["/account"],
	password: ["/password"],
	error: ["/nothing"],
};

// And of others.
const OTHERS = [
	["taro", "sender", `/cases/${id}`, (page) => open(page, "#ask-link summary")],
	["taro", "links", `/cases/${id}/links`],
	["taro", "record", `/cases/${id}/links/record?link=04000000000000000000000000`],
	["auditor1", "audit", "/audit", (page) => page.click("#verify")],
	["auditor1", "people", "/people"],
	["admin1", "report", "/report"],
];

for (const [shape, dark, language] of [["wide", false, "ja"], ["phone", false, "ja"],
	["wide", true, "en"], ["phone", true, "en"]]) {
	const wanted = (name) => chosen.length === 0 || chosen.includes(name);
	const behind = `${shape}-${dark ? "dark" : "light"}-${language}`;
	await withBrowser({ shape, dark, language }, async (page) => {
		await page.goto(new URL("/sign-in", url).href);
		if (wanted("sign-in"))
			await check(page, `sign-in-${behind}`);
		await signIn(page, url, "approver1", password);
		await setLanguage(page, language);
		for (const [name, [path, act, settings]] of Object.entries(PAGES)) {
			if (!wanted(name))
				continue;
			await page.goto(new URL(path, url).href);
			if (act)
				await act(page);
			await check(page, `${name}-${behind}`, settings);
		}
		for (const [login, name, path, act] of OTHERS) {
			if (!wanted(name))
				continue;
			await signOut(page);
			await signIn(page, url, login, password);
			await setLanguage(page, language);
			await page.goto(new URL(path, url).href);
			if (act)
				await act(page);
			await check(page, `${name}-${behind}`);
		}
	});
}
process.exit(wrong ? 1 : 0);
