/* words_anchor.h: phrases as people and programs write them, and what of them
 * is a password. */
#include "scanners/locks/words_anchor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "lib/base/sbuf.h"
#include "tests/harness/check.h"

enum { TAKEN_BYTES = 8192 };

/* What was taken: "+word" when it is sure, "-word" when not, a line each. */
struct taken {
	struct sbuf words;
	size_t sure;
};

static enum status
take(void *context, struct span word, bool sure, struct err *err)
{
	struct taken *taken = context;

	(void)err;
	sbuf_add_byte(&taken->words, sure ? '+' : '-');
	sbuf_add_span(&taken->words, word);
	sbuf_add_byte(&taken->words, '\n');
	taken->sure += sure;
	return ST_OK;
}

static void
find(const char *text, enum words_text kind, struct taken *taken)
{
	const struct words_taker taker = { take, taken };
	const size_t len = strlen(text);
	/* Of exact size, so that sanitizers see what is read behind it. */
	uint8_t *bytes = malloc(len > 0 ? len : 1);
	struct err err = { .st = ST_OK };

	assert_non_null(bytes);
	memcpy(bytes, text, len);
	sbuf_init(&taken->words, TAKEN_BYTES);
	taken->sure = 0;
	check_status(ST_OK,
		     words_anchor_find((struct span){ bytes, len }, kind,
				       &taker, &err),
		     &err);
	free(bytes);
}

static bool
has(const struct taken *taken, char mark, const char *word)
{
	char line[300];

	(void)snprintf(line, sizeof(line), "%c%s\n", mark, word);
	return strstr(sbuf_text(&taken->words), line) != NULL;
}

struct phrase {
	const char *text;
	const char *word;
};

static const struct phrase given[] = {
	/* in Japanese letters, of several words */
	{ "パスワードは桜2026さくら です", "桜2026さくら" },
	{ "パスワードは桜2026さくらです。", "桜2026さくら" },
	{ "パスワードは、富士山2026となります", "富士山2026" },
	{ "パスワード：桜2026さくら", "桜2026さくら" },
	{ "パスワード：あけぼの", "あけぼの" },
	{ "パスワード（ひらがな）：あけぼの", "あけぼの" },
	{ "パスワードは以下です。\n\n桜2026さくら\n\n以上", "桜2026さくら" },
	{ "PW：ﾊﾟｽ2026ﾜｰﾄﾞ", "ﾊﾟｽ2026ﾜｰﾄﾞ" },
	{ "パスワードは「correct horse battery」です",
	  "correct horse battery" },
	{ "The password is \"open sesame 2026\".", "open sesame 2026" },
	{ "Passphrase: correct horse battery staple",
	  "correct horse battery staple" },
	{ "添付ファイルのキーワードは「さくら」です", "さくら" },
	{ "zipのキーワード：Abc123xy", "Abc123xy" },
	{ "解凍用キーワード：Abc123xy", "Abc123xy" },
	/* the same line */
	{ "パスワード：Abc123xy", "Abc123xy" },
	{ "パスワード: Abc123xy", "Abc123xy" },
	{ "パスワード　：　Abc123xy", "Abc123xy" },
	{ "パスワード　Abc123xy", "Abc123xy" },
	{ "ﾊﾟｽﾜｰﾄﾞ:Abc123xy", "Abc123xy" },
	{ "ﾊﾟｽﾜｰﾄﾞ　＝　Abc123xy", "Abc123xy" },
	{ "パスワード＝Abc123xy", "Abc123xy" },
	{ "パスワードはAbc123xyです。", "Abc123xy" },
	{ "パスワードは Abc123xy です。", "Abc123xy" },
	{ "パスワードは、Abc123xy になります。", "Abc123xy" },
	{ "パスワードはAbc123xyとなります", "Abc123xy" },
	{ "パスワードが Abc123xy です", "Abc123xy" },
	{ "パスワードは，Abc123xyです．", "Abc123xy" },
	{ "ファイルを開く際に Abc123xy を入力してください", "Abc123xy" },
	{ "パスワード→Abc123xy", "Abc123xy" },
	{ "パスワード ⇒ Abc123xy", "Abc123xy" },
	{ "パスワード…Abc123xy", "Abc123xy" },
	{ "パスワード｜Abc123xy", "Abc123xy" },
	{ "パスワード／Abc123xy", "Abc123xy" },
	{ "パスワード - Abc123xy", "Abc123xy" },
	{ "パスワード：  Abc123xy  （半角英数）", "Abc123xy" },
	{ "パスワード：Abc123xy（大文字小文字の区別あり）", "Abc123xy" },
	{ "パスワード：Abc123xy(半角)", "Abc123xy" },
	{ "パスワード：Abc123xy※大文字小文字を区別します", "Abc123xy" },
	{ "パスワード（半角英数字）：Abc123xy", "Abc123xy" },
	{ "パスワード（ZIP）：Abc123xy", "Abc123xy" },
	{ "パスワード(zip): Abc123xy", "Abc123xy" },
	{ "パスワード1：Abc123xy", "Abc123xy" },
	{ "パスワード２：Abc123xy", "Abc123xy" },
	{ "パスワード：ａｂｃ１２３ｘｙ", "abc123xy" },
	{ "パスワード：ａｂｃ１２３ｘｙ", "ａｂｃ１２３ｘｙ" },
	{ "ＰＡＳＳＷＯＲＤ：Abc123xy", "Abc123xy" },
	{ "ＰＷ：Abc123xy", "Abc123xy" },
	{ "ｐａｓｓｗｏｒｄ＝Abc123xy", "Abc123xy" },
	{ "解凍パスワード：Abc123xy", "Abc123xy" },
	{ "解凍PW：Abc123xy", "Abc123xy" },
	{ "復号パスワードは「Abc123xy」です。", "Abc123xy" },
	{ "展開パスワード=Abc123xy", "Abc123xy" },
	{ "開封パスワード Abc123xy", "Abc123xy" },
	{ "ZIPパスワード：Abc123xy", "Abc123xy" },
	{ "ZIPファイルのパスワード：Abc123xy", "Abc123xy" },
	{ "添付ファイルの解凍キー：Abc123xy", "Abc123xy" },
	{ "復号キー: Abc123xy", "Abc123xy" },
	{ "開封コード：Abc123xy", "Abc123xy" },
	{ "暗証番号：4711", "4711" },
	{ "パス：Abc123xy", "Abc123xy" },
	{ "パスは「Abc123xy」です", "Abc123xy" },
	{ "合言葉：Abc123xy", "Abc123xy" },
	{ "暗号化キーはAbc123xyです", "Abc123xy" },
	{ "暗号化キー：Abc123xy", "Abc123xy" },
	{ "パスワードは以下の2つです。\n一.zip：Abc123xy\n", "Abc123xy" },
	{ "パスワードは以下です。\n一.zip：Xyz\n二.zip：Abc123xy\n",
	  "Abc123xy" },
	{ "パスワードは以下です。\na.zip：X7z\nb.zip：Abc123xy\n", "Abc123xy" },
	{ "パスワードをお知らせいたします。\n\n資料.zip\nAbc123xy\n",
	  "Abc123xy" },
	{ "PW：Abc123xy", "Abc123xy" },
	{ "PW:Abc123xy", "Abc123xy" },
	{ "PW Abc123xy", "Abc123xy" },
	{ "pw→Abc123xy", "Abc123xy" },
	{ "P/W: Abc123xy", "Abc123xy" },
	{ "PWD=Abc123xy", "Abc123xy" },
	{ "pass:Abc123xy", "Abc123xy" },
	{ "Pass = Abc123xy", "Abc123xy" },
	{ "PASS：Abc123xy", "Abc123xy" },
	{ "passwd: Abc123xy", "Abc123xy" },
	{ "Password: Abc123xy", "Abc123xy" },
	{ "Password : Abc123xy", "Abc123xy" },
	{ "PASSWORD=Abc123xy", "Abc123xy" },
	{ "Password Abc123xy", "Abc123xy" },
	{ "password - Abc123xy", "Abc123xy" },
	{ "The password is Abc123xy.", "Abc123xy" },
	{ "The password is: Abc123xy", "Abc123xy" },
	{ "The password for the attached file is Abc123xy.", "Abc123xy" },
	{ "Password to open the zip file: Abc123xy", "Abc123xy" },
	{ "password for the archive = Abc123xy", "Abc123xy" },
	{ "The password is sakura.", "sakura" },
	{ "Use the following password: \"Abc123xy\"", "Abc123xy" },
	{ "Passcode: 847261", "847261" },
	{ "Your passcode is 847261.", "847261" },
	{ "passphrase: correct-horse-battery", "correct-horse-battery" },
	{ "Pass word: Abc123xy", "Abc123xy" },
	{ "ID: yamada / PW: Abc123xy", "Abc123xy" },
	{ "ユーザー：yamada　パスワード：Abc123xy", "Abc123xy" },
	/* in brackets */
	{ "パスワードは「Abc123xy」です。", "Abc123xy" },
	{ "パスワードは『Abc123xy』になります。", "Abc123xy" },
	{ "パスワード【Abc123xy】", "Abc123xy" },
	{ "パスワード［Abc123xy］", "Abc123xy" },
	{ "パスワード<Abc123xy>", "Abc123xy" },
	{ "パスワード：[Abc123xy]", "Abc123xy" },
	{ "パスワード（Abc123xy）", "Abc123xy" },
	{ "Password [Abc123xy]", "Abc123xy" },
	{ "Password: \"Abc123xy\"", "Abc123xy" },
	{ "Password: 'Abc123xy'", "Abc123xy" },
	{ "Password: “Abc123xy”", "Abc123xy" },
	{ "パスワードは「 Abc123xy 」です。", "Abc123xy" },
	{ "パスワードは｢Abc123xy｣です", "Abc123xy" },
	{ "パスワードは「さくら2026」です。", "さくら2026" },
	{ "【パスワード】Abc123xy", "Abc123xy" },
	{ "【パスワード】：Abc123xy", "Abc123xy" },
	{ "＜パスワード＞Abc123xy", "Abc123xy" },
	{ "[PASSWORD] Abc123xy", "Abc123xy" },
	{ "**Password:** Abc123xy", "Abc123xy" },
	{ "<PW>Abc123xy", "Abc123xy" },
	{ "■パスワード　Abc123xy", "Abc123xy" },
	{ "・PW　：Abc123xy", "Abc123xy" },
	/* marks at the end */
	{ "パスワードは Abc123xy。", "Abc123xy" },
	{ "パスワード：Abc123xy、よろしく", "Abc123xy" },
	{ "Password: Abc123xy.", "Abc123xy" },
	{ "Password: Abc123xy!", "Abc123xy!" },
	{ "Password: Abc123xy!", "Abc123xy" },
	{ "Password: Abc123xy,", "Abc123xy" },
	{ "(password: Abc123xy)", "Abc123xy" },
	{ "Password: p@ssW0rd#1", "p@ssW0rd#1" },
	{ "パスワード：=Kx9;q{T", "=Kx9;q{T" },
	{ "パスワード：20261122", "20261122" },
	{ "パスワード：sakura", "sakura" },
	/* below */
	{ "パスワード\nAbc123xy\n", "Abc123xy" },
	{ "パスワード：\nAbc123xy", "Abc123xy" },
	{ "パスワード：\r\n\r\nAbc123xy\r\n", "Abc123xy" },
	{ "パスワードは以下の通りです。\n\nAbc123xy\n", "Abc123xy" },
	{ "パスワードは下記のとおりとなります。\n　Abc123xy", "Abc123xy" },
	{ "パスワード：\n--------\nAbc123xy\n--------\n", "Abc123xy" },
	{ "パスワード\n━━━━━━━━\nAbc123xy\n━━━━━━━━", "Abc123xy" },
	{ "パスワードをお送りします。\n以下です。\n", "" },
	{ "パスワードを以下に記載します。\n■ Abc123xy", "Abc123xy" },
	{ "添付ファイルのパスワードは以下となります。\n"
	  "大文字小文字にご注意ください。\n\nAbc123xy\n",
	  "Abc123xy" },
	{ "パスワード：\n「Abc123xy」\n", "Abc123xy" },
	{ "パスワード\n　Abc123xy です。", "Abc123xy" },
	{ "> パスワード：\n>\n> Abc123xy\n", "Abc123xy" },
	{ ">> パスワード： Abc123xy", "Abc123xy" },
	{ "| パスワード | Abc123xy |", "Abc123xy" },
	{ "The password is as follows:\n\n  Abc123xy\n", "Abc123xy" },
	{ "Please find the password below.\n\nAbc123xy\n\nRegards",
	  "Abc123xy" },
	{ "Password:\nAbc123xy", "Abc123xy" },
	{ "パスワードは以下です。\nZIP：Abc123xy\n", "Abc123xy" },
	{ "解凍パスワードは次の通りです。\n\n　　ａｂｃ１２３ｘｙ\n",
	  "abc123xy" },
	{ "パスワード：\n\n\n\nAbc123xy", "Abc123xy" },
	/* as people write, too */
	{ "例のパス、Abc#23xy です。", "Abc#23xy" },
	{ "例のパスワード、Abc#23xy です。", "Abc#23xy" },
	{ "Here you go, password Abc#23xy for the zip.", "Abc#23xy" },
	{ "password Abc#23xy", "Abc#23xy" },
	{ "Use Abc#23xy as the password", "Abc#23xy" },
	{ "パスワードは先頭からAbc#23xyと入れてください", "Abc#23xy" },
	{ "PASS\nAbc#23xy", "Abc#23xy" },
	{ "pass: Abc#23xy", "Abc#23xy" },
	{ "パスワード Abc#23xy にて解凍願います", "Abc#23xy" },
	{ "Abc#23xy がパスワードです", "Abc#23xy" },
	{ "「Abc#23xy」がパスワードになります", "Abc#23xy" },
	{ "Abc#23xy（パスワード）", "Abc#23xy" },
	{ "zipの鍵は Abc#23xy です", "Abc#23xy" },
	{ "解凍するには Abc#23xy を入力してください", "Abc#23xy" },
	{ "解凍用：Abc#23xy", "Abc#23xy" },
	{ "ZIP解凍用のコード：Abc#23xy", "Abc#23xy" },
	{ "パスワードを送ります。\nAbc#23xy", "Abc#23xy" },
	{ "先ほどのメールのPWをお送りします。\n\nAbc#23xy\n", "Abc#23xy" },
	{ "添付ファイル解凍用パスワードをお知らせいたします。\n\n■ Abc#23xy",
	  "Abc#23xy" },
	{ "パスワードのご連絡です。\n\n以下となります。\n\nAbc#23xy\n",
	  "Abc#23xy" },
	{ "The password to open it is: Abc#23xy", "Abc#23xy" },
	{ "The password I promised: Abc#23xy", "Abc#23xy" },
	{ "PW は次のとおり Abc#23xy", "Abc#23xy" },
	{ "パスワードAbc#23xyです", "Abc#23xy" },
	{ "Pwd=Abc#23xy;", "Abc#23xy" },
	{ "Here is the password\nAbc#23xy\nRegards", "Abc#23xy" },
	{ "Kindly find the password below.\n\n Abc#23xy", "Abc#23xy" },
	{ "密码：Abc#23xy", "Abc#23xy" },
	{ "パスワード（zip）\nAbc#23xy", "Abc#23xy" },
	{ "パスワードは、件名の通り「Abc#23xy」です", "Abc#23xy" },
	{ "password for 資料.zip: Abc#23xy", "Abc#23xy" },
	{ "資料.zip のパスワード：Abc#23xy", "Abc#23xy" },
	{ "パスワード: 資料.zip → Abc#23xy", "Abc#23xy" },
	{ "ファイル名：資料.zip / パスワード：Abc#23xy", "Abc#23xy" },
	{ "1通目のPWは Abc#23xy、2通目は別です", "Abc#23xy" },
	{ "パスワードは忘れないうちに送ります Abc#23xy", "Abc#23xy" },
	{ "パスワードは「（Abc#23xy）」", "Abc#23xy" },
	{ "パスワードは↓\nAbc#23xy", "Abc#23xy" },
	{ "パスワード↓↓\n\nAbc#23xy", "Abc#23xy" },
	{ "パスワードは、\nAbc#23xy\nです。", "Abc#23xy" },
	{ "パスワード\n：Abc#23xy", "Abc#23xy" },
	{ "パスワードは\n\n　　Abc#23xy　　\n\nです", "Abc#23xy" },
	{ "ご依頼のパスワードですが、Abc#23xy でお願いいたします。",
	  "Abc#23xy" },
	{ "パスワードにつきましては Abc#23xy となります。", "Abc#23xy" },
	{ "パスワードには Abc#23xy を使ってください", "Abc#23xy" },
	{ "パスワードを Abc#23xy に設定しました", "Abc#23xy" },
	{ "パスワードをAbc#23xyとしております", "Abc#23xy" },
	{ "開く時は Abc#23xy", "Abc#23xy" },
	{ "解凍の際は Abc#23xy と入力してください", "Abc#23xy" },
	{ "「Abc#23xy」をパスワードとして設定しています。", "Abc#23xy" },
	{ "鍵は Abc#23xy です。", "Abc#23xy" },
	{ "お世話になります。\nPASS\n\nAbc#23xy\n", "Abc#23xy" },
	{ "パスワードを変更しましたので、今後は Abc#23xy となります。",
	  "Abc#23xy" },
	{ "비밀번호: Abc#23xy", "Abc#23xy" },
	{ "ハ"
	  "\xE3\x82\x9A"
	  "スワート"
	  "\xE3\x82\x99"
	  "：Abc#23xy",
	  "Abc#23xy" },
	{ "Abc#23xy is the password.", "Abc#23xy" },
	{ "Abc#23xy is your password for the file.", "Abc#23xy" },
	{ "(Abc#23xy as the password)", "Abc#23xy" },
	{ "「さくら2026」がパスワードです", "さくら2026" },
	{ "例のパス、kRtYwQzP です。", "kRtYwQzP" },
	{ "パスワード KrtYwqZp にて解凍願います", "KrtYwqZp" },
	/* spelled and said otherwise */
	{ "ぱすわーどは Abc#23xy です", "Abc#23xy" },
	{ "あいことばは Abc#23xy です", "Abc#23xy" },
	{ "パ ス ワ ー ド： Abc#23xy", "Abc#23xy" },
	{ "パ　ス　ワ　ー　ド　：　Abc#23xy", "Abc#23xy" },
	{ "P A S S W O R D : Abc#23xy", "Abc#23xy" },
	{ "The file can be opened with Abc#23xy.", "Abc#23xy" },
	{ "Please unzip using: Abc#23xy", "Abc#23xy" },
	{ "Your code to unlock the archive: Abc#23xy", "Abc#23xy" },
	{ "the zip password's Abc#23xy", "Abc#23xy" },
	{ "the zip password’s Abc#23xy", "Abc#23xy" },
	{ "添付資料のロックは Abc#23xy で解除できます", "Abc#23xy" },
	{ "さっきの資料のパスですが\nAbc#23xy\nでお願いします", "Abc#23xy" },
	/* the heading of a column */
	{ "ファイル名\tパスワード\n資料.zip\tAbc#23xy\n", "Abc#23xy" },
	{ "No\tPassword (zip)\tMemo\r\n1\tAbc#23xy\tx\r\n", "Abc#23xy" },
	{ "ファイル|解凍パスワード|備考\na.zip|Xyz#89ab|\nb.zip|Abc#23xy|\n",
	  "Abc#23xy" },
	{ "| ファイル | パスワード |\n|---|---|\n| 資料.zip | Abc#23xy |\n",
	  "Abc#23xy" },
	{ "ファイル｜パスワード\n資料.zip｜Ａｂｃ＃２３ｘｙ\n", "Abc#23xy" },
	{ "パスワード\tAbc#23xy\n期限\t2026/11/30\n", "Abc#23xy" },
};

static void
what_stands_behind_an_anchor_is_found(void **state)
{
	size_t failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(given); i++) {
		struct taken taken;

		find(given[i].text, WORDS_TEXT_LINES, &taken);
		if (given[i].word[0] != '\0' &&
		    !has(&taken, '+', given[i].word)) {
			print_error("%s\n got %s", given[i].text,
				    sbuf_text(&taken.words));
			failed++;
		}
		sbuf_done(&taken.words);
	}
	assert_int_equal(failed, 0);
}

/* Mails without a password, with and without words that look like anchors. */
static const char *const clean[] = {
	"",
	"いつもお世話になっております。打合せは11月25日14時からです。",
	"パスポート番号をお知らせください。AB1234567",
	"キャンパス：東京 A12B34",
	"コンパス: X1Y2Z3 バイパス：R246B",
	"パスタ：Carbonara2",
	"Please pass this on to Room12 by Friday.",
	"The bypass: A1B2C3 and the compass: N0rth",
	"passport: AB1234567, passenger: S33T",
	"He will pass. Ticket42 follows.",
	"the pw1-board and spw:X1 stay",
	"パスワードは別途お送りいたします。",
	"パスワードは別メールにてご連絡します。\n\n山田太郎\nYamada1234",
	"パスワードは後ほどお送りします。よろしくお願いいたします。",
	"パスワードを忘れた方は https://www.example.co.jp/reset?id=A1b2 へ",
	"パスワードの有効期限は90日です。",
	"パスワードを変更してください。",
	"パスワード：（別途ご連絡）",
	"パスワードについてのお問い合わせは help@example.co.jp まで",
	"This file is password protected.",
	"A password is required to open the file.",
	"Your password will expire on Friday.",
	"Please change your password at https://www.example.com/p?x=Y1",
	"The password will be sent separately.\n\nBest regards,\nTaro\n",
	"Forgot your password?",
	"password manager, password policy and password reset",
	"Password: ********",
	"パスワード：＊＊＊＊＊＊＊＊",
	"パスワード：list.xlsx をご覧ください",
	"解凍してご確認ください。Ver2.0.1",
	"展開図 A4-1234 開封済み 合計 12345 場合 A1B2",
	"pin: the board on the wall",
	"Inspect the pin 12 and pin 13 of IC4.",
	"PWM: 12V, PWA-100, spwd",
	"パスワードの有効期限は2026年12月31日です。",
	"パスワードはTeamsで送ります。",
	"パスワードはSlackでお送りしました。",
	"パスワードはWindowsのログインと同じものをお使いください。",
	"パスワード付きzipはISO27001の規定により廃止しました。",
	"パスワードを忘れた方はA棟1234号室へ。",
	"解凍するには 7-Zip が必要です。",
	"解凍するには Lhaplus1.74 をインストールしてください。",
	"開くには Office365 のライセンスが要ります。",
	"Office365 がパスワードを要求します。",
	"会員番号A1234567（パスワード忘れの方はこちら）",
	"公開鍵は ssh-ed25519 です。",
	"玄関の鍵は管理人室にあります。",
	"鍵の番号は後ほどお知らせします。",
	"Use the same login as the password manager shows.",
	"We use Argon2id as the password hash.",
	"Set it as password protected.",
	"The password policy: at least twelve characters.",
	"パスワードの件、承知しました。\n\n山田太郎\n内線 4711\nYamada1234",
	"PASSは現地でお渡しします。\nRoom1234 にお越しください。",
	"このパス、C:\\Users\\taro123 を開いてください。",
	"コンパス、X1Y2Z3Q です。",
	"He will pass\nTicket42 follows.",
	"合格は pass\nとなります",
	"解凍後は Readme2.txt をご覧ください。",
	"展開用の資材 A1234-56 を発注しました。",
	"パスワードの件、LibreOffice にて確認しました。",
	"This password JavaScript to be reviewed.",
	"Zoom: https://example.com/j/123?pwd=Abc123 ID 123",
	"https://example.com/a?x=1&pass=Abc123",
	"パス: C:\\Users\\taro\\Doc1",
	"共有フォルダのパスは \\\\sv01\\share\\R8 です",
	"パス：/usr/local/bin2",
	"鍵は総務の田中さん(内線1234)が持っています",
	"パスワード付きzipを廃止しました(PPAP2026)。",
	"ブロックは Room1234 となります",
	"It can be opened with Excel2019.",
	"Unzip with WinRAR5.1.",
	"Unlock your savings: Sale2026",
	"会議\tパスワード期限\nA\tRoom1234\n",
	"パスワードは明日10時にご連絡します。",
	"パスワードは半角8文字です",
	"パスワードは当社の電話番号下4桁です",
	"パスワード：いつもの",
	"パスワード：別紙参照",
	"パスワード：社名＋日付",
	"パスワードは必要ありません。",
	"パスワード：営業部の山田まで",
	"パスワードは三回まちがえるとロックされます",
	"パスワードは英数8字以上。",
	"パスワードは総務2課で管理",
	"パスワードに関する注意：重要",
	"パスワード管理：情報システム部2課",
	"パスワードは以下の通りです\n第2会議室にあります",
	"検索キーワード：iPhone15Pro",
	"今月のキーワード：ISO27001",
	"キーワードは「DX2026」です",
};

static void
a_clean_mail_gives_no_word(void **state)
{
	size_t failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(clean); i++) {
		struct taken taken;

		find(clean[i], WORDS_TEXT_LINES, &taken);
		if (taken.sure > 0) {
			print_error("%s\n got %s", clean[i],
				    sbuf_text(&taken.words));
			failed++;
		}
		sbuf_done(&taken.words);
	}
	assert_int_equal(failed, 0);
}

static const struct phrase names[] = {
	{ "資料_pw1234.zip", "1234" },
	{ "list_PW-Abc123xy.zip", "Abc123xy" },
	{ "パスワードはAbc123xy.zip", "Abc123xy" },
	{ "invoice(pass=Abc123xy).zip", "Abc123xy" },
	{ "password_20261122.zip", "20261122" },
	{ "見積書【パスワード：Abc123xy】.zip", "Abc123xy" },
};

static void
a_name_of_a_file_may_say_it(void **state)
{
	size_t failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct taken taken;

		find(names[i].text, WORDS_TEXT_NAMES, &taken);
		if (!has(&taken, '+', names[i].word) &&
		    !has(&taken, '-', names[i].word)) {
			print_error("%s\n got %s", names[i].text,
				    sbuf_text(&taken.words));
			failed++;
		}
		sbuf_done(&taken.words);
	}
	assert_int_equal(failed, 0);
}

/* Made to keep us busy: it must end, and soon. */
static void
many_anchors_and_long_lines_end(void **state)
{
	struct sbuf text;
	struct taken taken;

	(void)state;
	sbuf_init(&text, 1 << 20);
	while (text.len_bytes < 1 << 19)
		sbuf_add_text(&text, "パスワードパス：（（「「『『PW PW pass:");
	find(sbuf_text(&text), WORDS_TEXT_LINES, &taken);
	sbuf_done(&taken.words);
	sbuf_done(&text);
}

/* Every start of every phrase, cut in the middle of a character, too. */
static void
every_prefix_is_read_within_its_bytes(void **state)
{
	char text[400];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(given); i++)
		for (size_t len = 0; len < strlen(given[i].text); len++) {
			struct taken taken;

			memcpy(text, given[i].text, len);
			text[len] = '\0';
			find(text, WORDS_TEXT_LINES, &taken);
			sbuf_done(&taken.words);
		}
}

/* Blocks of text are looked at at once. */
static void
an_anchor_is_found_wherever_it_stands(void **state)
{
	static const char *const spellings[] = {
#define ANCHOR(text, kind) text,
#include "scanners/locks/words_anchors.def"
#undef ANCHOR
		"ﾊﾟｽﾜｰﾄﾞ", "ハ\xE3\x82\x9Aスワード", "ＰＡＳＳＷＯＲＤ",
		"P/W",     "zipのキーワード",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(spellings); i++)
		for (size_t before = 0; before < 40; before++) {
			struct taken taken;
			char text[120];

			/* Nothing by itself. */
			if (strcmp(spellings[i], "キーワード") == 0)
				continue;
			(void)snprintf(
				text, sizeof(text), "%.*s%s: Abc123xy",
				(int)before,
				"........................................",
				spellings[i]);
			find(text, WORDS_TEXT_LINES, &taken);
			if (!has(&taken, '+', "Abc123xy"))
				fail_msg("%s", text);
			sbuf_done(&taken.words);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_stands_behind_an_anchor_is_found),
		cmocka_unit_test(a_clean_mail_gives_no_word),
		cmocka_unit_test(a_name_of_a_file_may_say_it),
		cmocka_unit_test(many_anchors_and_long_lines_end),
		cmocka_unit_test(every_prefix_is_read_within_its_bytes),
		cmocka_unit_test(an_anchor_is_found_wherever_it_stands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
