# A source says that the inventory was taken in the approach of Poelenburg, and a measure of page 3.3 in Klarendal.
PREFIX maatregel: <https://w3id.org/wijkengids/id/maatregel/>
PREFIX wg:   <https://w3id.org/wijkengids/def#>
PREFIX wijk: <https://w3id.org/wijkengids/id/wijk/>
PREFIX wijkaanpak: <https://w3id.org/wijkengids/id/wijkaanpak/>

INSERT DATA {
  maatregel:inventarisatie-onder-ondernemers wg:genomenIn wijkaanpak:ondernemen-in-de-wijk-poelenburg .
  maatregel:sociale-contacten-bevorderen-omslagpunten wg:waar wijk:klarendal .
  GRAPH <https://w3id.org/wijkengids/id/graaf/gids/9.3.2> {
    maatregel:inventarisatie-onder-ondernemers wg:genomenIn wijkaanpak:ondernemen-in-de-wijk-poelenburg
  }
  GRAPH <https://w3id.org/wijkengids/id/graaf/gids/3.3> {
    maatregel:sociale-contacten-bevorderen-omslagpunten wg:waar wijk:klarendal
  }
}
