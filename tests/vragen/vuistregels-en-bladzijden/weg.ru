# Page 13.8 no longer works a rule out, and the twelfth rule is no longer a rule.
PREFIX vuistregel: <https://w3id.org/wijkengids/id/vuistregel/>
PREFIX wg:         <https://w3id.org/wijkengids/def#>

DELETE WHERE { <https://w3id.org/wijkengids/id/gidsartikel/13.8> wg:werktUit ?vuistregel } ;
DELETE WHERE { GRAPH ?graaf { <https://w3id.org/wijkengids/id/gidsartikel/13.8> wg:werktUit ?vuistregel } } ;
DELETE WHERE { vuistregel:gemeente-naar-de-leefwereld wg:rang ?rang } ;
DELETE WHERE { GRAPH ?graaf { vuistregel:gemeente-naar-de-leefwereld wg:rang ?rang } }
