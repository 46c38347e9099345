noinst_LIBRARIES += milter/libmilter_session.a
milter_libmilter_session_a_SOURCES = \
	milter/actions/action.c \
	milter/actions/action.h \
	milter/actions/action_deliver.c \
	milter/actions/action_hold.c \
	milter/actions/action_link.c \
	milter/actions/action_reject.c \
	milter/actions/action_tag.c \
	milter/actions/actions.def \
	milter/links/pairs.c \
	milter/links/pairs.h \
	milter/links/scan_pool.c \
	milter/links/scan_pool.h \
	milter/links/settings.c \
	milter/links/settings.h \
	milter/links/vault_link.c \
	milter/links/vault_link.h \
	milter/policy/carry_out.c \
	milter/policy/decision.h \
	milter/policy/examine.c \
	milter/policy/finish.c \
	milter/policy/finish.h \
	milter/policy/hold.c \
	milter/policy/plan.c \
	milter/policy/plan.h \
	milter/policy/related.c \
	milter/session/header.c \
	milter/session/header.h \
	milter/session/header_address.c \
	milter/session/mail.c \
	milter/session/mail.h \
	milter/session/mail_senders.c \
	milter/session/mta.h \
	milter/session/refusal.c \
	milter/session/refusal.h \
	milter/session/session.c \
	milter/session/session.h \
	milter/session/session_table.c \
	milter/session/session_table.h \
	milter/session/spool.c \
	milter/session/spool.h

pkglibexec_PROGRAMS += sekimori-milter
sekimori_milter_SOURCES = \
	milter/glue_libmilter.c \
	milter/glue_libmilter.h \
	milter/main.c \
	milter/policy_test.c \
	milter/policy_test.h \
	milter/serve.c \
	milter/serve.h
sekimori_milter_LDADD = milter/libmilter_session.a vault/libvaultclient.a \
	scanners/libscanclient.a lib/libcrypto.a lib/libproc.a $(config_libs) \
	lib/libreport.a lib/libwire.a lib/libbase.a $(MILTER_LIBS) \
	$(OPENSSL_LIBS) $(ARGON2_LIBS) -lpthread -lm
