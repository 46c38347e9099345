// The code of a link in a notice stands behind '#', which no server and no
// proxy sees. It is put into the form; a person still has to press the button,
// so a scanner that opens links uses nothing up.
(function () {
	"use strict";
	var field = document.getElementById("code");
	var code = decodeURIComponent(location.hash.slice(1));
	if (!field || !/^[0-9A-Za-z -]{8,64}$/.test(code)) {
		return;
	}
	field.value = code;
	history.replaceState(null, "", location.pathname);
	document.body.classList.add("has-code");
	document.getElementById("enter").focus();
})();
