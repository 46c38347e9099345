noinst_LIBRARIES += scanners/liblocks.a
scanners_liblocks_a_SOURCES = \
	scanners/locks/deflate_probe.c \
	scanners/locks/deflate_probe.h \
	scanners/locks/known_password.c \
	scanners/locks/known_password.h \
	scanners/locks/known_plain.c \
	scanners/locks/known_plain.h \
	scanners/locks/known_reduce.c \
	scanners/locks/known_reduce.h \
	scanners/locks/known_round.c \
	scanners/locks/known_round.h \
	scanners/locks/known_round_avx2.c \
	scanners/locks/known_round_avx512.c \
	scanners/locks/known_run.c \
	scanners/locks/known_run.h \
	scanners/locks/known_search.c \
	scanners/locks/known_search.h \
	scanners/locks/lock.c \
	scanners/locks/lock.h \
	scanners/locks/lock_7z.c \
	scanners/locks/lock_formats.h \
	scanners/locks/lock_guess.c \
	scanners/locks/lock_guess.h \
	scanners/locks/lock_odf.c \
	scanners/locks/lock_office.c \
	scanners/locks/lock_pdf.c \
	scanners/locks/lock_rar.c \
	scanners/locks/lock_zip.c \
	scanners/locks/lock_search.c \
	scanners/locks/lock_search.h \
	scanners/locks/mask.c \
	scanners/locks/mask.h \
	scanners/locks/pdf_encrypt.c \
	scanners/locks/pdf_encrypt.h \
	scanners/locks/pdf_lanes.c \
	scanners/locks/pdf_lanes.h \
	scanners/locks/pdf_password.c \
	scanners/locks/pdf_password.h \
	scanners/locks/pdf_token.c \
	scanners/locks/pdf_token.h \
	scanners/locks/unlock_any.c \
	scanners/locks/unlock_any.h \
	scanners/locks/unlock_known.c \
	scanners/locks/unlock_known.h \
	scanners/locks/search_masks.def \
	scanners/locks/unlock_run.c \
	scanners/locks/unlock_run.h \
	scanners/locks/word_forms.c \
	scanners/locks/word_forms.h \
	scanners/locks/words_anchor.c \
	scanners/locks/words_anchor.h \
	scanners/locks/words_anchors.def \
	scanners/locks/words_before.c \
	scanners/locks/words_before.h \
	scanners/locks/words_common.def \
	scanners/locks/words_cursor.c \
	scanners/locks/words_cursor.h \
	scanners/locks/words_dates.c \
	scanners/locks/words_dates.h \
	scanners/locks/words_fold.c \
	scanners/locks/words_fold.h \
	scanners/locks/words_give.c \
	scanners/locks/words_give.h \
	scanners/locks/words_items.c \
	scanners/locks/words_items.h \
	scanners/locks/words_kana.c \
	scanners/locks/words_kana.h \
	scanners/locks/words_list.c \
	scanners/locks/words_list.h \
	scanners/locks/words_mail.c \
	scanners/locks/words_mail.h \
	scanners/locks/words_parts.c \
	scanners/locks/words_parts.h \
	scanners/locks/words_rank.c \
	scanners/locks/words_rank.h \
	scanners/locks/words_table.c \
	scanners/locks/words_table.h \
	scanners/locks/words_token.c \
	scanners/locks/words_token.h \
	scanners/locks/words_value.c \
	scanners/locks/words_value.h \
	scanners/locks/zip_lock.c \
	scanners/locks/zip_lock.h \
	scanners/locks/zip_other.c \
	scanners/locks/zip_other.h \
	scanners/locks/zip_search.c \
	scanners/locks/zip_search.h \
	scanners/locks/zip_seed.c \
	scanners/locks/zip_seed.h \
	scanners/locks/zip_survivors.c \
	scanners/locks/zip_survivors.h \
	scanners/locks/zipcrypto_round.c \
	scanners/locks/zipcrypto_round.h \
	scanners/locks/zipcrypto_round_avx2.c \
	scanners/locks/zipcrypto_round_gfni.c

pkglibexec_PROGRAMS += sekimori-worker-unlock
sekimori_worker_unlock_SOURCES = \
	scanners/locks/unlock_main.c \
	scanners/worker/worker_life.c \
	scanners/worker/worker_life.h \
	scanners/worker/worker_messages.c \
	scanners/worker/worker_messages.h \
	scanners/worker/worker_note.c \
	scanners/worker/worker_note.h
sekimori_worker_unlock_LDADD = scanners/liblocks.a scanners/libreaders.a \
	scanners/libscanclient.a lib/libsandbox.a lib/libproc.a \
	lib/libreport.a lib/libwire.a lib/libbase.a $(SECCOMP_LIBS) $(ARCHIVE_LIBS) \
	-lm
