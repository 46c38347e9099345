/*
 * decision.h - what is known and decided about one mail, on its way through
 * examine.c, related.c and carry_out.c.
 *
 * Layer:    milter/policy, private to finish.c and these
 */
#ifndef MILTER_POLICY_DECISION_H
#define MILTER_POLICY_DECISION_H

#include "milter/policy/finish.h"
#include "milter/policy/plan.h"

/* Mail that is passed without asking the policy. */
enum decision_pass {
	PASS_NONE = 0,
	PASS_TICKET, /* we released it ourselves */
	PASS_BOUNCE  /* a bounce of what we released, now an event */
};

/* A scan in one profile. */
struct decision_scan {
	struct scan_reply *reply; /* owns what report points to */
	struct scan_report report;
	bool has_report;
	struct report_opaque opaque_room;
};

/* What other mails between the same people told. */
struct decision_related {
	bool asked;
	struct wire_arena *arena; /* behind the rest */
	struct scan_word *words;  /* tried on what is locked */
	size_t word_count;
	const struct vault_wait *waits; /* in the order of recipients */
	size_t wait_count;
};
void decision_related_done(struct decision_related *related);

struct decision {
	const struct finish *finish;
	struct mail *mail; /* its refusal is the decision's */
	const struct session_client *client;
	const struct mta *mta;
	bool monitor;
	char queue_id[128];
	int mail_fd; /* borrowed from the spool */
	int64_t deadline_mono_ms;
	uint8_t digest[DIGEST_BYTES];
	bool mta_gone; /* smfi_progress() failed */
	enum decision_pass pass;
	/* What rules see but recipient and reports; borrows from the mail. */
	struct policy_facts facts;
	struct decision_scan scans[REPORT_PROFILE_END];
	struct decision_related related;
	struct plan plan;
	uint8_t case_id[CASE_ID_BYTES]; /* of the first case */
	size_t case_count;
	bool joined;
};

/*
 * Find out what the mail is: ticket, scans, bounce. Afterwards there is a
 * refusal, a pass, or a report in each profile that some rule needs.
 */
void decision_examine(struct decision *d);

/* The report in profile, or when the mail was not scanned in it another one;
 * NULL: there is none. */
const struct scan_report *
decision_report(const struct decision *d, enum report_profile profile);

/* Recipients as requests to the vault name them; free() the result. NULL: no
 * memory. */
struct case_recipient *decision_recipients(const struct mail *mail);

/*
 * related.c: hand words of the mail to the vault and ask for others, once,
 * when there are words, or locks that stayed closed. A mail that names a
 * password is refused when the vault cannot say what it waits with.
 * True: there are words for what is locked.
 */
bool decision_ask_related(struct decision *d, const struct scan_report *report);
/* Hand over what has opened something in a scan with words. */
void decision_tell_opened(struct decision *d, const struct scan_report *report);
/* Hold those who would have the mail but should wait with a held one. */
void decision_add_waits(struct decision *d);

/*
 * Do what the plan says, in order: hold, remove our fields, tag, delete
 * recipients. The answer is the MTA's, also for a refusal.
 */
enum mta_answer decision_carry_out(struct decision *d);

/*
 * Make a case of every group of held recipients; hold.c. True when all are
 * durable; otherwise the mail has a refusal.
 */
bool decision_hold(struct decision *d);

/* Tell the MTA that we live; when it is gone, remember that. */
void decision_progress(struct decision *d);

#endif
