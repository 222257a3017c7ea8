# Fixture: one measure meets both needs of the entrepreneurs, and another meets one of them.
# A need of another party, met as well, must not be found.
PREFIX behoefte: <https://w3id.org/wijkengids/id/behoefte/>
PREFIX maatregel: <https://w3id.org/wijkengids/id/maatregel/>
PREFIX partijgroep: <https://w3id.org/wijkengids/id/partijgroep/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX wg:   <https://w3id.org/wijkengids/def#>

INSERT DATA {
  maatregel:proef-bedrijfsverzamelgebouw a wg:Maatregel ;
    rdfs:label "Proef: bedrijfsverzamelgebouw met begeleiding"@nl , "Trial: business centre with guidance"@en ;
    wg:voorzietIn behoefte:betere-begeleiding , behoefte:geschikte-huisvesting .
  maatregel:proef-spreekuur a wg:Maatregel ;
    rdfs:label "Proef: spreekuur voor ondernemers"@nl , "Trial: consulting hour for entrepreneurs"@en ;
    wg:voorzietIn behoefte:betere-begeleiding , behoefte:proef-van-corporaties .
  behoefte:proef-van-corporaties a wg:Behoefte ;
    rdfs:label "Proef: behoefte van corporaties"@nl , "Trial: need of housing associations"@en ;
    wg:vanPartij partijgroep:corporaties .

  GRAPH <https://w3id.org/wijkengids/id/graaf/gids/9.3.2> {
    maatregel:proef-bedrijfsverzamelgebouw a wg:Maatregel ;
      rdfs:label "Proef: bedrijfsverzamelgebouw met begeleiding"@nl , "Trial: business centre with guidance"@en ;
      wg:voorzietIn behoefte:betere-begeleiding , behoefte:geschikte-huisvesting .
    maatregel:proef-spreekuur a wg:Maatregel ;
      rdfs:label "Proef: spreekuur voor ondernemers"@nl , "Trial: consulting hour for entrepreneurs"@en ;
      wg:voorzietIn behoefte:betere-begeleiding , behoefte:proef-van-corporaties .
    behoefte:proef-van-corporaties a wg:Behoefte ;
      rdfs:label "Proef: behoefte van corporaties"@nl , "Trial: need of housing associations"@en ;
      wg:vanPartij partijgroep:corporaties .
  }
}
