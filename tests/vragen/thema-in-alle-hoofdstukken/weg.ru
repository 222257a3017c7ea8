# Youth nuisance is no longer a theme below safety, so page 10.8 and one figure of page 10.2 drop out.
PREFIX begrip: <https://w3id.org/wijkengids/id/begrip/>
PREFIX skos:   <http://www.w3.org/2004/02/skos/core#>

DELETE WHERE { begrip:jeugdoverlast skos:broader begrip:veiligheid } ;
DELETE WHERE { GRAPH ?graaf { begrip:jeugdoverlast skos:broader begrip:veiligheid } }
