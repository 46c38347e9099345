# Tests of vault/case and vault/server.
mail_harness = tests/vault/mail_harness.c tests/vault/mail_harness.h
case_harness = tests/vault/case_harness.c tests/vault/case_harness.h \
	$(mail_harness) $(key_harness)
unit_tests += tests/vault/test_rescan
tests_vault_test_rescan_SOURCES = tests/vault/test_rescan.c $(case_harness)
tests_vault_test_rescan_LDADD = $(vault_libs) $(LDADD)
unit_tests += tests/vault/test_daemon
tests_vault_test_daemon_SOURCES = tests/vault/test_daemon.c $(mail_harness) \
	$(store_harness)
tests_vault_test_daemon_LDADD = $(vault_libs) $(LDADD)
tests_vault_test_daemon_DEPENDENCIES = sekimori-vault$(EXEEXT) $(vault_libs)
unit_tests += tests/vault/test_case_table
tests_vault_test_case_table_SOURCES = tests/vault/test_case_table.c
tests_vault_test_case_table_LDADD = $(vault_libs) $(LDADD)
unit_tests += tests/vault/test_decide tests/vault/test_job
tests_vault_test_decide_SOURCES = tests/vault/test_decide.c $(case_harness)
tests_vault_test_decide_LDADD = $(vault_libs) $(LDADD)
tests_vault_test_job_SOURCES = tests/vault/test_job.c $(case_harness)
tests_vault_test_job_LDADD = $(vault_libs) $(LDADD)
link_harness = tests/vault/link_harness.c tests/vault/link_harness.h \
	$(case_harness)
unit_tests += tests/vault/test_link_seal tests/vault/test_link_flow \
	tests/vault/test_link_choice tests/vault/test_link_stolen \
	tests/vault/test_link_pictures
tests_vault_test_link_pictures_SOURCES = tests/vault/test_link_pictures.c $(link_harness)
tests_vault_test_link_pictures_LDADD = $(vault_libs) $(LDADD)
tests_vault_test_link_stolen_SOURCES = tests/vault/test_link_stolen.c $(link_harness)
tests_vault_test_link_stolen_LDADD = $(vault_libs) $(LDADD)
tests_vault_test_link_choice_SOURCES = tests/vault/test_link_choice.c $(link_harness)
tests_vault_test_link_choice_LDADD = $(vault_libs) $(LDADD)
tests_vault_test_link_seal_SOURCES = tests/vault/test_link_seal.c \
	tests/vault/faulty.c tests/vault/faulty.h $(link_harness)
tests_vault_test_link_seal_LDADD = $(vault_libs) $(LDADD)
tests_vault_test_link_flow_SOURCES = tests/vault/test_link_flow.c $(link_harness)
tests_vault_test_link_flow_LDADD = $(vault_libs) $(LDADD)
unit_tests += tests/vault/test_account tests/vault/test_dispatch
tests_vault_test_account_SOURCES = tests/vault/test_account.c $(case_harness)
tests_vault_test_account_LDADD = $(vault_libs) $(LDADD)
tests_vault_test_dispatch_SOURCES = tests/vault/test_dispatch.c $(case_harness)
tests_vault_test_dispatch_LDADD = $(vault_libs) $(LDADD)
unlock_harness = tests/vault/unlock_harness.c tests/vault/unlock_harness.h \
	$(case_harness)
unit_tests += tests/vault/test_unlock tests/vault/test_unlock_search
tests_vault_test_unlock_SOURCES = tests/vault/test_unlock.c $(unlock_harness)
tests_vault_test_unlock_LDADD = $(vault_libs) $(LDADD)
tests_vault_test_unlock_search_SOURCES = tests/vault/test_unlock_search.c \
	$(unlock_harness)
tests_vault_test_unlock_search_LDADD = $(vault_libs) $(LDADD)
unit_tests += tests/vault/test_view
tests_vault_test_view_SOURCES = tests/vault/test_view.c $(case_harness)
tests_vault_test_view_LDADD = $(vault_libs) $(LDADD)
unit_tests += tests/fuzz/fuzz_vault_message
tests_fuzz_fuzz_vault_message_SOURCES = tests/fuzz/fuzz_vault_message.c $(fuzz_replay)
tests_fuzz_fuzz_vault_message_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"vault_message"'
tests_fuzz_fuzz_vault_message_LDADD = vault/libvaultclient.a $(LDADD)
unit_tests += tests/vault/test_intake
tests_vault_test_intake_SOURCES = tests/vault/test_intake.c $(case_harness)
tests_vault_test_intake_LDADD = $(vault_libs) $(LDADD)
unit_tests += tests/vault/test_case_index
tests_vault_test_case_index_SOURCES = tests/vault/test_case_index.c $(case_harness)
tests_vault_test_case_index_LDADD = $(vault_libs) $(LDADD)
unit_tests += tests/vault/test_coverage
tests_vault_test_coverage_SOURCES = tests/vault/test_coverage.c $(case_harness)
tests_vault_test_coverage_LDADD = $(vault_libs) $(LDADD)
unit_tests += tests/vault/test_entry tests/vault/test_factor tests/vault/test_session
tests_vault_test_entry_SOURCES = tests/vault/test_entry.c $(case_harness)
tests_vault_test_entry_LDADD = $(vault_libs) $(LDADD)
factor_harness = tests/vault/factor_harness.c tests/vault/factor_harness.h \
	$(case_harness)
unit_tests += tests/vault/test_factor_lock
tests_vault_test_factor_lock_SOURCES = tests/vault/test_factor_lock.c $(factor_harness)
tests_vault_test_factor_lock_LDADD = $(vault_libs) $(LDADD)
tests_vault_test_factor_SOURCES = tests/vault/test_factor.c $(factor_harness)
tests_vault_test_factor_LDADD = $(vault_libs) $(LDADD)
tests_vault_test_session_SOURCES = tests/vault/test_session.c $(case_harness)
tests_vault_test_session_LDADD = $(vault_libs) $(LDADD)
unit_tests += tests/vault/test_lookalike tests/vault/test_preview \
	tests/vault/test_comment tests/vault/test_stats
tests_vault_test_stats_SOURCES = tests/vault/test_stats.c $(case_harness)
tests_vault_test_stats_LDADD = $(vault_libs) $(LDADD)
tests_vault_test_lookalike_SOURCES = tests/vault/test_lookalike.c $(case_harness)
tests_vault_test_lookalike_LDADD = $(vault_libs) $(LDADD)
tests_vault_test_preview_SOURCES = tests/vault/test_preview.c $(case_harness)
tests_vault_test_preview_LDADD = $(vault_libs) $(LDADD)
tests_vault_test_comment_SOURCES = tests/vault/test_comment.c $(case_harness)
tests_vault_test_comment_LDADD = $(vault_libs) $(LDADD)
unit_tests += tests/vault/test_watch
tests_vault_test_watch_SOURCES = tests/vault/test_watch.c $(case_harness)
tests_vault_test_watch_LDADD = $(vault_libs) $(LDADD)
unit_tests += tests/vault/test_words_pool
tests_vault_test_words_pool_SOURCES = tests/vault/test_words_pool.c
tests_vault_test_words_pool_LDADD = $(vault_libs) $(LDADD)
unit_tests += tests/vault/test_related tests/vault/test_companion
tests_vault_test_related_SOURCES = tests/vault/test_related.c $(case_harness)
tests_vault_test_related_LDADD = $(vault_libs) $(LDADD)
tests_vault_test_companion_SOURCES = tests/vault/test_companion.c \
	$(case_harness)
tests_vault_test_companion_LDADD = $(vault_libs) $(LDADD)
unit_tests += tests/vault/test_words_saved
tests_vault_test_words_saved_SOURCES = tests/vault/test_words_saved.c \
	$(case_harness)
tests_vault_test_words_saved_LDADD = $(vault_libs) $(LDADD)
visits = tests/vault/visit_harness.c tests/vault/visit_harness.h
visit_harness = $(visits) $(case_harness)
unit_tests += tests/vault/test_link_visit
tests_vault_test_link_visit_SOURCES = tests/vault/test_link_visit.c \
	$(visit_harness)
tests_vault_test_link_visit_LDADD = $(vault_libs) $(LDADD)
unit_tests += tests/vault/test_link_keep
tests_vault_test_link_keep_SOURCES = tests/vault/test_link_keep.c \
	$(visit_harness)
tests_vault_test_link_keep_LDADD = $(vault_libs) $(LDADD)
unit_tests += tests/vault/test_link_times
tests_vault_test_link_times_SOURCES = tests/vault/test_link_times.c \
	$(visit_harness)
tests_vault_test_link_times_LDADD = $(vault_libs) $(LDADD)
unit_tests += tests/vault/test_link_take
tests_vault_test_link_take_SOURCES = tests/vault/test_link_take.c \
	$(visit_harness)
tests_vault_test_link_take_LDADD = $(vault_libs) $(LDADD)
unit_tests += tests/vault/test_link_prove
tests_vault_test_link_prove_SOURCES = tests/vault/test_link_prove.c \
	$(visit_harness)
tests_vault_test_link_prove_LDADD = $(vault_libs) $(LDADD)
unit_tests += tests/vault/test_link_timers tests/vault/test_link_people
tests_vault_test_link_timers_SOURCES = tests/vault/test_link_timers.c \
	$(visit_harness)
tests_vault_test_link_timers_LDADD = $(vault_libs) $(LDADD)
tests_vault_test_link_people_SOURCES = tests/vault/test_link_people.c \
	$(visit_harness)
tests_vault_test_link_people_LDADD = $(vault_libs) $(LDADD)
unit_tests += tests/vault/test_link_rights
tests_vault_test_link_rights_SOURCES = tests/vault/test_link_rights.c \
	$(visit_harness)
tests_vault_test_link_rights_LDADD = $(vault_libs) $(LDADD)
unit_tests += tests/vault/test_link_events
tests_vault_test_link_events_SOURCES = tests/vault/test_link_events.c \
	$(visit_harness)
tests_vault_test_link_events_LDADD = $(vault_libs) $(LDADD)
unit_tests += tests/vault/test_visit_server
tests_vault_test_visit_server_SOURCES = tests/vault/test_visit_server.c \
	$(visit_harness)
tests_vault_test_visit_server_LDADD = $(vault_libs) $(LDADD)
unit_tests += tests/vault/test_link_again
tests_vault_test_link_again_SOURCES = tests/vault/test_link_again.c \
	$(link_harness)
tests_vault_test_link_again_LDADD = $(vault_libs) $(LDADD)
unit_tests += tests/vault/test_link_bounce
tests_vault_test_link_bounce_SOURCES = tests/vault/test_link_bounce.c \
	$(link_harness)
tests_vault_test_link_bounce_LDADD = $(vault_libs) $(LDADD)
unit_tests += tests/vault/test_link_whole
tests_vault_test_link_whole_SOURCES = tests/vault/test_link_whole.c \
	$(visits) $(link_harness)
tests_vault_test_link_whole_LDADD = $(vault_libs) $(LDADD)
unit_tests += tests/vault/test_link_own
tests_vault_test_link_own_SOURCES = tests/vault/test_link_own.c \
	tests/vault/faulty.c tests/vault/faulty.h $(visit_harness)
tests_vault_test_link_own_LDADD = $(vault_libs) $(LDADD)
unit_tests += tests/vault/test_clock_guard
tests_vault_test_clock_guard_SOURCES = tests/vault/test_clock_guard.c \
	$(visit_harness)
tests_vault_test_clock_guard_LDADD = $(vault_libs) $(LDADD)
