# Fixture: page 11.4 defines a concept that page 11.8 defines too, and attributes it to OTB. In the guide as it was read
# no two pages define the same concept.
PREFIX begrip:      <https://w3id.org/wijkengids/id/begrip/>
PREFIX dcterms:     <http://purl.org/dc/terms/>
PREFIX definitie:   <https://w3id.org/wijkengids/id/definitie/>
PREFIX organisatie: <https://w3id.org/wijkengids/id/organisatie/>
PREFIX rdfs:        <http://www.w3.org/2000/01/rdf-schema#>
PREFIX wg:          <https://w3id.org/wijkengids/def#>

INSERT DATA {
  definitie:proef-wijkonderneming wg:definieert begrip:wijkonderneming ;
    rdfs:label "Proef: wijkonderneming als vorm van zeggenschap"@nl , "Trial: community enterprise as a form of control"@en ;
    dcterms:description "Een vorm van zeggenschap voor bewoners."@nl , "A form of control for residents."@en ;
    wg:volgens organisatie:otb ;
    wg:blijktUit <https://w3id.org/wijkengids/id/gidsartikel/11.4> .
  GRAPH <https://w3id.org/wijkengids/id/graaf/gids/11.4> {
  definitie:proef-wijkonderneming wg:definieert begrip:wijkonderneming ;
    rdfs:label "Proef: wijkonderneming als vorm van zeggenschap"@nl , "Trial: community enterprise as a form of control"@en ;
    dcterms:description "Een vorm van zeggenschap voor bewoners."@nl , "A form of control for residents."@en ;
    wg:volgens organisatie:otb ;
    wg:blijktUit <https://w3id.org/wijkengids/id/gidsartikel/11.4>
  }
}
