# On top of extra.ru: the trial class is defined now, the trial property is used no more, and a measure meets a need.
# wg:gerichtAan loses its last use, and stays in the dataset as a defined term only.
PREFIX behoefte: <https://w3id.org/wijkengids/id/behoefte/>
PREFIX maatregel: <https://w3id.org/wijkengids/id/maatregel/>
PREFIX ontgraaf: <https://w3id.org/wijkengids/id/graaf/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX wg:   <https://w3id.org/wijkengids/def#>

INSERT DATA {
  wg:ProefKlasse rdfs:isDefinedBy <https://w3id.org/wijkengids/def> .
  maatregel:programmamanager-per-wijk wg:voorzietIn behoefte:betere-begeleiding .
  GRAPH ontgraaf:wijkengids { wg:ProefKlasse rdfs:isDefinedBy <https://w3id.org/wijkengids/def> }
  GRAPH <https://w3id.org/wijkengids/id/graaf/gids/9.3.2> { maatregel:programmamanager-per-wijk wg:voorzietIn behoefte:betere-begeleiding }
} ;
DELETE WHERE { ?onderwerp wg:proefEigenschap ?waarde } ;
DELETE WHERE { GRAPH ?graaf { ?onderwerp wg:proefEigenschap ?waarde } } ;
DELETE WHERE { ?bevinding wg:gerichtAan ?partner } ;
DELETE WHERE { GRAPH ?graaf { ?bevinding wg:gerichtAan ?partner } }
