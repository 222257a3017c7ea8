# Crabbehof is no longer linked to its area of 2022; the inhabitants of Poelenburg are not published;
# of the municipality of Arnhem there are no figures.
PREFIX cbs:  <https://w3id.org/wijkengids/id/cbs/>
PREFIX wg:   <https://w3id.org/wijkengids/def#>

DELETE WHERE { ?koppeling wg:gebied cbs:2022WK050508 ; wg:relatie ?relatie } ;
DELETE WHERE { GRAPH ?graaf { ?koppeling wg:gebied cbs:2022WK050508 ; wg:relatie ?relatie } } ;

DELETE { ?waarneming wg:inwoners ?inwoners }
WHERE  { ?waarneming wg:gebied cbs:2022WK047912 ; wg:inwoners ?inwoners } ;
DELETE { GRAPH ?graaf { ?waarneming wg:inwoners ?inwoners } }
WHERE  { GRAPH ?graaf { ?waarneming wg:gebied cbs:2022WK047912 ; wg:inwoners ?inwoners } } ;

DELETE WHERE { ?waarneming wg:gebied cbs:2022GM0202 } ;
DELETE WHERE { GRAPH ?graaf { ?waarneming wg:gebied cbs:2022GM0202 } }
