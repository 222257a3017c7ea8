# The wijkaanpak of Poelenburg is no longer carried out there.
PREFIX wg:   <https://w3id.org/wijkengids/def#>
PREFIX wijk: <https://w3id.org/wijkengids/id/wijk/>

DELETE WHERE { ?wijkaanpak wg:voertUitIn wijk:poelenburg } ;
DELETE WHERE { GRAPH ?graaf { ?wijkaanpak wg:voertUitIn wijk:poelenburg } }
