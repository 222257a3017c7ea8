# On top of extra.ru: page 4.9 gives one definition only.
PREFIX definitie: <https://w3id.org/wijkengids/id/definitie/>
PREFIX wg:        <https://w3id.org/wijkengids/def#>

DELETE WHERE { definitie:burger-centraal-problemen-als-vertrekpunt wg:definieert ?begrip } ;
DELETE WHERE { GRAPH ?graaf { definitie:burger-centraal-problemen-als-vertrekpunt wg:definieert ?begrip } }
