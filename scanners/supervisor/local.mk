pkglibexec_PROGRAMS += sekimori-scanner
sekimori_scanner_SOURCES = \
	scanners/main.c \
	scanners/supervisor/client.c \
	scanners/supervisor/client.h \
	scanners/supervisor/job_answer.c \
	scanners/supervisor/lender.c \
	scanners/supervisor/lender.h \
	scanners/supervisor/loop.c \
	scanners/supervisor/loop.h \
	scanners/supervisor/loss.c \
	scanners/supervisor/loss.h \
	scanners/supervisor/pool.c \
	scanners/supervisor/pool.h \
	scanners/supervisor/seat.c \
	scanners/supervisor/seat.h \
	scanners/supervisor/supervisor.c \
	scanners/supervisor/supervisor.h \
	scanners/supervisor/supervisor_pools.c \
	scanners/supervisor/supervisor_pools.h \
	scanners/supervisor/template.c \
	scanners/supervisor/template.h \
	scanners/worker/worker_alarm.h \
	scanners/worker/worker_messages.c \
	scanners/worker/worker_messages.h \
	scanners/worker/worker_note.h \
	scanners/worker/worker_note_read.c
sekimori_scanner_LDADD = scanners/libscanclient.a lib/libproc.a \
	$(config_libs) lib/libreport.a lib/libwire.a lib/libbase.a -lm
