# The administrators of partners are no longer part of the administrators.
PREFIX partijgroep: <https://w3id.org/wijkengids/id/partijgroep/>
PREFIX wg:          <https://w3id.org/wijkengids/def#>

DELETE WHERE { partijgroep:bestuurders-van-partners wg:onderdeelVan partijgroep:bestuurders } ;
DELETE WHERE { GRAPH ?graaf { partijgroep:bestuurders-van-partners wg:onderdeelVan partijgroep:bestuurders } }
