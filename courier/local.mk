noinst_LIBRARIES += courier/libsmtp.a
courier_libsmtp_a_CPPFLAGS = $(AM_CPPFLAGS) $(OPENSSL_CFLAGS)
courier_libsmtp_a_SOURCES = \
	courier/smtp/smtp_args.c \
	courier/smtp/smtp_args.h \
	courier/smtp/smtp_client.c \
	courier/smtp/smtp_client.h \
	courier/smtp/smtp_data.c \
	courier/smtp/smtp_data.h \
	courier/smtp/smtp_reply.c \
	courier/smtp/smtp_reply.h \
	courier/smtp/smtp_session.c \
	courier/smtp/smtp_session.h \
	courier/smtp/smtp_stream.c \
	courier/smtp/smtp_stream.h \
	courier/smtp/tls.c \
	courier/smtp/tls.h \
	courier/smtp/wait.c \
	courier/smtp/wait.h

# What a notice is; also linked by "sekimori notice".
noinst_LIBRARIES += courier/libnotices.a
courier_libnotices_a_SOURCES = \
	courier/notices/compose.c \
	courier/notices/compose.h \
	courier/notices/html.c \
	courier/notices/html.h \
	courier/notices/layout.c \
	courier/notices/layout.h \
	courier/notices/letter.c \
	courier/notices/letter.h \
	courier/notices/link_part.c \
	courier/notices/link_part.h \
	courier/notices/notices.c \
	courier/notices/notices.def \
	courier/notices/notices.h \
	courier/notices/picture.c \
	courier/notices/picture.h \
	courier/notices/plain.c \
	courier/notices/plain.h \
	courier/notices/sample.c \
	courier/notices/sample.h \
	courier/notices/template.c \
	courier/notices/template.h \
	courier/notices/words.c \
	courier/notices/words.h \
	courier/notices/words_link.c \
	courier/notices/words_link.h \
	courier/notices/words_time.c \
	courier/notices/words_time.h

# Everything else of the courier but main(), so that tests can drive it.
noinst_LIBRARIES += courier/libcourier.a
courier_libcourier_a_SOURCES = \
	courier/jobs/job.c \
	courier/jobs/job.h \
	courier/jobs/job_compose.c \
	courier/jobs/job_compose.h \
	courier/jobs/job_desk.c \
	courier/jobs/job_desk.h \
	courier/jobs/job_digest.c \
	courier/jobs/job_give_back.c \
	courier/jobs/job_link.c \
	courier/jobs/job_loop.c \
	courier/jobs/job_loop.h \
	courier/jobs/job_notice.c \
	courier/jobs/job_preview.c \
	courier/jobs/job_release.c \
	courier/jobs/job_rescan.c \
	courier/jobs/job_rewrite.c \
	courier/jobs/job_send.c \
	courier/jobs/job_send.h \
	courier/jobs/job_unlock.c \
	courier/jobs/jobs.def \
	courier/pause.c \
	courier/pause.h \
	courier/setup.c \
	courier/setup.h \
	courier/timers/self_test.c \
	courier/timers/self_test.h \
	courier/timers/self_test_mail.c \
	courier/timers/self_test_mail.h \
	courier/timers/timers.c \
	courier/timers/timers.h

courier_libs = courier/libcourier.a courier/libnotices.a courier/libsmtp.a \
	vault/libvaultclient.a scanners/libscanclient.a \
	lib/libconfig.a lib/libwords.a lib/libcrypto.a lib/libproc.a \
	lib/libi18n.a \
	lib/libreport.a lib/libwire.a lib/libbase.a \
	$(CONFUSE_LIBS) $(PCRE2_LIBS) $(OPENSSL_LIBS) $(ARGON2_LIBS) \
	$(SECCOMP_LIBS) -lpthread -lm

pkglibexec_PROGRAMS += sekimori-courier
sekimori_courier_SOURCES = courier/main.c
sekimori_courier_LDADD = $(courier_libs)
