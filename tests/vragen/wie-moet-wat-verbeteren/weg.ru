# The municipalities are no longer called upon.
PREFIX partijgroep: <https://w3id.org/wijkengids/id/partijgroep/>
PREFIX wg:   <https://w3id.org/wijkengids/def#>

DELETE WHERE { ?verbeterpunt wg:gerichtAan partijgroep:gemeenten } ;
DELETE WHERE { GRAPH ?graaf { ?verbeterpunt wg:gerichtAan partijgroep:gemeenten } }
