# A source says that the inventory was taken in the approach of Poelenburg.
PREFIX maatregel: <https://w3id.org/wijkengids/id/maatregel/>
PREFIX wg:   <https://w3id.org/wijkengids/def#>
PREFIX wijkaanpak: <https://w3id.org/wijkengids/id/wijkaanpak/>

INSERT DATA {
  maatregel:inventarisatie-onder-ondernemers wg:genomenIn wijkaanpak:ondernemen-in-de-wijk-poelenburg .
  GRAPH <https://w3id.org/wijkengids/id/graaf/gids/9.3.2> {
    maatregel:inventarisatie-onder-ondernemers wg:genomenIn wijkaanpak:ondernemen-in-de-wijk-poelenburg
  }
}
