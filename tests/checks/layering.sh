#!/bin/sh
# Every #include points down: lib <- {scanners, vault, milter, courier,
# quarantine-ui, cli}; inside lib, base <- wire <- report <- the rest; of each
# other, programs see only scanners/client/ and vault/client/, and the cli
# courier/notices/. Every foreign library is touched by one place only.
set -eu
cd "${top_srcdir:-.}"

# shellcheck disable=SC2016 # the program is awk's
find lib scanners vault milter courier quarantine-ui cli -name '*.[ch]' | sort | xargs awk '
BEGIN {
	sees["milter", "scanners"] = sees["courier", "scanners"] = 1
	sees["cli", "scanners"] = 1
	sees["milter", "vault"] = sees["courier", "vault"] = 1
	sees["quarantine-ui", "vault"] = sees["cli", "vault"] = 1
	# Inside lib: which folder may include which other.
	lib["wire", "base"] = lib["report", "base"] = lib["report", "wire"] = 1
	lib["proc", "base"] = lib["crypto", "base"] = lib["i18n", "base"] = 1
	lib["words", "base"] = lib["words", "report"] = lib["words", "wire"] = 1
	lib["config", "words"] = 1
	lib["config", "base"] = lib["config", "report"] = lib["config", "wire"] = 1
	# Header of a foreign library, and the one place that may include it.
	place["libmilter/"] = "milter/glue_libmilter."
	place["microhttpd.h"] = "quarantine-ui/http/"
	place["gnutls/"] = "quarantine-ui/http/visitor_certificate."
	place["jansson.h"] = "quarantine-ui/api/ cli/ vault/audit/"
	place["sqlite3.h"] = "vault/store/sqlite"
	place["libpq-fe.h"] = "vault/store/postgres."
	place["seccomp.h"] = "lib/proc/sandbox_seccomp."
	place["linux/landlock.h"] = "lib/proc/sandbox_landlock."
	place["confuse.h"] = "lib/config/"
	place["pcre2.h"] = "lib/config/policy_pattern. lib/words/words_match."
	place["openssl/"] = "lib/crypto/ courier/smtp/tls."
	place["argon2.h"] = "lib/crypto/"
	place["archive.h"] = "scanners/readers/ scanners/locks/lock_7z."
	place["archive_entry.h"] = "scanners/readers/ scanners/locks/lock_7z."
	place["zlib.h"] = "scanners/readers/ scanners/locks/ scanners/pdf/pdf_decode_flate."
	place["expat.h"] = "scanners/readers/"
	place["magic.h"] = "scanners/readers/"
	place["poppler"] = place["cairo.h"] = "scanners/pdf/"
}
function bad(why) { printf "%s:%d: %s: %s\n", FILENAME, FNR, why, $0; failed = 1 }
function foreign(header,    h, i, n, places, ok) {
	for (h in place) {
		if (index(header, h) != 1)
			continue
		n = split(place[h], places, " "); ok = 0
		for (i = 1; i <= n; i++)
			if (index(FILENAME, places[i]) == 1)
				ok = 1
		if (!ok)
			bad("only " place[h] " may include " h)
	}
}
FNR == 1 { top = FILENAME; sub("/.*", "", top); split(FILENAME, piece, "/"); sub_folder = piece[2] }
/^[ \t]*#[ \t]*include "/ {
	split($0, part, "\""); path = part[2]
	to = path; sub("/.*", "", to)
	split(path, piece, "/")
	if (top == "lib") {
		if (to != "lib" || !(piece[2] == sub_folder || ((sub_folder, piece[2]) in lib)))
			bad("points up or sideways")
		next
	}
	if (top == "vault" && sub_folder == "client" && to == "vault" && piece[2] != "client")
		bad("the client library may not see the vault")
	if (top == "scanners" && sub_folder == "client" && to == "scanners" && piece[2] != "client")
		bad("the client library may not see the scanner")
	# What unlocks is used by those who read and by those who try.
	if (top == "scanners" && sub_folder == "ciphers" && to == "scanners" && piece[2] != "ciphers" && piece[2] != "text")
		bad("ciphers know neither readers nor locks")
	if (top == "scanners" && sub_folder == "readers" && to == "scanners" && piece[2] == "locks")
		bad("readers do not know who tries passwords")
	if (to == top || to == "lib")
		next
	if ((top, to) in sees && index(path, to "/client/") == 1)
		next
	# What a notice is: the cli shows it, the courier sends it. The doctor
	# speaks TLS as the courier does.
	if (top == "cli" && index(path, "courier/notices/") == 1)
		next
	if (top == "cli" && path == "courier/smtp/tls.h")
		next
	bad("points up or sideways")
}
/^[ \t]*#[ \t]*include </ {
	split($0, part, /[<>]/)
	foreign(part[2])
}
END { exit failed }'
