#include <stdio.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/report/pictures.h"
#include "lib/report/preview.h"
#include "tests/quarantine-ui/fake_vault.h"

static const char *const subjects[FAKE_CASES] = {
	"年末調整の書類をお送りします",
	("【至急】扶養控除等申告書（令和8年分）と従業員名簿、社会保険の資格取得届"
	 "をまとめて送付いたしますのでご確認ください"),
	"FW: invoice ****2231 and list",
	"図面データ",
	"社労士の先生へ",
	"テスト",
};

void
fake_case_line(const struct fake_case *from, size_t i, size_t user,
	       struct vault_case_line *line)
{
	static const char *const recipients[FAKE_CASES] = {
		"tanaka@sharoushi.example.com",
		("office@zeirishi.example.com, "
		 "very.long.mailbox.name.of.the.social.insurance.department"
		 "@subdomain.of.a.partner.example.com, info@example.org"),
		"bob@example.net",
		"design@example.com",
		"sato@sharoushi.example.com",
		"someone@example.com",
	};
	static const enum report_level levels[FAKE_CASES] = {
		REPORT_LEVEL_SURE, REPORT_LEVEL_SURE, REPORT_LEVEL_SUSPECT,
		REPORT_LEVEL_NONE, REPORT_LEVEL_SURE, REPORT_LEVEL_SURE
	};
	static const int64_t scores[FAKE_CASES] = { 30, 44, 2, 0, 18, 12 };
	static const uint64_t numbers[FAKE_CASES] = { 1, 38, 2, 0, 3, 1 };
	static const char *const where[FAKE_CASES] = {
		"text 1", "xlsx 37, text 1", "text 2",
		"zip ?",  "xlsx 3",          "text 1"
	};
	const int64_t now = clock_unix_ms();
	const int64_t minute = 60000;

	*line = (struct vault_case_line){
		.state = from->state,
		.envelope_sender =
			i == 4 ? "hanako@example.co.jp" : "taro@example.co.jp",
		.recipients_text = recipients[i],
		.recipient_count = i == 1 ? 12 : 1,
		.subject = subjects[i],
		.number_count = numbers[i],
		.verdict = i == 3 ? REPORT_VERDICT_UNSCANNABLE
				  : REPORT_VERDICT_FOUND,
		.level = levels[i],
		.score_db = scores[i],
		.rule = "外向きの個人番号は確認してから",
		.received_unix_ms = now - minute * (int64_t)(i * i * 95 + 4),
		.deadline_unix_ms = now + minute * (int64_t)(9000 - i * 1900),
		.own = i == 4 ? user == 0 : user == 1,
		.parts_text = where[i],
		.commented = i == 1,
	};
	memcpy(line->case_id, from->id, sizeof(line->case_id));
}

static const struct report_term sure_terms[] = {
	{ "prior", -30 },    { "check.valid", 10 },    { "label.adjacent", 35 },
	{ "rival.none", 5 }, { "grouping.spaces", 7 }, { "shape.none", 3 },
};
static const struct report_term column_terms[] = {
	{ "prior", -30 },
	{ "check.valid", 10 },
	{ "label.header", 35 },
	{ "rival.none", 5 },
	{ "grouping.single-digits", 10 },
	{ "shape.none", 3 },
	{ "person.birth", 8 },
	{ "person.name", 3 },
};
static const struct report_term suspect_terms[] = {
	{ "prior", -30 },     { "check.valid", 10 },   { "label.line", 25 },
	{ "rival.near", -3 }, { "grouping.bare", -1 }, { "shape.none", 3 },
};

static const struct report_term lone_terms[] = {
	{ "prior", -30 },      { "profile.strict-unlabelled", 27 },
	{ "check.valid", 10 }, { "label.none", -12 },
	{ "rival.none", 5 },   { "grouping.bare", -1 },
	{ "shape.none", 3 },
};

static const struct report_finding lone_finding = { "1",
						    "line 3",
						    "********0026",
						    "",
						    "明細 ************",
						    1,
						    1,
						    REPORT_LEVEL_SUSPECT,
						    2,
						    lone_terms,
						    ARRAY_LEN(lone_terms) };

static const struct report_finding findings[] = {
	{ "1", "line 7", "********9018", "",
	  "山田太郎のマイナンバーは ************ です。", 1, 1,
	  REPORT_LEVEL_SURE, 30, sure_terms, ARRAY_LEN(sure_terms) },
	{ "2/名簿.xlsx", "個人番号!C7:C44", "********4467", "",
	  "氏名 生年月日 個人番号", 2, 38, REPORT_LEVEL_SURE, 44, column_terms,
	  ARRAY_LEN(column_terms) },
	{ "1", "line 12", "********0026", "", "注文番号 ************", 3, 1,
	  REPORT_LEVEL_SUSPECT, 4, suspect_terms, ARRAY_LEN(suspect_terms) },
};

static const struct report_part parts[] = {
	{ "1", "", "text", 1482, false, false },
	{ "2", "従業員名簿.zip", "zip", 48211, true, false },
	{ "2/名簿.xlsx", "名簿.xlsx", "xlsx", 51200, true, false },
	{ "2/scan.tif", "scan.tif", "image", 812211, true, false },
	{ "3", "card.pdf", "pdf", 4812211, true, true },
	{ "4", "", "image/jpeg", 184211, false, false },
	{ "5", "", "image/png", 3211, false, false },
};

static const struct report_opaque opaques[] = {
	{ "3", REPORT_REASON_LOCKED, "" },
	{ "2/scan.tif", REPORT_REASON_IMAGE, "tiff" },
	{ "4", REPORT_REASON_IMAGE, "image/jpeg" PICTURES_SHOWN },
	{ "5", REPORT_REASON_IMAGE, "image/png" PICTURES_SHOWN },
};

void
fake_case_report(size_t i, bool spoiled, struct sbuf *payload)
{
	static const uint64_t numbers[FAKE_CASES] = { 1, 38, 2, 0, 3, 1 };
	struct scan_report report = {
		.verdict = REPORT_VERDICT_FOUND,
		.level = REPORT_LEVEL_SURE,
		.score_db = 44,
		.number_count = numbers[i],
		.ambiguous = i == 1,
		.elapsed_ms = 12,
		.findings = findings,
		.finding_count = i == 1 ? 3 : 1,
		.opaques = opaques,
		.opaque_count = i == 1 ? ARRAY_LEN(opaques) : 0,
		.parts = parts,
		.part_count = i == 1 ? ARRAY_LEN(parts) : 1,
		.dsn = { "", "", "", "" },
		.profile = REPORT_PROFILE_STANDARD,
	};
	struct err err = { .st = ST_OK };

	if (i == 2) {
		report.findings = &lone_finding;
		report.level = REPORT_LEVEL_SUSPECT;
		report.profile = REPORT_PROFILE_STRICT;
	} else if (i == 3) {
		report.verdict = REPORT_VERDICT_UNSCANNABLE;
		report.level = REPORT_LEVEL_NONE;
		report.finding_count = 0;
		report.opaque_count = 1;
	}
	if (spoiled)
		report.verdict = REPORT_VERDICT_CLEAN;
	if (wire_encode(&report_table, &report, payload, &err) != ST_OK)
		(void)fprintf(stderr, "fake vault: %s\n", err.text);
}

void
fake_case_locks(bool opened, struct sbuf *payload)
{
	static const struct report_part files[] = {
		{ "1", "", "text", 320, false, false },
		{ "2", "図面データ_20261122.zip", "zip", 48211, true, true },
		{ "3", "お見積書.7z", "7z", 8211, true, false },
	};
	static const struct report_opaque closed = { "2", REPORT_REASON_LOCKED,
						     "zip: ZipCrypto" };
	const struct report_lock locks[] = {
		{ "3", "7z: AES-256", true, REPORT_WORD_SOURCE_BODY },
		{ "2", "zip: ZipCrypto", opened,
		  opened ? REPORT_WORD_SOURCE_SENDER
			 : REPORT_WORD_SOURCE_NONE },
	};
	const struct scan_report report = {
		.verdict = opened ? REPORT_VERDICT_CLEAN
				  : REPORT_VERDICT_UNSCANNABLE,
		.opaques = &closed,
		.opaque_count = !opened,
		.parts = files,
		.part_count = ARRAY_LEN(files),
		.dsn = { "", "", "", "" },
		.profile = REPORT_PROFILE_STANDARD,
		.locks = locks,
		.lock_count = ARRAY_LEN(locks),
	};
	struct err err = { .st = ST_OK };

	if (wire_encode(&report_table, &report, payload, &err) != ST_OK)
		(void)fprintf(stderr, "fake vault: %s\n", err.text);
}

static const struct preview_line text_lines[] = {
	{ "line 1", "社会保険労務士 田中先生", false },
	{ "line 2", "", false },
	{ "line 3", "いつもお世話になっております。山田です。", false },
	{ "line 4", "年末調整の書類一式をお送りします。ご確認ください。",
	  false },
	{ "line 5", "", false },
	{ "line 6", "・扶養控除等申告書　3名分", false },
	{ "line 7", "山田太郎のマイナンバーは ●●●● ●●●● ●●●● です。", true },
	{ "line 8", "生年月日は昭和●●年です。<b>太字ではない</b>", false },
	{ "line 9", "", false },
	{ "line 10", "どうぞよろしくお願いいたします。", false },
	{ "line 11", "山田太郎　総務部　03-1234-5678", false },
	{ "line 12", "注文番号 ●●●●●●●●●●●●", true },
};
static const struct preview_line table_lines[] = {
	{ "個人番号!6", "氏名\t生年月日\t個人番号\t部署", false },
	{ "個人番号!7", "山田 太郎\t1980-04-01\t●●●●●●●●●●●●\t総務", true },
	{ "個人番号!8", "佐藤 花子\t1991-11-30\t●●●●●●●●●●●●\t営業", true },
	{ "個人番号!9", "鈴木 一郎\t1975-02-14\t●●●●●●●●●●●●\t製造", true },
};

void
fake_case_preview(size_t i, bool revealed, struct sbuf *payload)
{
	static const struct preview_line shown_lines[] = {
		{ "line 7", "山田太郎のマイナンバーは 1234 5678 9018 です。",
		  true },
	};
	const struct preview_part shown = { "1",
					    "",
					    "text",
					    false,
					    false,
					    shown_lines,
					    ARRAY_LEN(shown_lines) };
	const struct preview_part both[] = {
		{ "1", "", "text", false, false, text_lines,
		  ARRAY_LEN(text_lines) },
		{ "2/名簿.xlsx", "名簿.xlsx", "xlsx", true, true, table_lines,
		  ARRAY_LEN(table_lines) },
	};
	const struct preview preview = { .revealed = revealed,
					 .cut = i == 1,
					 .parts = revealed ? &shown : both,
					 .part_count =
						 i == 1 && !revealed ? 2 : 1 };
	struct err err = { .st = ST_OK };

	if (wire_encode(&preview_table, &preview, payload, &err) != ST_OK)
		(void)fprintf(stderr, "fake vault: %s\n", err.text);
}
