# Nobody is programme manager in Poelenburg any more, and the measures do not belong to the programme.
PREFIX inzet: <https://w3id.org/wijkengids/id/inzet/>
PREFIX programma: <https://w3id.org/wijkengids/id/programma/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX wg:   <https://w3id.org/wijkengids/def#>

DELETE WHERE { inzet:programmamanager-poelenburg prov:agent ?partner } ;
DELETE WHERE { GRAPH ?graaf { inzet:programmamanager-poelenburg prov:agent ?partner } } ;
DELETE WHERE { ?maatregel wg:genomenIn programma:ondernemen-in-de-wijk } ;
DELETE WHERE { GRAPH ?graaf { ?maatregel wg:genomenIn programma:ondernemen-in-de-wijk } }
