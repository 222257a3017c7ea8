# Fixture: a property, a class and a value of our namespace that the ontology does not define.
# The class is used twice and is one row; the property in the shapes graph is no use by the content.
PREFIX bron: <https://w3id.org/wijkengids/id/bron/>
PREFIX koppeling: <https://w3id.org/wijkengids/id/koppeling/>
PREFIX ontgraaf: <https://w3id.org/wijkengids/id/graaf/ontology/>
PREFIX refgraaf: <https://w3id.org/wijkengids/id/graaf/referentie/>
PREFIX vorm: <https://w3id.org/wijkengids/shapes#>
PREFIX sh:   <http://www.w3.org/ns/shacl#>
PREFIX wg:   <https://w3id.org/wijkengids/def#>

INSERT DATA {
  bron:proef-een a wg:ProefKlasse ; wg:proefEigenschap "iets" .
  bron:proef-twee a wg:ProefKlasse .
  koppeling:proef wg:relatie wg:proefRelatie .
  vorm:Proef sh:path wg:proefInVorm .

  GRAPH <https://w3id.org/wijkengids/id/graaf/gids/9.3.2> { bron:proef-een a wg:ProefKlasse ; wg:proefEigenschap "iets" }
  GRAPH refgraaf:bronnen { bron:proef-twee a wg:ProefKlasse }
  GRAPH refgraaf:cbs { koppeling:proef wg:relatie wg:proefRelatie }
  GRAPH ontgraaf:shapes { vorm:Proef sh:path wg:proefInVorm }
}
