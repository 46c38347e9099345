// usage: roles.mjs TASK URL SHAPE SHOTS [ARGUMENT...]
// What each kind of person does, as they would; exit status 0 when it worked.
// A password, a link or a code comes on standard input, one a line.
//
//   enter [noscript]  sender: the link of a notice; says what it finds
//   enter-again       sender: a link that was used; asks for a new code
//   say TEXT          sender: the link, then words for the approvers
//   cancel            sender: the link, then cancels the mail
//   enrol LOGIN       second factor set up; prints a recovery code
//   code LOGIN        signs in with password and the recovery code
//   account LOGIN NEW admin: makes the account NEW
//   report LOGIN      auditor: report and log
//   reveal LOGIN CASE TEXT  handler: sees the text unmasked, and it goes
import { createHmac } from "node:crypto";
import { complaints, overflow, readPassword, shot, signIn, withBrowser } from "./desk.mjs";

const [task, url, shape, shots, ...rest] = process.argv.slice(2);
const secrets = (await readPassword()).split("\n");

function want(truth, words) {
	if (!truth)
		throw new Error(words);
}

// Each page that a person sees is looked at: width, accessibility, picture.
async function look(page, name) {
	want(await overflow(page) <= 0, `${name}: ${await overflow(page)} px too wide`);
	if (rest[0] !== "noscript") {
		const found = await complaints(page);
		want(found.length === 0, `${name}: ${found.join("\n")}`);
	}
	await shot(page, shots, `${name}-${shape}`);
}

// RFC 6238: SHA-1, 30 seconds, six digits.
function codeNow(secret) {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	const bits = [...secret.replace(/\s/g, "")].map((c) => letters.indexOf(c).toString(2).padStart(5, "0")).join("");
	const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
	const step = Buffer.alloc(8);
	step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
	const mac = createHmac("sha1", key).update(step).digest();
	const at = mac[19] & 15;
	return String((mac.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, "0");
}

async function enter(page, link) {
	const [path, code] = link.split("#");
	if (rest[0] === "noscript") {
		await page.goto(path);
		await page.fill("#code", code.toLowerCase());
	} else {
		await page.goto(link);
		want(await page.locator("#code").count() === 1, `${page.url()}: ${await page.textContent("main")}`);
		want(await page.inputValue("#code") === code, "the code is not filled in");
		want(!page.url().includes("#"), "the code stays in the address");
	}
	await look(page, `entry-${task}`);
	await Promise.all([page.waitForURL(/\/cases\//), page.click("#enter")]);
}

const tasks = {
	async enter(page) {
		await enter(page, secrets[0]);
		await look(page, "sender");
		want(await page.getAttribute("#case", "data-may-decide") === "no", "a sender may decide");
		want(await page.locator("#open-approve").count() === 0, "a sender is offered approval");
		await page.goto(new URL("/", url).href);
		want(/\/cases\//.test(page.url()), "a guest sees a list");
	},
	async "enter-again"(page) {
		await page.goto(secrets[0]);
		await page.click("#enter");
		await page.waitForSelector("#failure");
		await look(page, "entry-used");
		await Promise.all([page.waitForURL(/sent=1/), page.click("#again")]);
		await look(page, "entry-sent");
	},
	async say(page) {
		await enter(page, secrets[0]);
		await page.fill("#comment", rest[0]);
		await Promise.all([page.waitForURL(/done=comment/), page.click("#tell")]);
		await look(page, "sender-said");
		want((await page.textContent("main")).includes(rest[0]), "the words are not on the page");
	},
	async cancel(page) {
		await enter(page, secrets[0]);
		await look(page, "sender-cancel");
		await Promise.all([page.waitForURL(/done=cancel/), page.click("#cancel")]);
		await page.waitForSelector("#done");
		await look(page, "sender-cancelled");
	},
	async enrol(page) {
		await signIn(page, url, rest[0], secrets[0]);
		want(/second-factor\/set-up/.test(page.url()), `${page.url()}: no second factor is asked for`);
		await page.goto(new URL("/people", url).href);
		want(/sign-in|second-factor/.test(page.url()), "half a session sees accounts");
		await page.goto(new URL("/second-factor/set-up", url).href);
		await look(page, "factor-begin");
		await page.click("#begin");
		await page.waitForSelector("svg.qr");
		await look(page, "factor-scan");
		const secret = await page.locator("#secret").textContent();
		await page.fill("#code", codeNow(secret));
		await page.click("#confirm");
		await page.waitForSelector("#codes");
		await look(page, "factor-codes");
		console.log(`recovery ${await page.locator("#codes li").first().textContent()}`);
		await page.click("#go-on");
		await page.goto(new URL("/account", url).href);
		await look(page, "account");
	},
	async code(page) {
		await signIn(page, url, rest[0], secrets[0]);
		want(/second-factor/.test(page.url()), "no code is asked for");
		await look(page, "factor-ask");
		await page.fill("#code", "000000");
		await page.click("#verify");
		await page.waitForSelector("#failure");
		await look(page, "factor-wrong");
		await page.fill("#code", secrets[1]);
		await Promise.all([page.waitForURL((u) => !u.pathname.startsWith("/second-factor")), page.click("#verify")]);
		await page.goto(new URL("/people", url).href);
		await look(page, "people");
		await page.click("#new");
		await look(page, "person-new");
		await page.fill("#login", rest[1]);
		await page.fill("#name", "新任 五郎");
		await page.check('input[name="approver"]');
		await page.fill("#groups", "hr");
		await page.fill("#addresses", `${rest[1]}@corp.test`);
		await page.fill("#password", "a long enough password");
		await Promise.all([page.waitForURL(/done=create/), page.click("#create")]);
		await look(page, "people-made");
		await page.goto(new URL(`/people/account?login=${rest[1]}`, url).href);
		await look(page, "person");
		await Promise.all([page.waitForURL(/done=disable/), page.click("#disable")]);
	},
	async report(page) {
		await signIn(page, url, rest[0], secrets[0]);
		await page.goto(new URL("/report", url).href);
		await look(page, "report");
		want(await page.locator("svg.chart rect").count() > 0, "the report has no chart");
		const bar = await page.locator("svg.daily").first().locator('rect.bar-fill:not([height="0"])').last().boundingBox();
		want(bar.x + bar.width <= page.viewportSize().width, "the newest bar is out of sight");
		await page.goto(new URL("/audit", url).href);
		await page.click("#verify");
		await look(page, "audit");
	},
	async reveal(page) {
		await signIn(page, url, rest[0], secrets[0], `/cases/${rest[1]}`);
		want(!(await page.textContent("main")).includes(secrets[1]), "the number is on the masked page");
		await page.click("#open-reveal");
		await page.fill("#reveal-reason", "本人からの照会に回答するため");
		await look(page, "reveal-ask");
		await page.click("#reveal");
		await page.waitForFunction((text) => document.body.textContent.includes(text), secrets[1], { timeout: 30000 });
		await look(page, "revealed");
		await page.goto(new URL(`/cases/${rest[1]}`, url).href);
		want(!(await page.textContent("main")).includes(secrets[1]), "the number stays on the page");
	},
};

await withBrowser({ shape, script: rest[0] !== "noscript" }, tasks[task]);
