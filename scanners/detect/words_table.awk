# Make the table of labels from conf/words/*.conf: the kind is the file's
# name. A worker has no files, so the words are compiled in.
BEGIN { print "/* Made by words_table.awk from conf/words; do not edit. */" }
{ sub(/\r$/, ""); sub(/[ \t]+$/, "") }
/^#/ || /^$/ { next }
{
	kind = FILENAME; sub(/.*\//, "", kind); sub(/\.conf$/, "", kind)
	place = "LABEL_ANYWHERE"
	if (sub(/^!/, "")) kind = "weak"
	if (sub(/^=/, "")) place = "LABEL_TOUCHING"
	gsub(/["\\]/, "\\\\&")
	printf "{ LABEL_%s, %s, \"%s\" },\n", toupper(kind), place, $0
}
