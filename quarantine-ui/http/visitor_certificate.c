#include "quarantine-ui/http/visitor_certificate.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdint.h>

bool
visitor_certificate_holds(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
	gnutls_typed_vdata_st use = {
		.type = GNUTLS_DT_KEY_PURPOSE_OID,
		.data = (unsigned char *)(uintptr_t)GNUTLS_KP_TLS_WWW_CLIENT,
	};
	unsigned faults = 0;

	if (info == NULL || info->tls_session == NULL)
		return false;
	return gnutls_certificate_verify_peers(info->tls_session, &use, 1,
					       &faults) == GNUTLS_E_SUCCESS &&
	       faults == 0;
}
