# The goal of greater visibility moves from the programme to the approach in one wijk: it is shared no more.
PREFIX doel: <https://w3id.org/wijkengids/id/doel/>
PREFIX wg:   <https://w3id.org/wijkengids/def#>
PREFIX wijkaanpak: <https://w3id.org/wijkengids/id/wijkaanpak/>

DELETE WHERE { ?activiteit wg:heeftDoel doel:zichtbaarheid-vergroten } ;
DELETE WHERE { GRAPH ?graaf { ?activiteit wg:heeftDoel doel:zichtbaarheid-vergroten } } ;
INSERT DATA {
  wijkaanpak:ondernemen-in-de-wijk-poelenburg wg:heeftDoel doel:zichtbaarheid-vergroten .
  GRAPH <https://w3id.org/wijkengids/id/graaf/gids/9.3.2> { wijkaanpak:ondernemen-in-de-wijk-poelenburg wg:heeftDoel doel:zichtbaarheid-vergroten }
}
