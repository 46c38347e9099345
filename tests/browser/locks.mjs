// usage: locks.mjs URL TASK SHAPE SHOTS - what a sender does about a file with
// a password; exit status 0 when it worked. On standard input, one a line: the
// link of the notice, then passwords.
//
//   unlock     types a wrong one and then the right one; the page follows
//   noscript   the same with scripts off, the right one only
//   search     looks on while a password is being looked for
import { complaints, overflow, readPassword, shot, withBrowser } from "./desk.mjs";

const [, task, shape, shots] = process.argv.slice(2);
const [link, ...passwords] = (await readPassword()).split("\n");
const script = task !== "noscript";

function want(truth, words) {
	if (!truth)
		throw new Error(words);
}

async function look(page, name) {
	want(await overflow(page) <= 0, `${name}: ${await overflow(page)} px too wide`);
	if (script) {
		const found = await complaints(page);
		want(found.length === 0, `${name}: ${found.join("\n")}`);
	}
	await shot(page, shots, `${name}-${shape}`);
}

async function enter(page) {
	const [path, code] = link.split("#");

	await page.goto(script ? link : path);
	if (!script)
		await page.fill("#code", code);
	await Promise.all([page.waitForURL(/\/cases\//), page.click("#enter")]);
}

async function tryPassword(page, password) {
	await page.fill("#file-password", password);
	want(await page.getAttribute("#file-password", "type") === "password", "the password is shown");
	await Promise.all([page.waitForURL(/done=unlock/), page.click("#try")]);
	want(!page.url().includes(password), "the password is in the address");
	want(!(await page.content()).includes(password), "the password is on the page");
}

const tasks = {
	async unlock(page) {
		await enter(page);
		await look(page, "locked");
		// Shown while it is typed, on demand.
		await page.fill("#file-password", passwords[0]);
		await page.click("#peek");
		want(await page.getAttribute("#file-password", "type") === "text", "it cannot be shown");
		want(await page.getAttribute("#peek", "aria-pressed") === "true", "the button does not say so");
		await page.click("#peek");
		want(!await page.isChecked("input[name=keep]"), "consent is given by itself");
		await tryPassword(page, passwords[0]);
		// Nobody presses anything: the page shows the result by itself.
		await page.waitForSelector("#unlock .note.bad", { timeout: 15000 });
		await look(page, "locked-wrong");
		await tryPassword(page, passwords[1]);
		await page.waitForSelector('#case:not([data-state="held"])', { timeout: 20000 });
		await look(page, "locked-opened");
		want(await page.locator("#file-password").count() === 0, "it is asked for again");
		want(await page.locator(".locks .open").count() === 1, "the lock is not shown open");
	},
	async noscript(page) {
		await enter(page);
		want(await page.isHidden("#peek"), "a button that does nothing");
		await tryPassword(page, passwords[0]);
		for (let i = 0; i < 40 && await page.getAttribute("#case", "data-state") === "held"; i++) {
			await page.waitForTimeout(500);
			await page.goto(page.url().replace(/[?#].*/, ""));
		}
		want(await page.getAttribute("#case", "data-state") !== "held", "it is held still");
		await look(page, "locked-noscript");
	},
	async search(page) {
		await enter(page);
		const before = await page.textContent("#search-words");
		await page.locator("#search-words").filter({ hasNotText: before }).waitFor({ timeout: 60000 });
		want(await overflow(page) <= 0, "the search is too wide");
		await shot(page, shots, `search-${shape}`);
	},
};

await withBrowser({ shape, script }, tasks[task]);
