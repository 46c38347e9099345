# The reader of PDF is a program of its own, since poppler is under the GPL.
if HAVE_POPPLER
pkglibexec_PROGRAMS += sekimori-worker-pdf
endif
EXTRA_PROGRAMS += sekimori-worker-pdf
# What is read without poppler: the fuzz target has it as well.
pdf_own_walk = \
	scanners/pdf/pdf_decode.c \
	scanners/pdf/pdf_decode.h \
	scanners/pdf/pdf_decode_flate.c \
	scanners/pdf/pdf_decode_lzw.c \
	scanners/pdf/pdf_decode_rows.c \
	scanners/pdf/pdf_drawing.c \
	scanners/pdf/pdf_facts.c \
	scanners/pdf/pdf_facts.h \
	scanners/pdf/pdf_file.c \
	scanners/pdf/pdf_file.h \
	scanners/pdf/pdf_fonts.c \
	scanners/pdf/pdf_given.c \
	scanners/pdf/pdf_objects.c \
	scanners/pdf/pdf_streams.c \
	scanners/pdf/pdf_tokens.c \
	scanners/pdf/pdf_tokens.h
sekimori_worker_pdf_SOURCES = \
	scanners/pdf/pdf_alarm.c \
	scanners/pdf/pdf_alarm.h \
	$(pdf_own_walk) \
	scanners/pdf/pdf_errors.c \
	scanners/pdf/pdf_layout.c \
	scanners/pdf/pdf_main.c \
	scanners/pdf/pdf_page.c \
	scanners/pdf/pdf_read.c \
	scanners/pdf/pdf_read.h \
	scanners/pdf/pdf_sink.c \
	scanners/pdf/pdf_sink.h \
	scanners/pdf/pdf_warm.c \
	scanners/pdf/pdf_warm.h \
	scanners/worker/remote.h \
	scanners/worker/remote_messages.c \
	scanners/worker/worker_life.c \
	scanners/worker/worker_life.h \
	scanners/worker/worker_messages.c \
	scanners/worker/worker_note.c \
	scanners/worker/worker_note.h \
	scanners/worker/worker_template.c \
	scanners/worker/worker_template.h
# Its header comes first: it has a member of a name that banned.h poisons.
sekimori_worker_pdf_CPPFLAGS = $(POPPLER_CFLAGS) -include poppler.h $(AM_CPPFLAGS)
sekimori_worker_pdf_CFLAGS = $(AM_CFLAGS)
sekimori_worker_pdf_LDADD = scanners/libreaders.a scanners/libscanclient.a \
	lib/libsandbox.a lib/libproc.a lib/libreport.a lib/libwire.a \
	lib/libbase.a $(SECCOMP_LIBS) $(POPPLER_LIBS) $(ARCHIVE_LIBS) -lm
