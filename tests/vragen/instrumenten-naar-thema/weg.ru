# Page 10.8 no longer advises any instrument.
PREFIX wg: <https://w3id.org/wijkengids/def#>

DELETE { ?toepassing wg:instrument ?instrument }
WHERE  { ?toepassing wg:instrument ?instrument ; wg:blijktUit <https://w3id.org/wijkengids/id/gidsartikel/10.8> } ;
DELETE { GRAPH ?graaf { ?toepassing wg:instrument ?instrument } }
WHERE  { GRAPH ?graaf { ?toepassing wg:instrument ?instrument ; wg:blijktUit <https://w3id.org/wijkengids/id/gidsartikel/10.8> } }
