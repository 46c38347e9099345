noinst_LIBRARIES += scanners/libengine.a
scanners_libengine_a_SOURCES = \
	scanners/worker/engine.c \
	scanners/worker/engine.h \
	scanners/worker/engine_budget.c \
	scanners/worker/engine_budget.h \
	scanners/worker/engine_list.c \
	scanners/worker/engine_path.c \
	scanners/worker/engine_path.h \
	scanners/worker/engine_record.c \
	scanners/worker/engine_sink.c \
	scanners/worker/engine_state.h \
	scanners/worker/engine_sweep.c \
	scanners/worker/engine_sweep.h
