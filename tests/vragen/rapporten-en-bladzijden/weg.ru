# No page refers to Werk aan de wijk any more.
PREFIX rapport: <https://w3id.org/wijkengids/id/rapport/>
PREFIX wg:      <https://w3id.org/wijkengids/def#>

DELETE WHERE { ?artikel wg:verwijstNaar rapport:werk-aan-de-wijk } ;
DELETE WHERE { GRAPH ?graaf { ?artikel wg:verwijstNaar rapport:werk-aan-de-wijk } }
