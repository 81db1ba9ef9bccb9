/** What Node says where it doesn't trust a server. https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const untrusted: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/**
 * What to do where a connection failed because the certificate's authority is not trusted, as behind a private one. Null
 * where it failed for another reason.
 */
export function adviseOnCertificate(error: unknown): string | null {
  for (let each = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth += 1) {
    if ('code' in each && typeof each.code === 'string' && untrusted.has(each.code)) return advice;
  }
  return null;
}

const advice =
  "name the file of the authority's certificate in NODE_EXTRA_CA_CERTS, and for git in GIT_SSL_CAINFO, and start Baton anew";
