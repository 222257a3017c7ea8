# The year of the report is no longer known; a second report, without publisher, is newer.
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rapport: <https://w3id.org/wijkengids/id/rapport/>
PREFIX refgraaf: <https://w3id.org/wijkengids/id/graaf/referentie/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX wg:   <https://w3id.org/wijkengids/def#>
PREFIX xsd:  <http://www.w3.org/2001/XMLSchema#>

DELETE WHERE { rapport:niet-daar-maar-hier dcterms:issued ?jaar } ;
DELETE WHERE { GRAPH ?graaf { rapport:niet-daar-maar-hier dcterms:issued ?jaar } } ;
INSERT DATA {
  rapport:proefrapport a wg:Rapport ;
    rdfs:label "Proefrapport"@nl , "Trial report"@en ;
    dcterms:issued "2014"^^xsd:gYear .
  GRAPH refgraaf:rapporten {
    rapport:proefrapport a wg:Rapport ;
      rdfs:label "Proefrapport"@nl , "Trial report"@en ;
      dcterms:issued "2014"^^xsd:gYear .
  }
}
