// What a script was given, from memory: nothing is fetched, and what was not given is not there.
const MULTIKEY = 'https://w3id.org/security/multikey/v1';

// The document loader of `given`, [address, document] pairs, and of the issuers' DID documents with each of their keys.
export function loaderOf(given, issuers) {
  const documents = new Map(given);
  for(const issuer of issuers) {
    documents.set(issuer.id, issuer);
    for(const method of issuer.verificationMethod) {
      documents.set(method.id, {'@context': MULTIKEY, ...method});
    }
  }
  return async function documentLoader(url) {
    if(!documents.has(url)) {
      throw new Error(`${url} was not given`);
    }
    return {contextUrl: null, documentUrl: url, document: documents.get(url)};
  };
}
