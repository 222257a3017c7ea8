# The period ends in 2009, so that nothing runs in 2010.
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX periode: <https://w3id.org/wijkengids/id/periode/>
PREFIX xsd:  <http://www.w3.org/2001/XMLSchema#>

DELETE { periode:2008-2012 dcat:endDate ?einde }
INSERT { periode:2008-2012 dcat:endDate "2009-12-31"^^xsd:date }
WHERE  { periode:2008-2012 dcat:endDate ?einde } ;

DELETE { GRAPH ?graaf { periode:2008-2012 dcat:endDate ?einde } }
INSERT { GRAPH ?graaf { periode:2008-2012 dcat:endDate "2009-12-31"^^xsd:date } }
WHERE  { GRAPH ?graaf { periode:2008-2012 dcat:endDate ?einde } }
