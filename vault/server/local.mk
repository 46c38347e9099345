vault_server_sources = \
	vault/server/connections.c \
	vault/server/connections.h \
	vault/server/core.c \
	vault/server/core.h \
	vault/server/dispatch.c \
	vault/server/dispatch.h \
	vault/server/handle.h \
	vault/server/handle_cases.c \
	vault/server/handle_courier.c \
	vault/server/handle_export.c \
	vault/server/handle_links.c \
	vault/server/handle_milter.c \
	vault/server/handle_people.c \
	vault/server/handle_session.c \
	vault/server/handle_store.c \
	vault/server/handle_upkeep.c \
	vault/server/handle_visits.c \
	vault/server/readers.c \
	vault/server/readers.h \
	vault/server/request.c \
	vault/server/request.h \
	vault/server/server.c \
	vault/server/server.h \
	vault/server/setup.c \
	vault/server/setup.h \
	vault/server/writer.c \
	vault/server/writer.h
