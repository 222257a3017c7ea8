# Chapter 15 is no longer part of the guide, and page 7.6 has been read as a whole.
PREFIX begrip:      <https://w3id.org/wijkengids/id/begrip/>
PREFIX gidsartikel: <https://w3id.org/wijkengids/id/gidsartikel/>
PREFIX wg:          <https://w3id.org/wijkengids/def#>

DELETE WHERE { gidsartikel:15 wg:onderdeelVan ?geheel } ;
DELETE WHERE { GRAPH ?graaf { gidsartikel:15 wg:onderdeelVan ?geheel } } ;
DELETE WHERE { <https://w3id.org/wijkengids/id/gidsartikel/7.6> wg:gelezen ?stand } ;
DELETE WHERE { GRAPH ?graaf { <https://w3id.org/wijkengids/id/gidsartikel/7.6> wg:gelezen ?stand } } ;
INSERT DATA {
  <https://w3id.org/wijkengids/id/gidsartikel/7.6> wg:gelezen begrip:geheel-gelezen .
  GRAPH <https://w3id.org/wijkengids/id/graaf/gids/7.6> { <https://w3id.org/wijkengids/id/gidsartikel/7.6> wg:gelezen begrip:geheel-gelezen }
}
