noinst_LIBRARIES += scanners/libengine.a
scanners_libengine_a_SOURCES = \
	scanners/worker/engine.c \
	scanners/worker/engine.h \
	scanners/worker/engine_budget.c \
	scanners/worker/engine_budget.h \
	scanners/worker/engine_hide.c \
	scanners/worker/engine_hide.h \
	scanners/worker/engine_hide_tokens.c \
	scanners/worker/engine_join.c \
	scanners/worker/engine_known.c \
	scanners/worker/engine_known.h \
	scanners/worker/engine_list.c \
	scanners/worker/engine_list.h \
	scanners/worker/engine_locks.c \
	scanners/worker/engine_locks.h \
	scanners/worker/engine_unlock.c \
	scanners/worker/engine_path.c \
	scanners/worker/engine_path.h \
	scanners/worker/engine_record.c \
	scanners/worker/engine_report.c \
	scanners/worker/engine_search.c \
	scanners/worker/engine_search.h \
	scanners/worker/engine_sink.c \
	scanners/worker/engine_remote.c \
	scanners/worker/engine_state.h \
	scanners/worker/engine_sweep.c \
	scanners/worker/engine_sweep.h \
	scanners/worker/preview_build.c \
	scanners/worker/preview_build.h \
	scanners/worker/preview_collect.c \
	scanners/worker/preview_collect.h \
	scanners/worker/preview_thin.c \
	scanners/worker/preview_words.c \
	scanners/worker/preview_words.h \
	scanners/worker/remote.h \
	scanners/worker/remote_messages.c \
	scanners/worker/remote_read.c \
	scanners/worker/sweep_window.c \
	scanners/worker/sweep_window.h \
	scanners/worker/worker_note.c \
	scanners/worker/worker_note.h

pkglibexec_PROGRAMS += sekimori-worker-mail
sekimori_worker_mail_SOURCES = \
	scanners/worker/worker_alarm.c \
	scanners/worker/worker_alarm.h \
	scanners/worker/worker_life.c \
	scanners/worker/worker_life.h \
	scanners/worker/worker_main.c \
	scanners/worker/worker_messages.c \
	scanners/worker/worker_messages.h \
	scanners/worker/worker_template.c \
	scanners/worker/worker_template.h \
	scanners/worker/worker_warm.c \
	scanners/worker/worker_warm.h
sekimori_worker_mail_LDADD = scanners/librewrite.a scanners/libengine.a scanners/liblocks.a scanners/libreaders.a \
	scanners/libscanclient.a \
	lib/libsandbox.a lib/libproc.a lib/libwords.a lib/libreport.a lib/libwire.a \
	lib/libbase.a $(SECCOMP_LIBS) $(ARCHIVE_LIBS) $(EXPAT_LIBS) \
	$(MAGIC_LIBS) $(PCRE2_LIBS) -lz -lm
